package run

import (
	"context"
	"errors"
	"slices"
	"time"

	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
)

// undoTime bounds one undo; it runs even when the caller's context has ended,
// because a half-done plan is worse than a late answer.
const undoTime = 2 * time.Minute

// stop ends the run with err: what was begun and is not final is undone in
// reverse, and the first undo that goes wrong ends that, unless it leaves
// nothing but litter. With the lock gone
// nothing is undone, because somebody else may already be changing the node.
// With the outcome of a step unknown the host must be seen again first, as one
// that restarts will be; until then only that is undone which keeps clients
// away, because undoing a guess is a guess.
func (x *execution) stop(ctx context.Context, err error) error {
	x.rest, x.foreseen = nil, 0
	var lost *ops.LockLost
	if errors.As(err, &lost) {
		return err
	}
	var dark *ops.LockDark
	ctx = context.WithoutCancel(ctx)
	blind := ops.CodeOf(err) == ops.Unseen && !x.seenAgain(ctx, errors.As(err, &dark))
	var litter error
	for _, d := range slices.Backward(x.tried) {
		if d.step.Undo == nil || (blind && !d.step.StopOnly) {
			continue
		}
		undoErr := x.undo(ctx, d)
		for tries := 0; tries < 3 && !blind && x.onceMore(ctx, d, undoErr); tries++ {
			d.doubt = d.doubt || ops.CodeOf(undoErr) == ops.Unseen && !errors.As(undoErr, &dark)
			undoErr = x.undo(ctx, d)
		}
		if undoErr == nil {
			undoErr = x.restore(ctx, d)
		}
		var lost *ops.LockLost
		switch {
		case errors.As(undoErr, &lost):
			return errors.Join(err, litter, undoErr)
		case d.step.Litter:
			litter = errors.Join(litter, undoErr)
		case undoErr != nil && !d.doubt:
			return errors.Join(err, litter, undoErr)
		}
	}
	if litter != nil {
		return errors.Join(err, litter)
	}
	if ops.CodeOf(err) == ops.Unseen && !blind {
		return ops.Errorf(ops.Failed, "history", "%s The host was seen again, and what had been done is undone.", err)
	}
	return err
}

// undoPause is the pause before an undo is repeated that was refused, in polls: long
// enough for a host that goes down to be gone.
const undoPause = 20

// onceMore waits until an undo that went wrong is worth repeating. A host that restarts
// takes it along, or refuses it first: Docker answers with whatever it has just closed.
// What cannot work is refused again, and a broker stays down no longer for it.
func (x *execution) onceMore(ctx context.Context, d triedStep, err error) bool {
	var lost *ops.LockLost
	switch {
	case err == nil, errors.As(err, &lost), d.step.Litter:
		return false
	case ops.CodeOf(err) == ops.Unseen:
		return x.seenAgain(ctx, true)
	case d.doubt: // what may not have happened may refuse to be undone
		return false
	}
	x.say(ops.Event{Kind: ops.Proof, Step: d.seq, Node: d.step.Node, Text: "the undo was refused; it is tried once more, for a host that restarts refuses at first"})
	<-x.Clock.After(undoPause * x.Poll)
	return true
}

// returnTime is how long a host that is gone is waited for before what was
// done on it is left as it is: longer than a restart takes.
const returnTime = 3 * time.Minute

// seenAgain waits for the host of the step whose outcome is unknown, when that
// step can be undone, or for hosts that hide whether the lock is still ours: then
// every outcome is known. It is true when the host is seen and the lock is proven.
func (x *execution) seenAgain(ctx context.Context, lock bool) bool {
	if len(x.tried) == 0 {
		return false
	}
	last := x.tried[len(x.tried)-1]
	n, ok := x.Fleet.Node(last.step.Node)
	text := "whether this happened is not known; waiting until the host can be seen, to undo it"
	switch {
	case !ok:
		return false
	case lock:
		text = "whether the lock is still held is not known; waiting until the host can be seen, to undo what was done"
	case !last.doubt || last.step.Final || changesMembers(last.step):
		return false
	}
	x.say(ops.Event{Kind: ops.Proof, Step: last.seq, Node: n.Name, Text: text})
	for late := x.Clock.Now().Add(returnTime); x.Clock.Now().Before(late); <-x.Clock.After(x.Poll) {
		look, cancel := context.WithTimeout(ctx, lookTime)
		seen := x.Looker.Look(look, []regions.Node{n}, facts.Need{}).Nodes[n.Name]
		cancel()
		if !seen.Host.OK() || !seen.Docker.OK() {
			continue
		}
		err := x.fence(ctx)
		if err == nil {
			return true
		}
		var lost *ops.LockLost
		if errors.As(err, &lost) {
			return false
		}
	}
	return false
}

// changesMembers reports a step of which half an outcome is worse than either:
// a node that was told to leave must not be put back to work on a guess.
func changesMembers(s ops.Step) bool {
	do := s.Do
	if on, elsewhere := do.(ops.On); elsewhere {
		do = on.Do
	}
	e, _ := do.(ops.Exec)
	return e.Judge == ops.Left
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

// undoCode is Unseen for an undo of which nobody knows whether it happened.
func undoCode(err error) ops.Code {
	if ops.CodeOf(err) == ops.Unseen {
		return ops.Unseen
	}
	return ops.Failed
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
		err = &ops.Error{Code: undoCode(err), Msg: "Undoing step (" + d.step.Title + ") went wrong as well.", Fix: "diagnose " + d.step.Node, Cause: err}
	}
	x.say(ops.Event{Kind: ops.StepNow, Step: d.seq, Title: d.step.Title, Node: d.step.Node, State: rec.State, Text: rec.Reason})
	return errors.Join(err, x.save(ctx, rec))
}
