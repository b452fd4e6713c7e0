// Package run is the plan runner: it journals before each effect, verifies
// each step with the checks that watch the fleet, undoes in reverse when a
// step fails, and stops before the next step when somebody asks it to.
package run

import (
	"context"
	"errors"
	"fmt"
	"time"

	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

// Runner runs plans. All fields but Wishes are needed; Poll is the pause between two
// looks while a step waits for its proof.
type Runner struct {
	Fleet   *regions.Fleet
	Looker  ops.Looker
	Doer    ops.Doer
	Journal ops.Journal
	Wishes  ops.Wishes // needed by plans that tell the watch something
	Clock   ops.Clock
	Poll    time.Duration

	Redactor *secret.Redactor // stands before the journal; nil when there is no secret
}

var _ ops.Runner = (*Runner)(nil)

// Run runs the steps in order. Its errors are *ops.Error, or join some: Failed
// when a step failed (what could be undone is undone), Refused when it was
// cancelled, Unseen when the outcome of a step is unknown, and *ops.LockLost. What
// the absence of a node cost is told as a Remark, however the run ends.
func (r *Runner) Run(ctx context.Context, op ops.Operation, p ops.Plan, fence func(context.Context) error, emit func(ops.Event)) error {
	x := &execution{Runner: r, op: op, plan: p, fence: fence, emit: emit}
	err := x.all(ctx)
	x.allReturned(ctx)
	return err
}

func (x *execution) all(ctx context.Context) error {
	for i, s := range x.plan.Steps {
		x.rest = x.plan.Steps[i+1:]
		if err := x.mayGoOn(ctx, i+1); err != nil {
			return x.stop(ctx, err)
		}
		o := x.step(ctx, i+1, s)
		if o.tried && !o.whole {
			x.tried = append(x.tried, triedStep{i + 1, s, o.rec.State == ops.Unknown})
		}
		if err := x.save(ctx, o.rec); err != nil {
			return x.stop(ctx, errors.Join(o.err, err))
		}
		x.closed = o.rec.State == ops.Done && s.StopOnly
		if o.err == nil && s.Final {
			x.settle(s)
			x.returned(ctx, i+1, s.Node)
		}
		if o.err == nil || (s.MayFail && o.tried && ops.CodeOf(o.err) == ops.Failed) {
			continue
		}
		return x.stop(ctx, o.err)
	}
	return nil
}

// execution is one run of one plan.
type execution struct {
	*Runner
	op     ops.Operation
	plan   ops.Plan
	fence  func(context.Context) error
	emit   func(ops.Event)
	tried  []triedStep
	undone int
	away   map[string]absence // by node
	rest   []ops.Step         // the steps behind this one; none while undoing
	// foreseen is how many of the waits that follow were proven by the look at the last
	// step: 0 once anything was done.
	foreseen int
	closed   bool // the step before only stopped something: the next one must open it again, whatever a look says
}

// triedStep is a step whose effect was begun.
type triedStep struct {
	seq   int
	step  ops.Step
	doubt bool // nobody knows whether it happened
}

func (x *execution) say(e ops.Event) {
	e.Op, e.At = x.op.ID, x.Clock.Now()
	x.emit(e)
}

// mayGoOn refuses the next step when somebody cancelled or the context ended.
func (x *execution) mayGoOn(ctx context.Context, seq int) error {
	if ctx.Err() != nil {
		return interrupted(seq)
	}
	by, err := x.Journal.CancelRequested(ctx, x.op.ID)
	if err != nil {
		return fmt.Errorf("asking the store whether %s was cancelled: %w", x.op.ID, err)
	}
	if by != "" {
		return ops.Errorf(ops.Refused, "history", "Cancelled by %s before step %d.", by, seq)
	}
	return nil
}

func interrupted(seq int) error {
	return ops.Errorf(ops.Refused, "history", "Interrupted before step %d.", seq)
}

// save writes to the journal also when the context has just ended: what was
// done must be remembered.
func (x *execution) save(ctx context.Context, rec ops.StepRecord) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	rec.Reason = x.Redactor.Text(rec.Reason)
	if err := x.Journal.SaveStep(ctx, rec); err != nil {
		return fmt.Errorf("writing step %d of %s to the journal: %w", rec.Seq, rec.Op, err)
	}
	return nil
}
