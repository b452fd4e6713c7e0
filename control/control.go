// Package control is the one way from a request, from whichever door, to its
// result: authorize, look, plan, approve, lock, look and plan again, run,
// audit. It sees pure rooms and ports only.
package control

import (
	"context"
	"slices"
	"time"

	"vmqbot/commands"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

// Service answers requests. All fields but LockWait are needed; Directory,
// Approvals and Keys only where strangers can knock or consent may come later,
// Book and Wishes where the watch is asked or told something.
type Service struct {
	Fleet      *regions.Fleet
	Looker     ops.Looker
	Follower   ops.Follower // nil where no door has Show
	Runner     ops.Runner
	Journal    ops.Journal
	History    ops.History
	Audit      ops.Audit
	AuditLog   ops.AuditLog
	Approvals  ops.Approvals
	Keys       ops.Keys
	Directory  ops.Directory
	Leases     ops.Leases
	HostLeases ops.HostLeases
	Book       ops.AlertBook
	Wishes     ops.Wishes
	Clock      ops.Clock
	Holder     string           // unique to this process: "ana@laptop#1234"
	NewID      func() string    // a fresh operation identity
	NewToken   func() string    // a fresh identity of an approval that nobody can guess
	Redactor   *secret.Redactor // stands before every sink; nil when there is no secret
	LockWait   time.Duration    // how long a request waits for another's lock; 0 refuses at once
}

// Door is the place a request came in by.
type Door struct {
	DryRun bool                                                // plan and show, do nothing
	AnyYes bool                                                // consent to whatever the plan is, given beforehand
	Ask    func(ctx context.Context, p ops.Plan) (bool, error) // asks for consent to exactly this plan
	Emit   func(ops.Event)                                     // hears what happens, in order; never called at once from two goroutines
	Role   ops.Role                                            // what the door's user may do, where Caller is nil
	Caller *ops.Caller                                         // who asks; their role is looked up. nil where the door itself decides
	Spare  bool                                                // no consent of this door covers a plan that disconnects clients
	Show   func(text string)                                   // prints what a verb goes on showing until ctx ends; nil where nobody could see or end it
	Later  bool                                                // keep the plan until somebody consents, instead of asking now
}

// Result is what came of a request. For a verb that shows, View is set; for
// one that changes, Plan is, and Op when it was run.
type Result struct {
	View *commands.View `json:"view,omitempty"`
	Plan *ops.Plan      `json:"plan,omitempty"`
	Op   *ops.Operation `json:"operation,omitempty"`

	Approval *ops.Approval `json:"approval,omitempty"` // set when consent is waited for, or was
}

// Do answers one parsed request. Errors are *ops.Error and say what to type;
// the result is filled as far as it came.
func (s *Service) Do(ctx context.Context, c *commands.Command, r ops.Request, d Door) (Result, error) {
	d = s.redacting(d)
	if d.Caller != nil {
		r.Actor, r.Line = d.Caller.Actor(), s.Redactor.Text(r.Line)
		if err := s.allow(ctx, *d.Caller, c, r); err != nil {
			return Result{}, err
		}
	} else if d.Role < c.Role {
		return Result{}, ops.Errorf(ops.Refused, "help", "%s needs the role %s, and yours is %s.", c.Name, c.Role, d.Role)
	}
	if t := c.Goes(r); t != nil {
		return s.follow(ctx, t, r, d)
	}
	w, err := s.look(ctx, c, r)
	if err != nil {
		return Result{}, err
	}
	if d.Caller != nil && c.Name == "help" {
		w.May = s.mayAnywhere(ctx, *d.Caller)
	}
	if !c.Changes() {
		v, err := c.View(r, w)
		v.Text = s.Redactor.Text(v.Text)
		return Result{View: &v}, err
	}
	p, err := c.Plan(r, w)
	if err != nil && d.Caller != nil {
		err = s.refuse(ctx, *d.Caller, r.Line, noPlan, err)
	}
	if err != nil {
		return Result{Plan: &p}, err
	}
	if p.Empty() || d.DryRun {
		return Result{Plan: &p}, incomplete(p)
	}
	if err := d.spares(r, p); err != nil {
		return Result{Plan: &p}, err
	}
	if d.Later && d.Caller != nil && !immediate(c) {
		return s.propose(ctx, c, r, *d.Caller, p)
	}
	d.Emit(ops.Event{Kind: ops.Planned, Plan: &p, At: s.Clock.Now()})
	if !d.AnyYes && (d.Caller == nil || !immediate(c)) {
		yes, err := d.Ask(ctx, p)
		if err != nil {
			return Result{Plan: &p}, err
		}
		if !yes {
			return Result{Plan: &p}, ops.Errorf(ops.Refused, r.Line, "Not approved; nothing was done.")
		}
	}
	return s.change(ctx, c, r, d, p, s.operation(s.NewID(), r, p, d, ""))
}

// spares refuses a plan that disconnects clients at a door that may not.
func (d Door) spares(r ops.Request, p ops.Plan) error {
	if d.Spare && slices.ContainsFunc(p.Steps, func(s ops.Step) bool { return s.Drops }) {
		return ops.Errorf(ops.Refused, r.Line, "The plan would disconnect MQTT clients, which only a person may decide; nothing was done.")
	}
	return nil
}

// immediate is a verb that must not wait for consent at a door where one asks
// by name: whoever wants to stop something, takes it on or hands it back is in a
// hurry.
func immediate(c *commands.Command) bool {
	return slices.Contains([]string{"cancel", "ack", "unack", "autoheal off"}, c.Name)
}

// redacting puts the redactor before a door's ears.
func (s *Service) redacting(d Door) Door {
	emit := d.Emit
	d.Emit = func(e ops.Event) {
		e.Text = s.Redactor.Text(e.Text)
		if emit != nil {
			emit(e)
		}
	}
	return d
}

// look reads what the verb wants to know.
func (s *Service) look(ctx context.Context, c *commands.Command, r ops.Request) (ops.World, error) {
	w := ops.World{Fleet: s.Fleet, Seen: facts.Fleet{At: s.Clock.Now()}}
	if c.Look == nil {
		return w, nil
	}
	l := c.Look(r)
	if l.History > 0 {
		if err := s.closeDead(ctx); err != nil {
			return w, err
		}
		var err error
		if w.History, err = s.History.Operations(ctx, l.History); err != nil {
			return w, err
		}
	}
	if l.Audit > 0 {
		var err error
		if w.Audit, err = s.AuditLog.Events(ctx, l.Audit, r.Args["op"]); err != nil {
			return w, err
		}
	}
	if l.Alerts {
		var err error
		if w.Book, err = s.Book.Book(ctx); err != nil {
			return w, err
		}
		if w.Wishes, err = s.Wishes.Wishes(ctx); err != nil {
			return w, err
		}
	}
	if l.None {
		return w, nil
	}
	nodes := r.Nodes
	if l.Fleet {
		nodes = s.Fleet.Nodes()
	}
	w.Seen, w.Asked = s.Looker.Look(ctx, nodes, l.Facts), l.Facts
	for c.Deeper != nil && ctx.Err() == nil {
		more := w.Asked.And(c.Deeper(r, w))
		if more == w.Asked {
			break
		}
		w.Seen, w.Asked = s.Looker.Look(ctx, nodes, more), more
	}
	if ctx.Err() != nil {
		return w, ops.Errorf(ops.Refused, r.Line, "Interrupted; nothing was done.")
	}
	return w, nil
}

// incomplete is the error of a plan that could not cover everything that was
// asked for: what is not proven is not done.
func incomplete(p ops.Plan) error {
	switch {
	case len(p.Unseen) > 0:
		return ops.Errorf(ops.Unseen, "diagnose "+p.Unseen[0], "Not everything could be seen, and what could not was not touched: %s.", join(p.Unseen))
	case len(p.Left) > 0:
		return ops.Errorf(ops.Failed, "diagnose "+p.Left[0], "Not everything could be repaired: %s was left alone.", join(p.Left))
	case len(p.Unproven) > 0:
		return ops.Errorf(ops.Unseen, "diagnose "+p.Unproven[0], "What can be done here is done, and it is not proven towards %s.", join(p.Unproven))
	default:
		return nil
	}
}
