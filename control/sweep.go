package control

import (
	"context"
	"slices"
	"time"

	"vmqbot/commands"
	"vmqbot/ops"
)

// Shown remembers where the door shows an approval, so that the card can be
// found again after a restart.
func (s *Service) Shown(ctx context.Context, id, card string) error {
	for {
		a, err := s.Approvals.Approval(ctx, id)
		if err != nil {
			return err
		}
		a.Card = card
		a.Version++
		if won, err := s.Approvals.SwapApproval(ctx, a); won || err != nil {
			return err
		}
	}
}

// Sweep closes what has expired, and what was granted to a process that died
// before or while it ran. It returns what it closed, for the doors to show.
func (s *Service) Sweep(ctx context.Context, running func(ops.Approval) bool) ([]ops.Approval, error) {
	all, err := s.Approvals.WaitingApprovals(ctx)
	if err != nil {
		return nil, err
	}
	var closed []ops.Approval
	for _, a := range all {
		next, kind := a.Expire(s.Clock.Now()), string(ops.Expired)
		if a.State == ops.Granted && !running(a) {
			idle, err := s.idle(ctx, a)
			if err != nil {
				return closed, err
			}
			if idle {
				next, kind = a.Spend(), "lost"
			}
		}
		if next.Version == a.Version {
			continue
		}
		won, err := s.Approvals.SwapApproval(ctx, next)
		if err != nil {
			return closed, err
		}
		if won {
			closed = append(closed, next)
			if err := s.note(ctx, next, a.Actor, kind, next.PlanHash); err != nil {
				return closed, err
			}
		}
	}
	return closed, nil
}

// beginWithin is how long another process may take from the consent to the
// journal: it looks and takes the locks meanwhile.
const beginWithin = 2 * time.Minute

// idle reports whether nobody works on an operation: it never began, it has
// ended, or nobody holds its locks.
func (s *Service) idle(ctx context.Context, a ops.Approval) (bool, error) {
	recent, err := s.History.Operations(ctx, 100)
	if err != nil {
		return false, err
	}
	at := slices.IndexFunc(recent, func(o ops.Operation) bool { return o.ID == a.Op })
	switch {
	case at < 0:
		return s.Clock.Now().Sub(a.Ended) > beginWithin, nil
	case recent[at].State != ops.Running:
		return true, nil
	}
	return s.free(ctx, recent[at])
}

// Withdraw closes an approval that could not be shown to anybody.
func (s *Service) Withdraw(ctx context.Context, a ops.Approval, why string) error {
	next, err := a.Decide(ops.Decision{Choice: ops.Deny, By: a.Requester.User, Reason: why, At: s.Clock.Now()})
	if err != nil {
		return err
	}
	if _, err := s.Approvals.SwapApproval(ctx, next); err != nil {
		return err
	}
	return s.note(ctx, next, a.Actor, string(next.State), why)
}

// Stop asks a running operation to stop before its next step, past every
// queue. Who may do so is who may cancel.
func (s *Service) Stop(ctx context.Context, id string, who ops.Caller) error {
	if err := s.Enter(ctx, who, "cancel "+cut(id, 64), true); err != nil {
		return err
	}
	c, r, err := commands.Parse([]string{"cancel", id}, s.Fleet)
	if err != nil {
		return err
	}
	if err := s.allow(ctx, who, c, r); err != nil {
		return err
	}
	if err := s.Journal.RequestCancel(ctx, id, who.Actor()); err != nil {
		return err
	}
	return s.Audit.Append(ctx, ops.AuditEvent{Op: id, At: s.Clock.Now(), Actor: who.Actor(), Type: "cancel", Detail: where(who)})
}
