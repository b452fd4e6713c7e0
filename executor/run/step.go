package run

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"vmqbot/checks"
	"vmqbot/ops"
)

// lookTime bounds one look; a host that hangs has a shorter bound of its own.
const lookTime = 45 * time.Second

// outcome is how a step ended. tried says that its effect was begun.
type outcome struct {
	rec   ops.StepRecord
	tried bool
	whole bool // it failed, and nothing of it happened
	err   error
}

// step does one step and returns its journal record in its final state, which
// the caller saves.
func (x *execution) step(ctx context.Context, seq int, s ops.Step) outcome {
	o := outcome{rec: ops.StepRecord{Op: x.op.ID, Seq: seq, Node: s.Node, Title: s.Title, Do: s.Do.String(), State: ops.Running, Started: x.Clock.Now()}}
	if s.Undo != nil {
		o.rec.Undo = s.Undo.String()
	}
	known := x.known(s)
	skip, err := x.before(ctx, seq, s)
	switch {
	case err != nil:
		return x.end(o, ops.Cancelled, err)
	case skip:
		return x.end(o, ops.Skipped, nil)
	}
	x.leaves(ctx, s)
	if err := x.fence(ctx); err != nil {
		return x.end(o, ops.Cancelled, err)
	}
	if err := x.save(ctx, o.rec); err != nil {
		return x.end(o, ops.Cancelled, err)
	}
	x.say(ops.Event{Kind: ops.StepNow, Step: seq, Title: s.Title, Node: s.Node, State: ops.Running})
	o.tried = true
	output, err := x.patiently(ctx, seq, s)
	o.rec.Digest = digest(output)
	if errors.Is(err, errStopped) {
		return x.end(o, ops.Cancelled, err)
	}
	if err != nil && ops.CodeOf(err) != ops.Unseen {
		o.whole = allOrNothing(s.Do)
		return x.end(o, ops.Broken, further(s, err))
	}
	if len(s.Verify) > 0 && !s.StopOnly && !known {
		proofErr := x.await(ctx, seq, s)
		switch {
		case proofErr == nil:
			err = nil // when the answer was lost, the proof says that it happened
		case err != nil:
			return x.end(o, ops.Unknown, errors.Join(err, proofErr))
		default:
			return x.end(o, ops.Broken, further(s, proofErr))
		}
	}
	if err != nil {
		return x.end(o, ops.Unknown, err)
	}
	return x.end(o, ops.Done, nil)
}

// known reports a wait that the look behind the last step has proven, with nothing
// done since.
func (x *execution) known(s ops.Step) bool {
	if _, waits := s.Do.(ops.Wait); !waits || x.foreseen == 0 {
		x.foreseen = 0
		return false
	}
	x.foreseen--
	return true
}

// further puts what goes further into the error of a step that failed.
func further(s ops.Step, err error) error {
	var e *ops.Error
	if s.Fix == "" || !errors.As(err, &e) {
		return err
	}
	next := *e
	next.Fix = s.Fix
	return &next
}

func (x *execution) end(o outcome, state ops.State, err error) outcome {
	o.rec.State, o.rec.Ended, o.err = state, x.Clock.Now(), err
	if err != nil {
		o.rec.Reason = err.Error()
	}
	x.say(ops.Event{Kind: ops.StepNow, Step: o.rec.Seq, Title: o.rec.Title, Node: o.rec.Node, State: state, Text: o.rec.Reason})
	return o
}

// before looks whether the step is already so. Clients are never dropped on a
// guess: a step that drops them needs its proof to be Bad, not only unknown.
func (x *execution) before(ctx context.Context, seq int, s ops.Step) (skip bool, err error) {
	if _, waits := s.Do.(ops.Wait); waits || len(s.Verify) == 0 || x.closed {
		return false, nil
	}
	verdict, wrong := x.look(ctx, s, x.behind(s))
	switch {
	case ctx.Err() != nil:
		return false, interrupted(seq)
	case s.Drops && verdict == checks.Unknown:
		return false, ops.Errorf(ops.Unseen, "diagnose "+s.Node, "%s would drop clients, and whether it is needed is not known: %s.", s.Title, wrong)
	default:
		return verdict == checks.OK, nil
	}
}

// patiently does the step's action, and again while what is asked is still
// starting, until the step's time is over or its proof came without it. The last
// try has at least half of that time, however late it began: of one that is cut
// nobody knows what became of it. An effect that has begun is not cut off by an
// interruption; waiting is.
func (x *execution) patiently(ctx context.Context, seq int, s ops.Step) (string, error) {
	deadline := x.Clock.Now().Add(s.Timeout)
	for {
		output, inTime, err := x.try(ctx, seq, s, max(deadline.Sub(x.Clock.Now()), s.Timeout/2))
		if !ops.IsSoon(err) || ctx.Err() != nil || !inTime || !x.Clock.Now().Before(deadline) {
			return output, err
		}
		select {
		case <-ctx.Done():
			return output, err
		case <-x.Clock.After(x.Poll):
		}
		if len(s.Verify) > 0 && x.proven(ctx, s) == "" {
			return output, nil
		}
		if fenceErr := x.fence(ctx); fenceErr != nil {
			return output, fenceErr
		}
	}
}

// try does the action once.
func (x *execution) try(ctx context.Context, seq int, s ops.Step, limit time.Duration) (output string, inTime bool, err error) {
	if !interruptible(s.Do) {
		effect, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
		defer cancel()
		output, err = x.do(effect, seq, s.Node, s.Do)
		return output, effect.Err() == nil, err
	}
	effect, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	output, err = x.attended(effect, seq, func(ctx context.Context) (string, error) { return x.do(ctx, seq, s.Node, s.Do) })
	return output, effect.Err() == nil, err
}

func (x *execution) do(ctx context.Context, seq int, node string, a ops.Action) (string, error) {
	switch a := a.(type) {
	case ops.Wait:
		return "", nil
	case ops.CancelOperation:
		return "", x.Journal.RequestCancel(ctx, a.ID, x.op.Actor)
	case ops.Tell:
		w := a.Wish
		w.ID, w.By, w.At = x.op.ID, x.op.Actor, x.Clock.Now().UTC()
		return "", x.Wishes.AddWish(ctx, w)
	case ops.On:
		return x.do(ctx, seq, a.Node, a.Do)
	default:
		n, ok := x.Fleet.Node(node)
		if !ok {
			return "", ops.Errorf(ops.Invalid, "status", "The plan names the node %q, which the fleet file does not.", node)
		}
		return x.Doer.Do(ctx, n, a, func(line string) {
			kind := ops.Output
			if rest, far := strings.CutPrefix(line, "\r"); far {
				kind, line = ops.Proof, rest
			}
			x.say(ops.Event{Kind: kind, Step: seq, Node: node, Text: line})
		})
	}
}

func digest(output string) string {
	h := sha256.Sum256([]byte(output))
	return hex.EncodeToString(h[:])
}

// allOrNothing reports an action that Docker does as a whole or not at all. To
// undo one that was refused could hit somebody else's container.
func allOrNothing(a ops.Action) bool {
	switch a.(type) {
	case ops.CreateContainer, ops.RenameContainer, ops.RemoveContainer, ops.SetRestart, ops.TagImage, ops.RemoveImage:
		return true
	}
	return false
}
