package control_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"vmqbot/commands"
	"vmqbot/control"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/ops/opstest"
	"vmqbot/regions"
	"vmqbot/secret"
)

// rig is a control on a world of facts.
type rig struct {
	*control.Service
	t       *testing.T
	seen    facts.Fleet
	onLook  func(look int) // called before each look, counted from 1
	looks   int
	ran     []ops.Plan
	onRun   func(ctx context.Context, fence func(context.Context) error) error
	remarks []string // what a run costs
	journal *opstest.Journal
	store   *opstest.Leases
	hosts   *opstest.Leases
	events  []ops.Event
	asked   int
	answer  bool
}

func newRig(t *testing.T) *rig {
	t.Helper()
	f, err := regions.Load("example.yaml", []byte(regions.Example), func(_, ref string) (string, error) { return "value-of-" + ref, nil })
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, journal: &opstest.Journal{}, store: &opstest.Leases{}, hosts: &opstest.Leases{}, answer: true, seen: factstest.Healthy(f)}
	r.Service = &control.Service{
		Fleet: f, Looker: r, Runner: r, Journal: r.journal, History: r.journal, Audit: r.journal, Leases: r.store, HostLeases: r.hosts,
		Clock: opstest.NewClock(factstest.Now), Holder: "ana@laptop#1", NewID: func() string { return "4f2a91" }, LockWait: 5 * time.Second,
	}
	return r
}

func (r *rig) Look(context.Context, []regions.Node, facts.Need) facts.Fleet {
	r.looks++
	if r.onLook != nil {
		r.onLook(r.looks)
	}
	return r.seen
}

func (r *rig) Run(ctx context.Context, _ ops.Operation, p ops.Plan, fence func(context.Context) error, emit func(ops.Event)) error {
	r.ran = append(r.ran, p)
	emit(ops.Event{Kind: ops.Output, Step: 1, Node: "cn-1", Text: "10.0.0.1"})
	emit(ops.Event{Kind: ops.StepNow, Step: 1, State: ops.Done})
	for _, text := range r.remarks {
		emit(ops.Event{Kind: ops.Remark, Step: 1, Text: text})
	}
	if r.onRun != nil {
		return r.onRun(ctx, fence)
	}
	return nil
}

// parse reads one line that somebody typed.
func (r *rig) parse(line string) (*commands.Command, ops.Request) {
	r.t.Helper()
	c, req, err := commands.Parse(strings.Fields(line), r.Fleet)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Actor = "terminal:ana"
	return c, req
}

// do types one line at a door that asks.
func (r *rig) do(line string, change ...func(*control.Door)) (control.Result, error) {
	r.t.Helper()
	c, req := r.parse(line)
	d := control.Door{Role: ops.Admin, Emit: func(e ops.Event) { r.events = append(r.events, e) }, Ask: func(context.Context, ops.Plan) (bool, error) {
		r.asked++
		return r.answer, nil
	}}
	for _, f := range change {
		f(&d)
	}
	return r.Do(r.t.Context(), c, req, d)
}

func (r *rig) breakCN() { factstest.Restarted(&r.seen, r.Fleet, "cn-1") }

func (r *rig) nothingDone() {
	r.t.Helper()
	if len(r.ran) > 0 || r.store.Held() > 0 || r.hosts.Held() > 0 || len(r.journal.Writes) > 0 {
		r.t.Errorf("something was done: ran %d, leases %d and %d, journal %q", len(r.ran), r.store.Held(), r.hosts.Held(), r.journal.Story())
	}
}

func TestAChangeIsShownAskedLockedRunAndAudited(t *testing.T) {
	r := newRig(t)
	r.breakCN()
	r.onRun = func(ctx context.Context, fence func(context.Context) error) error {
		if r.store.Held() != 1 || r.hosts.Held() != 1 {
			t.Errorf("while it ran, leases were %d in the store and %d on hosts; want one each, for cn", r.store.Held(), r.hosts.Held())
		}
		return fence(ctx)
	}
	res, err := r.do("reattach cn")
	if err != nil {
		t.Fatal(err)
	}
	if r.asked != 1 || len(r.ran) != 1 || r.looks != 2 {
		t.Errorf("asked %d, ran %d, looked %d times; want 1, 1, 2", r.asked, len(r.ran), r.looks)
	}
	if res.Op.State != ops.Done || res.Op.PlanHash != res.Plan.Hash() {
		t.Errorf("%+v", res.Op)
	}
	var audit []string
	for _, e := range r.journal.Audited {
		audit = append(audit, e.Type)
	}
	if got := strings.Join(audit, " "); got != "request plan step finished" {
		t.Errorf("audit %q", got)
	}
	if r.store.Held()+r.hosts.Held() != 0 {
		t.Error("a lease was not given back")
	}
}

// What a run cost is part of its result, of the journal and of the audit, also
// when it failed, and without a secret.
func TestWhatItCostIsInTheResult(t *testing.T) {
	for _, fails := range []error{nil, ops.Errorf(ops.Failed, "history", "It broke.")} {
		r := newRig(t)
		r.breakCN()
		r.remarks = []string{"While cn-1 was away, 7 bytes.", "The cookie is kookie."}
		r.Redactor = secret.NewRedactor("kookie")
		r.onRun = func(context.Context, func(context.Context) error) error { return fails }
		res, err := r.do("reattach cn")
		want := []string{"While cn-1 was away, 7 bytes.", "The cookie is [redacted]."}
		if (err != nil) != (fails != nil) || !slices.Equal(res.Op.Remarks, want) {
			t.Errorf("%v: %q", err, res.Op.Remarks)
		}
		if kept, err := r.journal.Operation(t.Context(), res.Op.ID); err != nil || !slices.Equal(kept.Remarks, want) {
			t.Errorf("the journal keeps %q, %v", kept.Remarks, err)
		}
		last := r.journal.Audited[len(r.journal.Audited)-1]
		if last.Type != "finished" || !strings.Contains(last.Detail, "\nWhile cn-1 was away, 7 bytes.\nThe cookie is [redacted].\noutput sha256 ") {
			t.Errorf("the audit says %q", last.Detail)
		}
	}
}

func TestNothingIsDoneWithoutConsent(t *testing.T) {
	for _, tt := range []struct {
		name string
		line string
		prep func(*rig)
		door func(*control.Door)
		code ops.Code
		says string
	}{
		{"no was said", "reattach cn", func(r *rig) { r.answer = false }, nil, ops.Refused, "Not approved"},
		{"a viewer asks", "reattach cn", nil, func(d *control.Door) { d.Role = ops.Viewer }, ops.Refused, "needs the role operator"},
		{"only a dry run", "reattach cn", nil, func(d *control.Door) { d.DryRun = true }, "", ""},
		{"the target is dead", "reattach eu", func(r *rig) { factstest.Dead(&r.seen, "eu-1") }, nil, ops.Unseen, "Nothing was done"},
		{"the address is elsewhere too", "reattach cn", func(r *rig) { r.clash() }, nil, ops.Refused, "flap"},
		{"nothing is wrong", "reattach sg", nil, nil, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t)
			r.breakCN()
			if tt.prep != nil {
				tt.prep(r)
			}
			door := tt.door
			if door == nil {
				door = func(*control.Door) {}
			}
			line := tt.line
			if tt.name == "nothing is wrong" {
				r.seen = factstest.Healthy(r.Fleet)
			}
			_, err := r.do(line, door)
			if (tt.code == "") != (err == nil) || (err != nil && (ops.CodeOf(err) != tt.code || !strings.Contains(err.Error(), tt.says))) {
				t.Errorf("%v", err)
			}
			r.nothingDone()
		})
	}
}

// clash puts the address of cn-1 into the namespace of us-1 as well.
func (r *rig) clash() {
	cn, _ := r.Fleet.Node("cn-1")
	factstest.Edit(&r.seen, "us-1", func(n *facts.Node) {
		ns, _ := n.Netns.Get()
		ns.Addresses = append(ns.Addresses, cn.Address.Addr())
		n.Netns = facts.Saw(ns)
	})
}
