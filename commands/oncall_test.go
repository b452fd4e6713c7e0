package commands

import (
	"strings"
	"testing"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
)

// onCall answers oncall cn for one list and one state of the alert.
func onCall(t *testing.T, list map[string]regions.OnCall, change func(*ops.World)) View {
	t.Helper()
	return onCallOf(t, "cn", list, change)
}

func onCallOf(t *testing.T, target string, list map[string]regions.OnCall, change func(*ops.World)) View {
	t.Helper()
	f := fleet(t)
	f.OnCall = list
	c, r, err := Parse([]string{"oncall", target}, f)
	if err != nil {
		t.Fatal(err)
	}
	w := ops.World{Fleet: f, Book: watched, Seen: broken(f)}
	if change != nil {
		change(&w)
	}
	v, err := c.View(r, w)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestNobodyIsOnCall is bad, and the verb says what to write.
func TestNobodyIsOnCall(t *testing.T) {
	for name, list := range map[string]map[string]regions.OnCall{
		"no list": nil, "an empty list": {"cn": {}}, "a list of another region": {"eu": {Group: "S1"}},
		"an empty list of its own": {"all": {Group: "S1"}, "cn": {People: []string{}}},
	} {
		v := onCall(t, list, nil)
		if v.Verdict != checks.Bad || !strings.Contains(v.Text, "cn: nobody is on call: Slack calls all who may repair") || !strings.Contains(v.Text, "oncall:\n    cn: {group: S0ONCALL, people: [U0ANA, U0BOB]}\n") ||
			!strings.Contains(v.Text, "now ip/cn/cn-1: nobody is on call") {
			t.Errorf("%s: %s\n%s", name, v.Verdict, v.Text)
		}
	}
}

// TestWhatHoldsAnEscalationUp is said, instead of a step that will not come.
func TestWhatHoldsAnEscalationUp(t *testing.T) {
	list := map[string]regions.OnCall{"all": {Group: "S1", People: []string{"U1", "U2", "U3"}}}
	told := func(steps int, severity checks.Severity) func(*ops.World) {
		return func(w *ops.World) {
			a, line := w.Book.Alerts[lostIP], w.Book.Sent["ip/cn"].Lines[0]
			a.Severity, line.Steps = severity, steps
			w.Book.Alerts = map[alerts.Key]alerts.Alert{lostIP: a}
			w.Book.Sent = map[string]alerts.Sent{"ip/cn": {Group: "ip/cn", Episode: 1, Lines: []alerts.Line{line}}}
		}
	}
	id := alerts.ID{Key: lostIP, Seq: 3}.String()
	for _, c := range []struct {
		change func(*ops.World)
		says   string
	}{
		{told(1, checks.Critical), "1 of 10 steps were taken; next first (U1) at 14:02:00 UTC"},
		{told(3, checks.Critical), "3 of 10 steps were taken; next person 3 (U3) at 14:27:00 UTC"},
		{told(0, checks.Warning), "0 of 6 steps were taken; next on-call (S1) at 14:12:00 UTC"},
		{told(10, checks.Critical), "all steps were taken, and nobody has acknowledged"},
		{told(0, checks.Info), "pages nobody"},
		{func(w *ops.World) { w.Book.Sent = nil }, "not told yet"},
		{func(w *ops.World) { w.Wishes = []alerts.Wish{{Want: alerts.Ack, By: "slack:U1", Of: id}} }, "taken on by slack:U1, so nobody else is paged"},
		{func(w *ops.World) {
			w.Wishes = []alerts.Wish{{ID: "4f2a91", Want: alerts.Silence, Region: "cn", At: factstest.Now.Add(-time.Minute), For: time.Hour}}
		}, "silence 4f2a91 holds, so nobody is paged until"},
	} {
		if v := onCall(t, list, c.change); v.Verdict != checks.OK || !strings.Contains(v.Text, "now ip/cn/cn-1: "+c.says) {
			t.Errorf("want %q:\n%s", c.says, v.Text)
		}
	}
}

// TestALinkIsShownAtBothEnds, because both are called for it.
func TestALinkIsShownAtBothEnds(t *testing.T) {
	k := alerts.Key{Check: "mqtt", Region: "cn", Node: "cn-1", Peer: "us-1"}
	at := factstest.Now.Add(-10 * time.Minute)
	a := alerts.Alert{Key: k, Seq: 1, Phase: alerts.Firing, Severity: checks.Critical, Since: at}
	lists := map[string]regions.OnCall{"us": {People: []string{"U0UMA"}}, "all": {People: []string{"U0ANA"}}}
	for target, want := range map[string]int{"cn": 1, "us": 1, "eu": 0, "all": 2} {
		v := onCallOf(t, target, lists, func(w *ops.World) {
			w.Book.Alerts = map[alerts.Key]alerts.Alert{k: a}
			w.Book.Sent = map[string]alerts.Sent{k.Group(): {Group: k.Group(), Episode: 1, Lines: []alerts.Line{{ID: a.ID(), Phase: a.Phase, Told: at, Steps: 2}}}}
		})
		if got := strings.Count(v.Text, "now mqtt/cn/cn-1--us-1: 2 of 9 steps were taken; next second (U0ANA U0UMA)"); got != want {
			t.Errorf("oncall %s tells of it %d times, want %d:\n%s", target, got, want, v.Text)
		}
	}
}
