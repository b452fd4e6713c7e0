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
		if w.repairs() != 1 || w.ran[0] != "schedule 5c4ed1 of terminal:ana: reattach cn: Reattach cn" {
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

// TestAScheduleIsSkipped where nobody would see that the ground is bad already, and
// that is told: something else fires there, a storm, or somebody wants quiet.
func TestAScheduleIsSkipped(t *testing.T) {
	quiet := func(want alerts.Want, by, region, check string) func(*world) {
		return func(w *world) {
			w.wish(alerts.Wish{ID: "51e", Want: want, By: by, Region: region, Check: check, At: time.Now(), For: 24 * time.Hour, Reason: "x"})
		}
	}
	for name, c := range map[string]struct {
		change func(*world)
		want   string // "" for done
	}{
		"its own trouble": {nil, ""},
		"what it does not repair": {func(w *world) {
			w.wish(alerts.Wish{Want: alerts.Unschedule, Of: "5c4ed1", At: time.Now()})
			w.wish(alerts.Wish{ID: "5c4ed2", Want: alerts.Schedule, By: "terminal:ana", At: time.Now(), Every: "0 4 * * *", Line: "restart cn"})
		}, "skipped: ip/cn/cn-1 fires"},
		"a storm":            {func(w *world) { w.set(func() { factstest.Restarted(&w.seen, w.fleet, "sg-1") }) }, "skipped: there is a storm, or it is not calm yet"},
		"somebody's silence": {quiet(alerts.Silence, "slack:U0BOB", "cn", ""), "skipped: silence 51e by slack:U0BOB holds for cn"},
		"somebody's window":  {quiet(alerts.Maintenance, "slack:U0BOB", "cn", ""), "skipped: maintenance 51e by slack:U0BOB holds for cn"},
		"one's own window":   {quiet(alerts.Maintenance, "terminal:ana", "cn", ""), ""},
		"elsewhere":          {quiet(alerts.Silence, "slack:U0BOB", "eu", ""), ""},
		"about one check":    {quiet(alerts.Silence, "slack:U0BOB", "cn", "clock"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := scheduled(t)
				w.broken()
				if c.change != nil {
					c.change(w)
				}
				end := w.run(w.watch)
				time.Sleep(4*time.Hour + time.Minute)
				end()
				want, done, told := "01 04:00 "+c.want, 0, c.want == ""
				if told {
					want, done = "01 04:00 done (4f2a91)", 1
				}
				for _, m := range w.heard(alerts.Thread) {
					told = told || strings.Contains(m.say.Text, " cn was due at 2000-01-01 04:00 UTC: "+c.want)
				}
				if got := w.came(); len(got) == 0 || got[len(got)-1] != want || w.repairs() != done || !told {
					t.Errorf("%q %q, want %q; it was told: %t\n%s", w.ran, got, want, told, w.story())
				}
			})
		})
	}
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
