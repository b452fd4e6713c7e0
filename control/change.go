package control

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"vmqbot/commands"
	"vmqbot/ops"
)

// operation is what a request becomes when it is begun.
func (s *Service) operation(id string, r ops.Request, p ops.Plan, d Door, consent string) begun {
	b := begun{Operation: ops.Operation{ID: id, Actor: r.Actor, Line: r.Line, Locks: p.Locks, State: ops.Running, Created: s.Clock.Now()}, consent: consent}
	if d.Caller != nil {
		b.where = where(*d.Caller)
	}
	return b
}

// begun is an operation with what only the audit is told of it.
type begun struct {
	ops.Operation
	consent string // who consented
	where   string // where it was asked for
}

// change takes a plan that was shown and consented to its end: lock, look and
// plan again, run, audit.
func (s *Service) change(ctx context.Context, c *commands.Command, r ops.Request, d Door, shown ops.Plan, b begun) (Result, error) {
	op := b.Operation
	held, err := s.lock(ctx, op, shown, d.Emit)
	if err != nil {
		return Result{Plan: &shown}, err
	}
	p, op, err := s.underLock(ctx, c, r, d, shown, b, held)
	if err == nil {
		err = incomplete(p)
	}
	if op.Plan == "" {
		return Result{Plan: &p}, err
	}
	return Result{Plan: &p, Op: &op}, err
}

// underLock does what is done under the lock, and gives it back whatever
// happens: also when something panics, because the process may go on.
func (s *Service) underLock(ctx context.Context, c *commands.Command, r ops.Request, d Door, shown ops.Plan, b begun, held *holding) (p ops.Plan, op ops.Operation, err error) {
	defer func() {
		if relErr := held.release(ctx); relErr != nil && err == nil {
			err = relErr
		}
	}()
	p, op = shown, b.Operation
	err = s.takeOver(ctx, op)
	if err == nil {
		p, err = s.again(ctx, c, r, d, shown)
	}
	if err == nil && !p.Empty() {
		err = held.extend(ctx, op, p)
	}
	if err == nil && !p.Empty() {
		op, err = s.run(ctx, b, p, held, d)
	}
	return p, op, err
}

// again looks and plans under the lock. A plan that differs from the one that
// was shown is refused, unless it has nothing left to do or consent was given
// to whatever the plan is.
func (s *Service) again(ctx context.Context, c *commands.Command, r ops.Request, d Door, shown ops.Plan) (ops.Plan, error) {
	w, err := s.look(ctx, c, r)
	if err != nil {
		return shown, err
	}
	p, err := c.Plan(r, w)
	if err != nil || p.Hash() == shown.Hash() {
		return p, err
	}
	if err := d.spares(r, p); err != nil {
		return p, err
	}
	if !p.Empty() && (!d.AnyYes || !covered(p.Locks, shown.Locks)) {
		return p, moved(r, shown.String(), p.String())
	}
	d.Emit(ops.Event{Kind: ops.Planned, Plan: &p, At: s.Clock.Now()})
	return p, nil
}

// covered reports whether every lock that is wanted is held.
func covered(want, held []string) bool {
	for _, l := range want {
		if !strings.Contains(" "+strings.Join(held, " ")+" ", " "+l+" ") {
			return false
		}
	}
	return true
}

// moved refuses a plan that is no longer the one that was shown.
func moved(r ops.Request, shown, now string) error {
	return ops.Errorf(ops.Refused, r.Line, "The fleet moved between the plan and the lock, so nothing was done.\n%s", difference(shown, now))
}

// A difference is part of a message, which must have room for what to type.
const (
	mostLines   = 10  // of each plan
	mostLetters = 120 // of each line
)

// difference shows the first lines of two plans that the other does not have.
func difference(before, now string) string {
	var b strings.Builder
	only := func(sign, in, notIn string) {
		n := 0
		for line := range strings.Lines(in) {
			if strings.Contains(notIn, line) {
				continue
			}
			if n++; n <= mostLines {
				fmt.Fprintln(&b, sign+cut(strings.TrimSuffix(line, "\n"), mostLetters))
			}
		}
		if n > mostLines {
			fmt.Fprintf(&b, "%sand %d lines more\n", sign, n-mostLines)
		}
	}
	only("- ", before, now)
	only("+ ", now, before)
	return b.String()
}

// run journals the operation, runs the plan under the held locks and records
// how it ended.
func (s *Service) run(ctx context.Context, b begun, p ops.Plan, held *holding, d Door) (ops.Operation, error) {
	op := b.Operation
	op.PlanHash, op.Plan, op.Locks = p.Hash(), p.String(), p.Locks
	if err := s.record(ctx, op, "request", strings.TrimSpace(op.Line+"\n"+b.consent+"\n"+b.where)); err != nil {
		return op, err
	}
	output := sha256.New()
	if err := s.record(ctx, op, "plan", op.PlanHash+"\n"+op.Plan); err != nil {
		return op, err
	}
	err := s.Runner.Run(ctx, op, p, held.fence, func(e ops.Event) {
		d.Emit(e)
		switch e.Kind {
		case ops.Output:
			_, _ = io.WriteString(output, e.Node+": "+e.Text+"\n") // a hash never fails
		case ops.StepNow:
			held.note(s.record(ctx, op, "step", fmt.Sprintf("%d %s %s %s", e.Step, e.Node, e.State, e.Text)))
		case ops.Remark:
			op.Remarks = append(op.Remarks, s.Redactor.Text(e.Text))
		}
	})
	err = errors.Join(err, held.noted())
	op.State, op.Ended = ended(err), s.Clock.Now()
	if err != nil {
		op.Reason = s.Redactor.Text(err.Error())
	}
	d.Emit(ops.Event{Op: op.ID, Kind: ops.Finished, State: op.State, Text: op.Reason, At: op.Ended})
	return op, errors.Join(err, s.record(ctx, op, "finished", fmt.Sprintf("%s %s\n%soutput sha256 %x", op.State, op.Reason, lines(op.Remarks), output.Sum(nil))))
}

func ended(err error) ops.State {
	switch {
	case err == nil:
		return ops.Done
	case ops.CodeOf(err) == ops.Refused:
		return ops.Cancelled
	case ops.CodeOf(err) == ops.Unseen:
		return ops.Unknown
	default:
		return ops.Broken
	}
}

// record writes the operation and one audit line, also after the caller's
// context has ended: what was done must be remembered.
func (s *Service) record(ctx context.Context, op ops.Operation, kind, detail string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if kind != "step" {
		if err := s.Journal.SaveOperation(ctx, op); err != nil {
			return fmt.Errorf("writing operation %s to the journal: %w", op.ID, err)
		}
	}
	e := ops.AuditEvent{Op: op.ID, At: s.Clock.Now(), Actor: op.Actor, Type: kind, Detail: s.Redactor.Text(detail)}
	if err := s.Audit.Append(ctx, e); err != nil {
		return fmt.Errorf("writing operation %s to the audit: %w", op.ID, err)
	}
	return nil
}

// lines are sentences one below the other.
func lines(all []string) (text string) {
	for _, l := range all {
		text += l + "\n"
	}
	return text
}

func join(names []string) string { return strings.Join(names, ", ") }
