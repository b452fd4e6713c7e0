package control_test

import (
	"strings"
	"testing"

	"vmqbot/commands"
	"vmqbot/control"
	"vmqbot/ops"
	"vmqbot/ops/opstest"
)

var (
	ana = ops.Caller{Door: "slack", User: "U0ANA", Team: "T01", Place: "C0123"} // admin
	bob = ops.Caller{Door: "slack", User: "U0BOB", Team: "T01", Place: "C0123"} // on call: operator and approver
	eve = ops.Caller{Door: "slack", User: "U0EVE", Team: "T01", Place: "C0123"} // viewer
	max = ops.Caller{Door: "slack", User: "U0MAX", Team: "T01", Place: "C0123"} // in no list
	sue = ops.Caller{Door: "slack", User: "U0SUE", Team: "T01", Place: "C0123"} // on call, too
)

// withPeople gives the rig a door that strangers can knock on.
func withPeople(r *rig) *opstest.Directory {
	d := &opstest.Directory{
		People: map[string]ops.Person{
			"U0DEL": {ID: "U0DEL", Team: "T01", Deleted: true}, "U0BOT": {ID: "U0BOT", Team: "T01", Bot: true},
			"U0GST": {ID: "U0GST", Team: "T01", Guest: true}, "U0STR": {ID: "U0STR", Team: "T99", Stranger: true},
			"U0OTH": {ID: "U0OTH", Team: "T99"},
		},
		Places: map[string]ops.Place{"C0123": {ID: "C0123"}, "C0EXT": {ID: "C0EXT", Shared: true}, "C0GEN": {ID: "C0GEN"}, "C0EUROPE": {ID: "C0EUROPE"}},
		Groups: map[string][]string{"S0ONCALL": {"U0BOB", "U0SUE"}, "S0EVERYONE": {"U0EVE", "U0BOB", "U0ANA", "U0SUE", "U0GST", "U0BOT", "U0STR", "U0DEL"}},
	}
	for _, c := range []ops.Caller{ana, bob, eve, max, sue} {
		d.People[c.User] = ops.Person{ID: c.User, Team: "T01"}
	}
	consent := &opstest.Consent{}
	n := 0
	r.Directory, r.Approvals, r.Keys, r.AuditLog = d, consent, consent, r.journal
	r.NewToken = func() string { n++; return "card" + string(rune('0'+n)) }
	return d
}

// ask types a line at a door that looks everybody up.
func (r *rig) ask(who ops.Caller, line string) (control.Result, error) {
	r.t.Helper()
	c, req, err := commands.Parse(strings.Fields(line), r.Fleet)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := r.Enter(r.t.Context(), who, line, c.Changes()); err != nil {
		return control.Result{}, err
	}
	return r.Do(r.t.Context(), c, req, control.Door{Caller: &who, Later: true, Role: ops.Admin, Emit: func(ops.Event) {}})
}

func from(who ops.Caller, change func(*ops.Caller)) ops.Caller { change(&who); return who }

func TestWhoIsLetIn(t *testing.T) {
	for _, tt := range []struct {
		name string
		who  ops.Caller
		line string
		why  string // "" is let in
		says string
	}{
		{"an admin", ana, "status", "", ""},
		{"a viewer reads", eve, "status", "", ""},
		{"a viewer reads elsewhere", from(eve, func(c *ops.Caller) { c.Place = "C0GEN" }), "status", "", ""},
		{"a viewer who wants to change", eve, "reattach cn", "role", "needs the role operator, and yours is viewer; ask S0ONCALL"},
		{"an operator", bob, "reattach cn", "", ""},
		{"an operator elsewhere", from(bob, func(c *ops.Caller) { c.Place = "C0GEN" }), "reattach cn", "place", "in C0123"},
		{"where alerts of another region are told", from(bob, func(c *ops.Caller) { c.Place = "C0EUROPE" }), "reattach cn", "place", "in C0123"},
		{"everything, where alerts of one region are told", from(bob, func(c *ops.Caller) { c.Place = "C0EUROPE" }), "reattach all", "place", "in C0123"},
		{"somebody in no list", max, "help", "role", "You have no role here; ask U0ANA"},
		{"a right that is somebody else's", bob, "leave eu-1", "right", "leave in eu is for U0ANA only"},
		{"nobody known", from(bob, func(c *ops.Caller) { c.User = "U0XXX" }), "status", "unknown", "could not be looked up"},
		{"nobody at all", ops.Caller{}, "status", "unknown", "not known"},
		{"a door without a name", from(bob, func(c *ops.Caller) { c.Door = "" }), "status", "unknown", "not known"},
		{"a closed account", from(bob, func(c *ops.Caller) { c.User = "U0DEL" }), "status", "deleted", "closed"},
		{"a bot", from(bob, func(c *ops.Caller) { c.User = "U0BOT" }), "status", "bot", "Only people"},
		{"a guest", from(bob, func(c *ops.Caller) { c.User = "U0GST" }), "status", "guest", "Guests"},
		{"a stranger", from(bob, func(c *ops.Caller) { c.User = "U0STR" }), "status", "stranger", "own team"},
		{"a user of another team", from(bob, func(c *ops.Caller) { c.User = "U0OTH" }), "status", "stranger", "own team"},
		{"for another team", from(bob, func(c *ops.Caller) { c.Team = "T99" }), "status", "stranger", "own team"},
		{"in a shared channel", from(bob, func(c *ops.Caller) { c.Place = "C0EXT" }), "status", "shared", "shared"},
		{"in an unknown channel", from(bob, func(c *ops.Caller) { c.Place = "C0XXX" }), "status", "shared", "could not be looked up"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t)
			r.breakCN()
			withPeople(r)
			_, err := r.ask(tt.who, tt.line)
			if (tt.why == "") != (err == nil) {
				t.Fatalf("%v", err)
			}
			if tt.why == "" {
				return
			}
			if ops.CodeOf(err) != ops.Refused || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("told %v", err)
			}
			if len(r.journal.Audited) != 1 {
				t.Fatalf("audited %+v", r.journal.Audited)
			}
			e := r.journal.Audited[0]
			if e.Type != "refused" || e.Actor != tt.who.Actor() || !strings.Contains(e.Detail, tt.line+"\n"+tt.why+": ") || !strings.Contains(e.Detail, "in "+tt.who.Team+"/"+tt.who.Place) {
				t.Errorf("audited %+v", e)
			}
			if len(r.ran) > 0 || r.looks > 0 {
				t.Errorf("looked %d times, ran %d", r.looks, len(r.ran))
			}
		})
	}
}

func TestEmptyListsMeanNobody(t *testing.T) {
	r := newRig(t)
	withPeople(r)
	for _, roles := range []map[string][]string{nil, {}, {"viewer": {}, "operator": nil, "admin": {}}} {
		r.Fleet.Roles = roles
		if _, err := r.ask(ana, "help"); ops.CodeOf(err) != ops.Refused || !strings.Contains(err.Error(), "whoever keeps the fleet file") {
			t.Errorf("%v: %v", roles, err)
		}
	}
}

func TestAGroupThatCannotBeReadHasNoMembers(t *testing.T) {
	r := newRig(t)
	withPeople(r).Edit(func(d *opstest.Directory) { d.Groups = nil })
	if _, err := r.ask(bob, "status"); ops.CodeOf(err) != ops.Refused {
		t.Error(err)
	}
	if _, err := r.ask(ana, "status"); err != nil { // stands there by their own id
		t.Error(err)
	}
}

func TestHelpKnowsWhatIsYoursHere(t *testing.T) {
	r := newRig(t)
	withPeople(r)
	for _, tt := range []struct {
		who          ops.Caller
		yours, other string
	}{
		{eve, "status", "deploy deploy needs the role operator"},
		{bob, "deploy TARGET", ""},
		{from(bob, func(c *ops.Caller) { c.Place = "C0GEN" }), "status", "only in C0123"},
	} {
		res, err := r.ask(tt.who, "help")
		if err != nil {
			t.Fatal(err)
		}
		yours, other, _ := strings.Cut(res.View.Text, "Not yours here:")
		other = strings.Join(strings.Fields(other), " ") // the width of the columns is not the point
		if !strings.Contains(yours, tt.yours) || !strings.Contains(other, tt.other) {
			t.Errorf("%s:\n%s", tt.who.User, res.View.Text)
		}
	}
}
