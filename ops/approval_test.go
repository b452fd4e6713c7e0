package ops_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vmqbot/ops"
)

var asked = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func card(needs ...ops.Need) ops.Approval {
	return ops.Approval{
		ID: "card", Op: "4f2a91", Line: "deploy eu", Requester: ops.Caller{Door: "slack", User: "U0ANA"}, Needs: needs,
		State: ops.Open, Created: asked, Expires: asked.Add(30 * time.Minute),
	}
}

func TestDecide(t *testing.T) {
	oncall := ops.Need{Region: "eu", From: []string{"S0ONCALL"}, Count: 1}
	two := ops.Need{Region: "cn", From: []string{"U0BOB", "U0EVE"}, Count: 2}
	yes := ops.Decision{Choice: ops.Approve, By: "U0BOB", Voice: []int{0}, At: asked}
	for _, tt := range []struct {
		name string
		a    ops.Approval
		d    ops.Decision
		want ops.Consent
		says string
	}{
		{"one voice is enough", card(oncall), yes, ops.Granted, ""},
		{"one of two", card(two), yes, ops.Open, ""},
		{"both regions are needed", card(oncall, two), yes, ops.Open, ""},
		{"who asked never counts", card(oncall), by(yes, "U0ANA"), ops.Open, "your own voice does not count"},
		{"no voice", card(oncall), voice(yes), ops.Open, "You have no voice in this now; S0ONCALL may decide."},
		{"nobody may", card(ops.Need{Count: 1}), voice(yes), ops.Open, "Nobody may approve this"},
		{"no need at all is never met", card(), yes, ops.Open, ""},
		{"own confirmation", card(ops.Need{Self: true, Count: 1}), by(yes, "U0ANA"), ops.Granted, ""},
		{"own confirmation by another", card(ops.Need{Self: true, Count: 1}), yes, ops.Open, "Only who asked for this may confirm it."},
		{"denied", card(oncall), choose(yes, ops.Deny), ops.Denied, ""},
		{"denied without a voice", card(oncall), choose(voice(yes), ops.Deny), ops.Open, "no voice"},
		{"withdrawn", card(oncall), choose(by(yes, "U0ANA"), ops.Deny), ops.Withdrawn, ""},
		{"glass without a reason", card(oncall), ops.Decision{Choice: ops.BreakGlass, By: "U0ANA", Admin: true, Reason: " ", At: asked}, ops.Open, "needs a reason"},
		{"glass by no admin", card(oncall), ops.Decision{Choice: ops.BreakGlass, By: "U0BOB", Reason: "fire", At: asked}, ops.Open, "Only an admin"},
		{"glass", card(oncall), ops.Decision{Choice: ops.BreakGlass, By: "U0ANA", Admin: true, Reason: "fire", At: asked}, ops.Granted, ""},
		{"too late", card(oncall), at(yes, asked.Add(30*time.Minute)), ops.Expired, "expired at 12:30:00 UTC"},
		{"a word of its own", card(oncall), choose(yes, "maybe"), ops.Open, `no decision "maybe"`},
	} {
		got, err := tt.a.Decide(tt.d)
		if got.State != tt.want || (tt.says == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %s, %v", tt.name, got.State, err)
		}
	}
}

func by(d ops.Decision, user string) ops.Decision      { d.By = user; return d }
func voice(d ops.Decision, needs ...int) ops.Decision  { d.Voice = needs; return d }
func choose(d ops.Decision, c ops.Choice) ops.Decision { d.Choice = c; return d }
func at(d ops.Decision, t time.Time) ops.Decision      { d.At = t; return d }
func late(a ops.Approval) (ops.Approval, bool) {
	b := a.Expire(a.Expires)
	return b, b.State == ops.Expired
}

// Whoever comes after the end is told how it ended.
func TestWhatIsOverSaysSo(t *testing.T) {
	for state, says := range map[ops.Consent]string{
		ops.Granted: "approved at 12:01:00 UTC already, as operation 4f2a91", ops.Spent: "it runs once",
		ops.Denied: "denied by U0EVE", ops.Withdrawn: "withdrawn by U0EVE", ops.Expired: "expired at",
	} {
		a := card(ops.Need{Count: 1})
		a.State, a.By, a.Ended = state, "U0EVE", asked.Add(time.Minute)
		if _, err := a.Decide(ops.Decision{Choice: ops.Approve, By: "U0BOB", Voice: []int{0}, At: asked}); ops.CodeOf(err) != ops.Refused || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", state, err)
		}
	}
}

// TestNoSequenceOfDecisionsBreaksTheRules draws people, policies and clicks.
func TestNoSequenceOfDecisionsBreaksTheRules(t *testing.T) {
	people := []string{"U0ANA", "U0BOB", "U0EVE", "U0MAX", ""}
	rapid.Check(t, func(t *rapid.T) {
		var needs []ops.Need
		for range rapid.IntRange(0, 3).Draw(t, "needs") {
			needs = append(needs, ops.Need{From: []string{"S0ONCALL"}, Count: rapid.IntRange(0, 3).Draw(t, "count")})
		}
		if len(needs) == 1 && rapid.Bool().Draw(t, "self") {
			needs[0].Self = true
		}
		a := card(needs...)
		self := len(needs) > 0 && needs[0].Self
		for range rapid.IntRange(0, 25).Draw(t, "clicks") {
			d := ops.Decision{
				Choice: rapid.SampledFrom([]ops.Choice{ops.Approve, ops.Deny, ops.BreakGlass, "other"}).Draw(t, "choice"),
				By:     rapid.SampledFrom(people).Draw(t, "by"),
				Admin:  rapid.Bool().Draw(t, "admin"),
				Reason: rapid.SampledFrom([]string{"", "  ", "fire"}).Draw(t, "reason"),
				At:     asked.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "minute")) * time.Minute),
			}
			for i := range needs {
				if rapid.Bool().Draw(t, "voice") {
					d.Voice = append(d.Voice, i)
				}
			}
			next, err := a.Decide(d)
			check(t, a, d, next, err, self)
			a = next
		}
		if a.State == ops.Open {
			if _, ended := late(a); !ended {
				t.Fatal("an open card never expires")
			}
		}
		if spent := a.Spend(); (spent.State == ops.Spent) != (a.State == ops.Granted || a.State == ops.Spent) {
			t.Fatalf("%s is spent as %s", a.State, spent.State)
		}
	})
}

func check(t *rapid.T, a ops.Approval, d ops.Decision, next ops.Approval, err error, self bool) {
	changed := next.Version != a.Version
	switch {
	case a.State != ops.Open && (changed || err == nil || next.State != a.State):
		t.Fatalf("what was over changed: %+v", next)
	case changed && next.Version != a.Version+1:
		t.Fatalf("the version went from %d to %d", a.Version, next.Version)
	case !changed && err == nil:
		t.Fatal("nothing changed and nobody was told why")
	case a.State == ops.Open && !d.At.Before(a.Expires) && next.State != ops.Expired:
		t.Fatalf("after its time it is %s", next.State)
	case next.State == ops.Granted && a.State == ops.Open && !next.BreakGlass && len(next.Missing()) > 0:
		t.Fatalf("granted without the voices: %+v", next)
	case next.State == ops.Granted && a.State == ops.Open && next.BreakGlass && (!d.Admin || strings.TrimSpace(d.Reason) == ""):
		t.Fatalf("the glass broke for nothing: %+v", d)
	}
	var seen []string
	for _, v := range next.Votes {
		if (v.By == next.Requester.User) != self || slices.Contains(seen, v.By) {
			t.Fatalf("this vote counts: %+v of %+v", v, next.Votes)
		}
		seen = append(seen, v.By)
	}
}
