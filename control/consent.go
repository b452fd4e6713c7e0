package control

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"vmqbot/commands"
	"vmqbot/ops"
)

// confirmWithin is how long a plan without a policy waits for whoever asked.
const confirmWithin = 10 * time.Minute

// propose keeps a plan until somebody consents, perhaps in another process.
// Nothing is locked meanwhile.
func (s *Service) propose(ctx context.Context, c *commands.Command, r ops.Request, who ops.Caller, p ops.Plan) (Result, error) {
	needs, expires := s.needs(c, r)
	now := s.Clock.Now()
	a := ops.Approval{
		ID: s.NewToken(), Op: s.NewID(), Actor: r.Actor, Requester: who, Line: r.Line, PlanHash: p.Hash(), Plan: s.Redactor.Text(p.String()),
		Needs: needs, State: ops.Open, Created: now, Expires: now.Add(expires), Version: 1,
	}
	if err := s.Approvals.AddApproval(ctx, a); err != nil {
		return Result{Plan: &p}, fmt.Errorf("keeping the request: %w", err)
	}
	return Result{Plan: &p, Approval: &a}, s.note(ctx, a, a.Actor, "asked", a.PlanHash+"\n"+a.Plan)
}

// needs are the policies of a request: one for each region that it touches,
// and the shortest of their times.
func (s *Service) needs(c *commands.Command, r ops.Request) (needs []ops.Need, expires time.Duration) {
	at := r.Regions()
	if len(at) == 0 {
		at = []string{""}
	}
	for _, region := range at {
		for _, c := range s.both(c, r) {
			a, ok := s.Fleet.ApprovalFor(c.Name, region)
			if !ok {
				continue
			}
			needs = append(needs, ops.Need{Region: region, From: a.Approvers, Count: a.Count})
			if expires == 0 || a.Expires < expires {
				expires = a.Expires
			}
		}
	}
	if len(needs) == 0 {
		return []ops.Need{{Count: 1, Self: true}}, confirmWithin
	}
	return needs, expires
}

// Decide takes one decision about a kept plan. The decision that completes the
// consent claims it by one compare-and-swap, and only then runs the plan: a
// hundred simultaneous clicks run it once. The plan must still be the one that
// was shown, now and again under the lock.
func (s *Service) Decide(ctx context.Context, id string, who ops.Caller, choice ops.Choice, reason string, d Door) (Result, error) {
	d = s.redacting(d)
	if err := s.Enter(ctx, who, string(choice)+" "+cut(id, 64), true); err != nil {
		return Result{}, err
	}
	for {
		a, err := s.Approvals.Approval(ctx, id)
		if err != nil {
			return Result{}, err
		}
		next, refused := a.Decide(s.decision(ctx, a, who, choice, reason))
		if next.Version != a.Version {
			won, err := s.Approvals.SwapApproval(ctx, next)
			if err != nil {
				return Result{}, err
			}
			if !won {
				continue // somebody else was faster: decide about what is there now
			}
		}
		if refused != nil {
			return Result{Approval: &next}, s.refuse(ctx, who, string(choice)+" "+next.Line+" ("+next.Op+")", "consent", refused)
		}
		if err := s.note(ctx, next, who.Actor(), decided(next, choice), next.PlanHash+"\n"+voices(next)); err != nil {
			return Result{Approval: &next}, err
		}
		d.Emit(ops.Event{Op: next.Op, Kind: ops.Decided, Approval: &next, At: s.Clock.Now()})
		if next.State != ops.Granted {
			return Result{Approval: &next}, nil
		}
		return s.carryOut(ctx, next, d)
	}
}

// decision is a click with what the directory says at this moment.
func (s *Service) decision(ctx context.Context, a ops.Approval, who ops.Caller, choice ops.Choice, reason string) ops.Decision {
	d := ops.Decision{Choice: choice, By: who.User, Reason: cut(s.Redactor.Text(strings.TrimSpace(reason)), 500), At: s.Clock.Now()}
	d.Admin = s.stands(ctx, who.User, s.Fleet.Roles[ops.Admin.String()], true)
	for i, n := range a.Needs {
		if n.Self && who.User == a.Requester.User || s.stands(ctx, who.User, n.From, true) {
			d.Voice = append(d.Voice, i)
		}
	}
	return d
}

// WaitsFor reports whether an approval waits for this caller: they have a voice
// that still counts, which whoever asked has in their own confirmation only. The
// click decides again, by what the directory says then.
func (s *Service) WaitsFor(ctx context.Context, a ops.Approval, who ops.Caller) bool {
	if a.State != ops.Open {
		return false
	}
	voted := slices.ContainsFunc(a.Votes, func(v ops.Vote) bool { return v.By == who.User })
	missing := a.Missing()
	for i, n := range a.Needs {
		switch {
		case n.Self && who.User == a.Requester.User:
			return true
		case n.Self || who.User == a.Requester.User || voted || missing[i] == 0:
		case s.stands(ctx, who.User, n.From, false):
			return true
		}
	}
	return false
}

// decided names a decision in the audit.
func decided(a ops.Approval, choice ops.Choice) string {
	switch {
	case a.BreakGlass:
		return "break-glass"
	case choice == ops.Approve && a.State == ops.Open:
		return "vote"
	case choice == ops.Approve:
		return "approved"
	default:
		return string(a.State)
	}
}

func voices(a ops.Approval) string {
	var by []string
	for _, v := range a.Votes {
		by = append(by, v.By)
	}
	text := "voices " + list(by)
	if a.Why != "" {
		text += "\nreason " + a.Why
	}
	return text
}

// carryOut runs a granted plan: whoever asked must still be allowed to, and
// the fleet must still be as it was shown.
func (s *Service) carryOut(ctx context.Context, a ops.Approval, d Door) (Result, error) {
	res, err := s.carry(ctx, a, d)
	spent := a
	for range 3 { // the card's place may be written meanwhile
		spent = spent.Spend()
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		won, swapErr := s.Approvals.SwapApproval(late, spent)
		if swapErr == nil && !won {
			spent, swapErr = s.Approvals.Approval(late, a.ID)
		}
		cancel()
		if swapErr != nil && err == nil {
			err = swapErr
		}
		if won || swapErr != nil {
			break
		}
	}
	res.Approval = &spent
	if err != nil && res.Op == nil { // refused before it began: the audit must say how it ended
		if noteErr := s.note(ctx, a, a.Actor, "finished", "not begun: "+err.Error()); noteErr != nil {
			return res, noteErr
		}
	}
	return res, err
}

func (s *Service) carry(ctx context.Context, a ops.Approval, d Door) (Result, error) {
	c, r, err := commands.Parse(strings.Fields(a.Line), s.Fleet)
	if err != nil {
		return Result{}, err
	}
	r.Actor = a.Actor
	if err := s.Enter(ctx, a.Requester, r.Line, true); err != nil {
		return Result{}, err
	}
	if err := s.allow(ctx, a.Requester, c, r); err != nil {
		return Result{}, err
	}
	w, err := s.look(ctx, c, r)
	if err != nil {
		return Result{}, err
	}
	p, err := c.Plan(r, w)
	if err != nil {
		return Result{Plan: &p}, err
	}
	if p.Hash() != a.PlanHash {
		return Result{Plan: &p}, moved(r, a.Plan, s.Redactor.Text(p.String()))
	}
	d.Emit(ops.Event{Op: a.Op, Kind: ops.Planned, Plan: &p, At: s.Clock.Now()})
	d.AnyYes, d.Caller = false, &a.Requester // this consent is for this plan
	return s.change(ctx, c, r, d, p, s.operation(a.Op, r, p, d, who(a)))
}

// who is everybody who consented, for the audit.
func who(a ops.Approval) string {
	if a.BreakGlass {
		return "glass broken by " + a.By + ": " + a.Why
	}
	var by []string
	for _, v := range a.Votes {
		by = append(by, v.By)
	}
	return "approved by " + list(by)
}

// note writes one line about an approval, also after the caller's context has
// ended.
func (s *Service) note(ctx context.Context, a ops.Approval, actor, kind, detail string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	e := ops.AuditEvent{Op: a.Op, At: s.Clock.Now(), Actor: actor, Type: kind, Detail: s.Redactor.Text(a.Line + "\n" + detail + "\n" + where(a.Requester))}
	if err := s.Audit.Append(ctx, e); err != nil {
		return fmt.Errorf("writing to the audit: %w", err)
	}
	return nil
}
