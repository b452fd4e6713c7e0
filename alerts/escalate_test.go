package alerts_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/regions"
)

// TestTheLadder: the group, then person by person, then managers, then all of
// them a limited number of times.
func TestTheLadder(t *testing.T) {
	for people, want := range map[int]string{
		0: "[{0s on-call} {5m0s first} {15m0s second} {30m0s managers} {1h0m0s all those}",
		2: "[{0s on-call} {5m0s first} {15m0s second} {30m0s managers} {1h0m0s all those}",
		4: "[{0s on-call} {5m0s first} {15m0s second} {30m0s person 3} {45m0s person 4} {1h0m0s managers} {1h30m0s all those}",
	} {
		l := alerts.Ladder(checks.Critical, people)
		if got := fmt.Sprint(l[:len(l)-alerts.Rounds+1]); got != want+"]" {
			t.Errorf("%d people: %s, want %s", people, got, want)
		}
		if !slices.IsSortedFunc(l, func(a, b alerts.Rung) int { return int(a.After - b.After) }) {
			t.Errorf("%d people: the steps are not in order: %v", people, l)
		}
	}
	if l := alerts.Ladder(checks.Warning, 3); l[0] != (alerts.Rung{After: 15 * time.Minute, Whom: alerts.OnCall}) || len(l) != 1+alerts.Rounds {
		t.Errorf("a warning: %v", l)
	}
	if l := alerts.Ladder(checks.Info, 3); l != nil {
		t.Errorf("what is only worth knowing pages: %v", l)
	}
}

// TestWhoIsPaged: while anybody is on the list, a step pages somebody.
func TestWhoIsPaged(t *testing.T) {
	whole := regions.OnCall{Group: "S1", People: []string{"U1", "U2", "U3"}, Managers: []string{"U9", "U1"}}
	for _, c := range []struct {
		list regions.OnCall
		whom alerts.Whom
		want string
	}{
		{whole, alerts.OnCall, "[S1]"}, {whole, alerts.First, "[U1]"}, {whole, alerts.Second, "[U2]"}, {whole, "person 3", "[U3]"},
		{whole, alerts.Managers, "[U9 U1]"}, {whole, alerts.Everyone, "[S1 U1 U2 U3 U9]"},
		{whole, "person 7", "[U3]"},
		{regions.OnCall{People: []string{"U1"}}, alerts.OnCall, "[U1]"},
		{regions.OnCall{People: []string{"U1"}}, alerts.Second, "[U1]"},
		{regions.OnCall{People: []string{"U1", "U2"}}, alerts.Managers, "[U1 U2]"},
		{regions.OnCall{Group: "S1"}, alerts.First, "[S1]"}, {regions.OnCall{Group: "S1"}, alerts.Managers, "[S1]"},
		{regions.OnCall{Managers: []string{"U9"}}, alerts.OnCall, "[U9]"}, {regions.OnCall{Managers: []string{"U9"}}, alerts.First, "[U9]"},
		{regions.OnCall{}, alerts.OnCall, "[]"}, {regions.OnCall{}, alerts.Everyone, "[]"},
	} {
		if got := fmt.Sprint(alerts.Paged(c.list, c.whom)); got != c.want {
			t.Errorf("%s of %+v: %s, want %s", c.whom, c.list, got, c.want)
		}
	}
}

// TestFourPeopleAreAskedOneByOne until one takes it on, and nobody after.
func TestFourPeopleAreAskedOneByOne(t *testing.T) {
	p := newPlay(t)
	p.fleet.OnCall = map[string]regions.OnCall{"cn": {Group: "S1", People: []string{"U1", "U2", "U3", "U4"}}}
	p.fleet.Checks.Heal["ip"] = "off"
	paged := func(until time.Duration) string {
		p.log = nil
		p.run(until, ipBad("cn-1", 0, ever))
		var whom []string
		for _, line := range p.log {
			if _, after, is := strings.Cut(line, " page ip/cn/1 cn-1 "); is {
				to, _, _ := strings.Cut(after, "cn-1: ")
				whom = append(whom, to)
			}
		}
		return strings.Join(whom, ", ")
	}
	if got := paged(40 * time.Minute); got != "on-call, first, second, person 3" {
		t.Errorf("paged %s", got)
	}
	p.wishes = []alerts.Wish{{Want: alerts.Ack, By: "slack:U3", At: p.now(), Of: "ip/cn/cn-1#1"}}
	if got := paged(4 * time.Hour); got != "" {
		t.Errorf("after somebody has taken it on: paged %s", got)
	}
}

// TestWhatNobodyTakesOnIsToldAgain every four hours once everybody was called as
// often as is allowed, in the thread, until somebody takes it on.
func TestWhatNobodyTakesOnIsToldAgain(t *testing.T) {
	for name, world := range map[string]string{"critical": "host cn-1 bad", "a warning": "host cn-1 bad:warning", "worth knowing": "image cn-1 bad"} {
		p := newPlay(t)
		always := func(time.Duration) []string { return []string{world} }
		p.run(72*time.Hour, always)
		ladder := alerts.Ladder(map[string]checks.Severity{"critical": checks.Critical, "a warning": checks.Warning}[name], 0)
		want := 0
		if n := len(ladder); n > 0 {
			want = int((72*time.Hour - ladder[n-1].After) / (4 * time.Hour))
		}
		if got := p.lines("thread", "and nobody has taken it on: evidence of "); got < want-1 || got > want || p.ops[alerts.Page] != len(ladder) {
			t.Errorf("%s is told again %d times, want %d\n%v", name, got, want, p.log)
		}
		if want > 0 {
			p.says("still firing after")
			p.says("Type: ack host/cn/cn-1")
		}
		p.wishes = []alerts.Wish{{Want: alerts.Ack, By: "ana", At: p.now(), Of: "host/cn/cn-1#1"}}
		p.log = nil
		p.run(144*time.Hour, always)
		if n := p.lines("still firing"); n > 0 {
			t.Errorf("%s is told again %d times after somebody has taken it on", name, n)
		}
	}
}

// TestAnAcknowledgementThatIsGivenBack calls again from the first step on, and the
// end of a page names all who were called.
func TestAnAcknowledgementThatIsGivenBack(t *testing.T) {
	p := newPlay(t)
	p.fleet.Checks.Heal["ip"] = "off"
	bad := ipBad("cn-1", 0, 3*time.Hour)
	p.run(16*time.Minute, bad)
	p.wants(1, 0, 1, 3, 0, 0)
	p.wishes = []alerts.Wish{{Want: alerts.Ack, By: "ana", At: p.now(), Of: "ip/cn/cn-1#1"}}
	p.run(2*time.Hour, bad)
	p.wants(1, 1, 2, 3, 1, 0)
	p.wishes = append(p.wishes, alerts.Wish{Want: alerts.Unack, By: "ana", At: p.now(), Of: "ip/cn/cn-1#1"})
	called := 0
	for _, s := range p.look("ip cn-1 bad") {
		if s.Op == alerts.Page {
			called++
			if s.Whom != alerts.OnCall || s.Step != 1 {
				t.Errorf("it begins again with %s, step %d", s.Whom, s.Step)
			}
		}
	}
	p.says("handed back: nobody is on it")
	if m, _ := p.book.Message("ip/cn", 1, alerts.Heard(p.wishes), p.now()); called != 1 || m.Rows[0].Acked != "" {
		t.Errorf("%d are called, and the message shows %+v", called, m.Rows[0])
	}
	p.run(2*time.Hour+6*time.Minute, bad)
	for p.at = 3 * time.Hour; p.at < 4*time.Hour; p.at += 30 * time.Second {
		for _, s := range p.look("ip cn-1 ok") {
			if s.Op == alerts.StopPage && !slices.Equal(s.Called, []alerts.Whom{alerts.OnCall, alerts.First}) {
				t.Errorf("called off are %v", s.Called)
			}
		}
	}
	if p.ops[alerts.StopPage] != 2 {
		t.Error(p.ops)
	}
}

// TestWhatStands is what people were told and not that it ended: a silence
// neither adds to it nor ends it.
func TestWhatStands(t *testing.T) {
	p := newPlay(t)
	p.fleet.Checks.Heal["ip"] = "off"
	stands := func() string {
		var all []string
		for _, m := range p.book.Standing(alerts.Heard(p.wishes), p.now()) {
			for _, r := range m.Rows {
				all = append(all, r.ID.String())
			}
			if m.Over {
				t.Errorf("what stands is not over: %+v", m)
			}
		}
		return strings.Join(all, " ")
	}
	both := func(cn, sg string) func(time.Duration) []string {
		return func(time.Duration) []string { return []string{"ip cn-1 " + cn, "ip sg-1 " + sg} }
	}
	p.run(time.Minute, both("bad", "ok"))
	if got := stands(); got != "ip/cn/cn-1#1" {
		t.Errorf("%q", got)
	}
	p.wishes = []alerts.Wish{{ID: "a", Want: alerts.Silence, At: p.now(), For: 10 * time.Minute}}
	p.run(3*time.Minute, both("ok", "bad"))
	if got := stands(); got != "ip/cn/cn-1#1" {
		t.Errorf("under a silence: %q", got)
	}
	p.run(12*time.Minute, both("ok", "bad"))
	if got := stands(); got != "ip/sg/sg-1#1" {
		t.Errorf("after it: %q", got)
	}
}
