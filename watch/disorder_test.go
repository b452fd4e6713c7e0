package watch_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"vmqbot/alerts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
)

var (
	lock = ops.Lease{Name: "release/cn", Holder: "ana@laptop#1", Reason: "deploy cn by terminal:ana, 0b77c2"}
)

// toldOnce holds that the loss was posted once, is over, that no line, page or end
// was said twice, and that no page stays open.
func (w *world) toldOnce(when string) {
	w.t.Helper()
	last := w.heard(alerts.Update)
	if len(w.heard(alerts.Post)) != 1 || len(last) == 0 || !last[len(last)-1].m.Over || w.repairs() < 1 || w.repairs() > 2 {
		w.t.Fatalf("%s: %d repairs\n%s", when, w.repairs(), w.story())
	}
	twice := map[string]int{}
	for _, op := range []alerts.Op{alerts.Thread, alerts.Page, alerts.StopPage} {
		for _, s := range w.heard(op) {
			twice[fmt.Sprint(op, s.say.ID, s.say.Text, s.say.At)]++
		}
	}
	for what, n := range twice {
		if n > 1 {
			w.t.Fatalf("%s: %d times %s\n%s", when, n, what, w.story())
		}
	}
	if len(w.heard(alerts.Page)) > len(w.heard(alerts.StopPage)) {
		w.t.Fatalf("%s: a page stays open\n%s", when, w.story())
	}
}

// TestEventsOutOfOrderAndTwice ask for looks, and no event makes the stream begin
// again before what was heard already.
func TestEventsOutOfOrderAndTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		end := w.run(w.watch)
		time.Sleep(5 * time.Second)
		newest := time.Now()
		w.set(func() { factstest.Restarted(&w.seen, w.fleet, "cn-1") })
		for _, e := range []struct {
			what string
			at   time.Time
		}{{"start", newest}, {"die", newest.Add(-time.Second)}, {"start", newest}, {"destroy", newest.Add(-time.Hour)}, {"start", newest}} {
			w.events <- ops.Hint{Node: "cn-1", What: e.what, Name: "vernemq-release-cn-1", At: e.at}
		}
		time.Sleep(2 * time.Minute)
		w.set(func() { w.since = nil })
		w.events <- ops.Hint{What: "cut"}
		time.Sleep(3 * time.Second)
		w.mu.Lock()
		since := slices.Clone(w.since)
		w.mu.Unlock()
		if len(since) != 1 || !since[0].Equal(newest) {
			t.Errorf("heard again since %v, want %s", since, newest)
		}
		end()
		w.toldOnce("events in disorder")
	})
}
