package run

import (
	"context"
	"errors"
	"slices"
	"time"

	"vmqbot/ops"
)

// undoTime bounds one undo; it runs even when the caller's context has ended,
// because a half-done plan is worse than a late answer.
const undoTime = 2 * time.Minute

// stop ends the run with err: what was begun and is not final is undone in
// reverse, and the first undo that goes wrong ends that. With the lock gone
// nothing is undone, because somebody else may already be changing the node.
// With the outcome of a step unknown only that is undone which keeps clients
// away, because undoing a guess is a guess.
func (x *execution) stop(ctx context.Context, err error) error {
	var lost *ops.LockLost
	if errors.As(err, &lost) {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	for _, d := range slices.Backward(x.tried) {
		if d.step.Undo == nil || (ops.CodeOf(err) == ops.Unseen && !d.step.StopOnly) {
			continue
		}
		undoErr := x.undo(ctx, d)
		if undoErr == nil {
			undoErr = x.restore(ctx, d)
		}
		if undoErr != nil {
			return errors.Join(err, undoErr)
		}
	}
	return err
}

// settle makes what was done on a node before a final step stay.
func (x *execution) settle(final ops.Step) {
	x.tried = slices.DeleteFunc(x.tried, func(d triedStep) bool { return d.step.Node == final.Node && !d.step.Around })
}

// restore makes what an undo brought back serve again, and proves it.
func (x *execution) restore(ctx context.Context, d triedStep) error {
	for _, s := range d.step.Restore {
		x.undone++
		o := x.step(ctx, len(x.plan.Steps)+x.undone, s)
		err := errors.Join(o.err, x.save(ctx, o.rec))
		if s.MayFail && o.tried && ops.CodeOf(err) == ops.Failed {
			continue
		}
		if err != nil {
			return &ops.Error{Code: ops.Failed, Msg: "What was undone (" + d.step.Title + ") does not serve again.", Fix: "diagnose " + s.Node, Cause: err}
		}
	}
	return nil
}

// undo is journaled under a number of its own, after those of the steps: what
// the step itself left stays readable.
func (x *execution) undo(ctx context.Context, d triedStep) error {
	ctx, cancel := context.WithTimeout(ctx, undoTime)
	defer cancel()
	x.undone++
	rec := ops.StepRecord{
		Op: x.op.ID, Seq: len(x.plan.Steps) + x.undone, Node: d.step.Node, Title: "Undo: " + d.step.Title, Do: d.step.Undo.String(),
		State: ops.Undoing, Started: x.Clock.Now(),
	}
	if err := x.fence(ctx); err != nil {
		return err
	}
	if err := x.save(ctx, rec); err != nil {
		return err
	}
	x.say(ops.Event{Kind: ops.StepNow, Step: d.seq, Title: d.step.Title, Node: d.step.Node, State: ops.Undoing, Text: d.step.Undo.String()})
	output, err := x.do(ctx, d.seq, d.step.Node, d.step.Undo)
	rec.State, rec.Digest, rec.Ended = ops.Undone, digest(output), x.Clock.Now()
	if err != nil {
		rec.State, rec.Reason = ops.Broken, err.Error()
		err = &ops.Error{Code: ops.Failed, Msg: "Undoing step (" + d.step.Title + ") went wrong as well.", Fix: "diagnose " + d.step.Node, Cause: err}
	}
	x.say(ops.Event{Kind: ops.StepNow, Step: d.seq, Title: d.step.Title, Node: d.step.Node, State: rec.State, Text: rec.Reason})
	return errors.Join(err, x.save(ctx, rec))
}
