package alerts_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"vmqbot/alerts"
)

// TestAClockThatIsWrongForOneLook and then put right frees no budget, ends no calm,
// and pages nobody for what is a minute old.
func TestAClockThatIsWrongForOneLook(t *testing.T) {
	for name, jump := range map[string]time.Duration{"set back": -25 * time.Hour, "set forward": 25 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			p := newPlay(t)
			p.heals = func(time.Duration, alerts.Order) (time.Duration, string) {
				return 3 * time.Second, "it cannot be bound"
			}
			p.run(20*time.Minute, ipBad("cn-1", 0, ever))
			if len(p.orders) != alerts.PerHour {
				t.Fatalf("%d orders", len(p.orders))
			}
			fired, pages := p.phase("ip/cn/cn-1").Fired, p.ops[alerts.Page]
			for _, j := range []time.Duration{jump, -jump} {
				p.at += j
				p.book = p.book.Shift(j)
				p.look("ip cn-1 bad")
				p.at += time.Second
			}
			if got := p.phase("ip/cn/cn-1"); !got.Fired.Equal(fired) || len(p.orders) != alerts.PerHour || p.ops[alerts.Page] != pages || p.ops[alerts.Post] != 1 {
				t.Errorf("fired %s, was %s; %d orders, %d pages after %d\n%s", got.Fired, fired, len(p.orders), p.ops[alerts.Page], pages, strings.Join(p.log, "\n"))
			}
			p.run(40*time.Minute, ipBad("cn-1", 0, ever))
			if len(p.orders) != alerts.PerHour {
				t.Errorf("the budget is free again: %d orders", len(p.orders))
			}
		})
	}
}

// TestAClockThatJumpsEndsNoCalm after a storm.
func TestAClockThatJumpsEndsNoCalm(t *testing.T) {
	p := newPlay(t)
	p.run(time.Minute, func(time.Duration) []string { return []string{"ip cn-1 bad", "ip sg-1 bad"} })
	p.at += time.Hour
	p.book = p.book.Shift(time.Hour)
	p.run(p.at+9*time.Minute, func(time.Duration) []string { return []string{"ip cn-1 bad", "ip sg-1 ok"} })
	if len(p.orders) != 0 {
		t.Errorf("repaired before it was calm: %v", p.log)
	}
}

// TestShiftAndBackIsNothing: whatever was so is so again.
func TestShiftAndBackIsNothing(t *testing.T) {
	p := newPlay(t)
	p.run(10*time.Minute, func(at time.Duration) []string {
		return []string{"ip cn-1 bad", "veth sg-1 unknown", map[bool]string{true: "mqtt us-1 eu-1 bad", false: "mqtt us-1 eu-1 ok"}[at < time.Minute]}
	})
	want := p.book.Sorted()
	moved := p.book.Shift(time.Hour)
	for i, a := range moved.Sorted() {
		if a.Since.Sub(want[i].Since) != time.Hour && !want[i].Since.IsZero() {
			t.Errorf("%s: since %s, was %s", a.Key, a.Since, want[i].Since)
		}
	}
	if len(want) < 2 || moved.Tries["cn-1"][0].At.Sub(p.book.Tries["cn-1"][0].At) != time.Hour {
		t.Errorf("%d alerts, tried %+v", len(want), moved.Tries)
	}
	if got := moved.Shift(-time.Hour); !slices.EqualFunc(got.Sorted(), want, same) || !got.Stormy.Equal(p.book.Stormy) {
		t.Errorf("got\n%+v\nwant\n%+v", got.Sorted(), want)
	}
}

func same(a, b alerts.Alert) bool {
	return a.Since.Equal(b.Since) && a.Fired.Equal(b.Fired) && a.Resolved.Equal(b.Resolved) && a.Healed.Equal(b.Healed) && a.HealEnded.Equal(b.HealEnded) &&
		a.BadSince.Equal(b.BadSince) && a.GoodSince.Equal(b.GoodSince) && a.BlindFrom.Equal(b.BlindFrom) && a.LastBad.Equal(b.LastBad) && len(a.Edges) == len(b.Edges) &&
		(len(a.Edges) == 0 || a.Edges[0].At.Equal(b.Edges[0].At))
}

// TestWhatEndedWhileNobodyLooked says between when; what still stands, or ended
// while the watch saw it, does not.
func TestWhatEndedWhileNobodyLooked(t *testing.T) {
	for _, c := range []struct {
		name string
		down time.Duration
		bad  bool // the first look after it still sees it bad
		want string
	}{
		{"it ended meanwhile", 7 * time.Minute, false, "ended while I was away, between 12:02:00 and 12:09:00 UTC"},
		{"it stood for a while", 7 * time.Minute, true, "resolved after 10m0s"},
		{"a restart of seconds is no absence", 30 * time.Second, false, "resolved after 3m0s"},
		{"over a day", 24 * time.Hour, false, "between 2026-11-23 12:02:00 and 12:02:00 UTC"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPlay(t)
			p.fleet.Checks.Heal["ip"] = "off"
			for p.at = 0; p.at <= 2*time.Minute; p.at += 30 * time.Second {
				p.look("ip cn-1 bad")
			}
			p.at += c.down - 30*time.Second
			p.book = p.book.Resumed(p.now())
			if c.bad {
				p.look("ip cn-1 bad")
				p.at += 30 * time.Second
			}
			p.run(p.at+2*time.Minute, ipBad("cn-1", 0, 0))
			p.says(c.want)
			if p.ops[alerts.Post] != 1 || p.ops[alerts.Thread] != 2 || p.ops[alerts.Page] > 1 && !c.bad {
				t.Errorf("%s", strings.Join(p.log, "\n"))
			}
		})
	}
}
