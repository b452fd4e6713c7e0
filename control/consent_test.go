package control_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vmqbot/control"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/ops/opstest"
	"vmqbot/regions"
	"vmqbot/store"
)

// asked is a rig on which bob has asked for reattach cn, which two must
// approve.
func asked(t *testing.T) (*rig, *opstest.Directory, ops.Approval) {
	t.Helper()
	r := newRig(t)
	r.breakCN()
	d := withPeople(r)
	r.Fleet.Approval = map[string]regions.Approval{"reattach": {Approvers: []string{"S0ONCALL", "U0ANA"}, Count: 2, Expires: time.Hour}}
	res, err := r.ask(bob, "reattach cn")
	if err != nil || res.Approval == nil {
		t.Fatal(err)
	}
	return r, d, *res.Approval
}

func (r *rig) click(who ops.Caller, id string, choice ops.Choice, reason string) (control.Result, error) {
	return r.Decide(r.t.Context(), id, who, choice, reason, control.Door{Emit: func(e ops.Event) { r.events = append(r.events, e) }})
}

func (r *rig) audited() string {
	var kinds []string
	for _, e := range r.journal.Audited {
		kinds = append(kinds, e.Type)
	}
	return strings.Join(kinds, " ")
}

func TestConsentMayComeLater(t *testing.T) {
	r, _, a := asked(t)
	r.nothingDone()
	if a.PlanHash == "" || a.State != ops.Open || a.Needs[0].Region != "cn" || !a.Expires.Equal(a.Created.Add(time.Hour)) {
		t.Errorf("%+v", a)
	}
	res, err := r.click(sue, a.ID, ops.Approve, "")
	if err != nil || res.Op != nil || len(res.Approval.Missing()) != 1 {
		t.Fatalf("%+v %v", res, err)
	}
	r.nothingDone()
	res, err = r.click(ana, a.ID, ops.Approve, "")
	if err != nil || res.Op == nil || res.Op.State != ops.Done || res.Op.ID != a.Op || res.Op.PlanHash != a.PlanHash || res.Approval.State != ops.Spent {
		t.Fatalf("%+v %v", res, err)
	}
	if len(r.ran) != 1 || r.store.Held()+r.hosts.Held() != 0 {
		t.Errorf("ran %d", len(r.ran))
	}
	if got := r.audited(); got != "asked vote approved request plan step finished" {
		t.Errorf("audit %q", got)
	}
	if e := r.journal.Audited[3]; e.Actor != "slack:U0BOB" || !strings.Contains(e.Detail, "approved by U0SUE, U0ANA\nin T01/C0123") {
		t.Errorf("%+v", e)
	}
	said := fmt.Sprintf("output sha256 %x", sha256.Sum256([]byte("cn-1: 10.0.0.1\n")))
	if e := r.journal.Audited[6]; !strings.Contains(e.Detail, "done") || !strings.Contains(e.Detail, said) {
		t.Errorf("%+v", e)
	}
}

func TestDecisionsThatDoNothing(t *testing.T) {
	for _, tt := range []struct {
		name   string
		who    ops.Caller
		choice ops.Choice
		reason string
		prep   func(*rig, *opstest.Directory)
		says   string
		last   string // of the audit
	}{
		{"who asked", bob, ops.Approve, "", nil, "own voice does not count", "refused"},
		{"a viewer", eve, ops.Approve, "", nil, "no voice", "refused"},
		{"who left the group a second ago", sue, ops.Approve, "", func(_ *rig, d *opstest.Directory) {
			d.Edit(func(d *opstest.Directory) { d.Groups["S0ONCALL"] = []string{"U0BOB"} })
		}, "no voice", "refused"},
		{"a group that cannot be read", sue, ops.Approve, "", func(_ *rig, d *opstest.Directory) {
			d.Edit(func(d *opstest.Directory) { delete(d.Groups, "S0ONCALL") })
		}, "no voice", "refused"},
		{"a guest", from(sue, func(c *ops.Caller) { c.User = "U0GST" }), ops.Approve, "", nil, "Guests", "refused"},
		{"from another team", from(sue, func(c *ops.Caller) { c.Team = "T99" }), ops.Approve, "", nil, "own team", "refused"},
		{"after its time", sue, ops.Approve, "", func(r *rig, _ *opstest.Directory) { r.Clock.After(time.Hour) }, "expired", "refused"},
		{"the glass by no admin", sue, ops.BreakGlass, "fire", nil, "Only an admin", "refused"},
		{"the glass for nothing", ana, ops.BreakGlass, " ", nil, "needs a reason", "refused"},
		{"denied", sue, ops.Deny, "not now", nil, "", "denied"},
		{"withdrawn", bob, ops.Deny, "", nil, "", "withdrawn"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, d, a := asked(t)
			if tt.prep != nil {
				tt.prep(r, d)
			}
			_, err := r.click(tt.who, a.ID, tt.choice, tt.reason)
			if (tt.says == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v", err)
			}
			if last := r.journal.Audited[len(r.journal.Audited)-1]; last.Type != tt.last || tt.reason == "not now" && !strings.Contains(last.Detail, "reason not now") {
				t.Errorf("%+v", last)
			}
			r.nothingDone()
		})
	}
	r, _, _ := asked(t)
	if _, err := r.click(ana, "no-such-card", ops.Approve, ""); ops.CodeOf(err) != ops.Invalid {
		t.Errorf("an unknown card: %v", err)
	}
}

func TestOneDenialEndsIt(t *testing.T) {
	r, _, a := asked(t)
	for _, step := range []struct {
		who    ops.Caller
		choice ops.Choice
	}{{ana, ops.Approve}, {sue, ops.Deny}} {
		if _, err := r.click(step.who, a.ID, step.choice, ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.click(sue, a.ID, ops.Approve, ""); err == nil || !strings.Contains(err.Error(), "denied by U0SUE") {
		t.Error(err)
	}
	r.nothingDone()
}

func TestBreakingTheGlass(t *testing.T) {
	r, _, a := asked(t)
	res, err := r.click(ana, a.ID, ops.BreakGlass, "cn is down")
	if err != nil || res.Op.State != ops.Done || !res.Approval.BreakGlass {
		t.Fatalf("%+v %v", res, err)
	}
	if got := r.audited(); got != "asked break-glass request plan step finished" {
		t.Errorf("audit %q", got)
	}
	if e := r.journal.Audited[1]; !strings.Contains(e.Detail, "reason cn is down") || !strings.Contains(r.journal.Audited[2].Detail, "glass broken by U0ANA: cn is down") {
		t.Errorf("%+v", e)
	}
}

func TestTheFleetMovedAfterTheCard(t *testing.T) {
	for name, when := range map[string]int{"before the click": 2, "between the click and the lock": 3} {
		t.Run(name, func(t *testing.T) {
			r, _, a := asked(t)
			r.onLook = func(look int) {
				if look >= when {
					r.seen = factstest.Healthy(r.Fleet)
					factstest.Unbound(&r.seen, r.Fleet, "cn-1")
				}
			}
			if _, err := r.click(ana, a.ID, ops.Approve, ""); err != nil {
				t.Fatal(err)
			}
			_, err := r.click(sue, a.ID, ops.Approve, "")
			if ops.CodeOf(err) != ops.Refused || !strings.Contains(err.Error(), "The fleet moved") || !strings.Contains(err.Error(), "\n- ") {
				t.Errorf("%v", err)
			}
			if len(r.ran) != 0 || r.store.Held()+r.hosts.Held() != 0 {
				t.Errorf("ran %d", len(r.ran))
			}
			if _, err := r.click(sue, a.ID, ops.Approve, ""); err == nil || !strings.Contains(err.Error(), "runs once") {
				t.Errorf("and again: %v", err)
			}
		})
	}
}

func TestWhoAskedMustStillBeAllowed(t *testing.T) {
	r, d, a := asked(t)
	if _, err := r.click(ana, a.ID, ops.Approve, ""); err != nil {
		t.Fatal(err)
	}
	d.Edit(func(d *opstest.Directory) { d.People["U0BOB"] = ops.Person{ID: "U0BOB", Team: "T01", Deleted: true} })
	if _, err := r.click(sue, a.ID, ops.Approve, ""); ops.CodeOf(err) != ops.Refused || !strings.Contains(err.Error(), "closed") {
		t.Error(err)
	}
	r.nothingDone()
}

func TestWithoutAPolicyWhoAskedConfirms(t *testing.T) {
	r := newRig(t)
	r.breakCN()
	withPeople(r)
	res, err := r.ask(bob, "reattach cn")
	if err != nil || !res.Approval.Needs[0].Self {
		t.Fatal(err)
	}
	if _, err := r.click(sue, res.Approval.ID, ops.Approve, ""); err == nil || !strings.Contains(err.Error(), "Only who asked") {
		t.Error(err)
	}
	if res, err := r.click(bob, res.Approval.ID, ops.Approve, ""); err != nil || res.Op.State != ops.Done {
		t.Error(err)
	}
}

func TestEachRegionHasItsPolicy(t *testing.T) {
	r := newRig(t)
	r.breakCN()
	withPeople(r)
	r.Fleet.Approval = map[string]regions.Approval{"reattach": {
		Approvers: []string{"S0ONCALL"}, Count: 1, Expires: time.Hour,
		Regions: map[string]regions.Approval{"cn": {Approvers: []string{"U0ANA"}, Count: 1, Expires: time.Minute}},
	}}
	res, err := r.ask(bob, "reattach all")
	if err != nil || len(res.Approval.Needs) != 4 || !res.Approval.Expires.Equal(res.Approval.Created.Add(time.Minute)) {
		t.Fatalf("%v %+v", err, res.Approval)
	}
	if res, err := r.click(sue, res.Approval.ID, ops.Approve, ""); err != nil || res.Approval.State != ops.Open {
		t.Fatal(err)
	}
	if res, err := r.click(ana, res.Approval.ID, ops.Approve, ""); err != nil || res.Op.State != ops.Done {
		t.Fatal(err)
	}
}

// TestAHundredClicksRunItOnce: through two services on one file, as two
// processes are, one of them started after the card was shown.
func TestAHundredClicksRunItOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vmqbot.db")
	var runs atomic.Int32
	services := make([]*control.Service, 2)
	var card ops.Approval
	for i := range services {
		r := newRig(t)
		r.breakCN()
		withPeople(r)
		r.Fleet.Approval = map[string]regions.Approval{"reattach": {Approvers: []string{"S0ONCALL", "U0ANA"}, Count: 1, Expires: time.Hour}}
		st, err := store.Open(t.Context(), path, r.Clock)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = st.Close() })
		r.Approvals, r.Journal, r.History, r.Audit, r.Leases, r.Keys = st, st, st, st, st, st
		r.Looker, r.Runner = still{r.seen}, counter{&runs}
		r.Holder = fmt.Sprint("bot#", i)
		services[i] = r.Service
		if i == 0 {
			res, err := r.ask(bob, "reattach cn")
			if err != nil {
				t.Fatal(err)
			}
			card = *res.Approval
		}
	}
	var wg sync.WaitGroup
	var won, told atomic.Int32
	for i := range 100 {
		wg.Go(func() {
			who := []ops.Caller{ana, sue}[i/2%2]
			res, err := services[i%2].Decide(t.Context(), card.ID, who, ops.Approve, "", control.Door{})
			switch {
			case err == nil && res.Op != nil:
				won.Add(1)
			case ops.CodeOf(err) == ops.Refused && strings.Contains(err.Error(), "approved at"):
				told.Add(1)
			default:
				t.Errorf("%+v %v", res, err)
			}
		})
	}
	wg.Wait()
	if runs.Load() != 1 || won.Load() != 1 || told.Load() != 99 {
		t.Errorf("ran %d times, %d won, %d were told", runs.Load(), won.Load(), told.Load())
	}
	if _, err := services[0].Audit.VerifyChain(t.Context()); err != nil {
		t.Error(err)
	}
}

type still struct{ seen facts.Fleet }

func (s still) Look(context.Context, []regions.Node, facts.Need) facts.Fleet { return s.seen }

type counter struct{ n *atomic.Int32 }

func (c counter) Run(_ context.Context, _ ops.Operation, _ ops.Plan, fence func(context.Context) error, _ func(ops.Event)) error {
	c.n.Add(1)
	return fence(context.Background())
}
