package watch_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vmqbot/alerts"
	"vmqbot/facts/factstest"
)

// scheduled is a world in which reattach cn is due every day at four, and nothing
// is repaired by itself.
func scheduled(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.fleet.Checks.Sweep = 20 * time.Minute // days go by
	w.wish(alerts.Wish{ID: "a", Want: alerts.AutohealOff, At: time.Now()})
	w.wish(alerts.Wish{ID: "5c4ed1", Want: alerts.Schedule, By: "terminal:ana", At: time.Now(), Every: "0 4 * * *", Line: "reattach cn"})
	return w
}

func (w *world) wish(x alerts.Wish) {
	if err := w.book.AddWish(w.t.Context(), x); err != nil {
		w.t.Fatal(err)
	}
}

// came is what came of the schedule, time by time.
func (w *world) came() []string {
	all, err := w.book.Wishes(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	var came []string
	for _, n := range all {
		if n.Want == alerts.Ran {
			came = append(came, n.Due.Format("02 15:04 ")+n.Reason)
		}
	}
	return came
}

// broken keeps the address of cn-1 lost, so that each time has something to do.
func (w *world) broken() {
	w.set(func() { factstest.Restarted(&w.seen, w.fleet, "cn-1") })
}

// TestAScheduleIsDoneAtItsTime, once, as an ordinary operation.
func TestAScheduleIsDoneAtItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // it is midnight of the first of January 2000
		w := scheduled(t)
		w.broken()
		end := w.run(w.watch)
		time.Sleep(4*time.Hour - time.Second)
		if w.repairs() != 0 {
			t.Errorf("too early: %q", w.ran)
		}
		time.Sleep(time.Minute)
		if w.repairs() != 1 || w.ran[0] != "schedule: reattach cn: Reattach cn" {
			t.Errorf("%q", w.ran)
		}
		time.Sleep(20 * time.Hour)
		end()
		if got := w.came(); !slices.Equal(got, []string{"01 04:00 ", "01 04:00 done (4f2a91)"}) {
			t.Errorf("%q", got)
		}
	})
}

// TestAMissedScheduleIsToldAndNotMadeUpFor: the bot was down at four.
func TestAMissedScheduleIsToldAndNotMadeUpFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := scheduled(t)
		w.broken()
		time.Sleep(52 * time.Hour) // the third of January, at four: two times were missed, and the third is now
		time.Sleep(10 * time.Minute)
		end := w.run(w.watch)
		time.Sleep(time.Minute)
		if w.repairs() != 0 {
			t.Errorf("it was made up for: %q", w.ran)
		}
		if got := w.came(); !slices.Equal(got, []string{"03 04:00 missed: no watch ran"}) {
			t.Errorf("%q", got)
		}
		told := 0
		for _, m := range w.heard(alerts.Thread) {
			if strings.Contains(m.say.Text, "reattach cn was due at 2000-01-03 04:00 UTC: missed: no watch ran") {
				told++
			}
		}
		if told != 1 {
			t.Errorf("it was told %d times:\n%s", told, w.story())
		}
		time.Sleep(24 * time.Hour) // the next one is done, and the alert over
		end()
		if w.repairs() != 1 || w.came()[2] != "04 04:00 done (4f2a91)" {
			t.Errorf("%q %q", w.ran, w.came())
		}
	})
}

// TestAnInterruptedScheduleIsNotDoneAgain: the process died in the middle.
func TestAnInterruptedScheduleIsNotDoneAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := scheduled(t)
		w.broken()
		time.Sleep(4 * time.Hour)
		w.wish(alerts.Wish{Want: alerts.Ran, Of: "5c4ed1", Due: time.Now()})
		end := w.run(w.watch)
		time.Sleep(time.Hour)
		end()
		if got := w.came(); w.repairs() != 0 || !slices.Equal(got, []string{"01 04:00 ", "01 04:00 the bot ended in the middle of it"}) {
			t.Errorf("%q %q", w.ran, got)
		}
	})
}

// TestAScheduleThatFails says why, and one that was removed is not done.
func TestAScheduleThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := scheduled(t)
		w.wish(alerts.Wish{ID: "0ff", Want: alerts.Schedule, At: time.Now(), Every: "0 5 * * *", Line: "reattach sg"})
		w.wish(alerts.Wish{Want: alerts.Unschedule, Of: "0ff", At: time.Now()})
		w.wish(alerts.Wish{ID: "90e", Want: alerts.Schedule, At: time.Now(), Every: "0 6 * * *", Line: "restart nowhere"})
		end := w.run(w.watch)
		time.Sleep(7 * time.Hour)
		end()
		if got := w.came(); len(got) != 4 || got[1] != "01 04:00 nothing to do" || !strings.HasPrefix(got[3], "01 06:00 failed: There is no region or node") {
			t.Errorf("%q", got)
		}
	})
}

// TestAnIdleWatchDoesNothing that is scheduled either.
func TestAnIdleWatchDoesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := scheduled(t)
		w.broken()
		w.watch.Idle = true
		end := w.run(w.watch)
		time.Sleep(5 * time.Hour)
		end()
		if len(w.ran) != 0 || len(w.came()) != 0 {
			t.Errorf("%q %q", w.ran, w.came())
		}
	})
}
