package watch_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vmqbot/alerts"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
)

// TestALostAddressIsToldAndHealed by the event within three seconds, as an
// ordinary operation, in one message from its beginning to its end.
func TestALostAddressIsToldAndHealed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		end := w.run(w.watch)
		time.Sleep(10 * time.Second)
		lost := time.Now()
		w.lose()
		time.Sleep(3 * time.Second)
		posts := w.heard(alerts.Post)
		if len(posts) != 1 || posts[0].say.Group != "ip/cn" || posts[0].at.Sub(lost) > 3*time.Second {
			t.Fatalf("not told within 3 s:\n%s", w.story())
		}
		time.Sleep(2 * time.Minute)
		end()
		if w.repairs() != 1 || w.ran[0] != "autoheal: reattach cn-1: Reattach cn-1" {
			t.Errorf("repaired %q", w.ran)
		}
		last := w.heard(alerts.Update)
		if len(w.heard(alerts.Post)) != 1 || len(last) == 0 || !last[len(last)-1].m.Over || last[len(last)-1].say.Ref != "here" {
			t.Errorf("the message was not closed in its place:\n%s", w.story())
		}
		if len(w.heard(alerts.Page)) != len(w.heard(alerts.StopPage)) {
			t.Errorf("a page stays open:\n%s", w.story())
		}
	})
}

// TestALossWithoutEventsIsHealed by the sweep within 40 s.
func TestALossWithoutEventsIsHealed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.deaf = true
		end := w.run(w.watch)
		time.Sleep(41 * time.Second)
		w.lose()
		time.Sleep(40 * time.Second)
		end()
		if w.repairs() != 1 {
			t.Errorf("%q\n%s", w.ran, w.story())
		}
	})
}

// TestAHealthyFleetIsSilent for a day, and is looked at once in each interval.
func TestAHealthyFleetIsSilent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		end := w.run(w.watch)
		time.Sleep(24 * time.Hour)
		end()
		if w.spoke() > 0 || w.repairs() > 0 || w.looked() > 24*60*2+10 {
			t.Errorf("%d looks\n%s", w.looked(), w.story())
		}
	})
}

// TestABotThatReachesNothingSaysSo, and nothing about the fleet.
func TestABotThatReachesNothingSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		end := w.run(w.watch)
		time.Sleep(10 * time.Second)
		w.set(func() {
			for _, n := range w.fleet.Nodes() {
				factstest.Dead(&w.seen, n.Name)
			}
		})
		time.Sleep(10 * time.Minute)
		end()
		if posts := w.heard(alerts.Post); len(posts) != 1 || posts[0].say.Group != "self/self" {
			t.Errorf("%s", w.story())
		}
	})
}

// TestADeadHostIsOneAlert: nothing is said about what lives on it.
func TestADeadHostIsOneAlert(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		end := w.run(w.watch)
		time.Sleep(10 * time.Second)
		w.set(func() { factstest.Dead(&w.seen, "eu-1") })
		time.Sleep(10 * time.Minute)
		end()
		if posts := w.heard(alerts.Post); len(posts) != 1 || posts[0].say.Group != "host/eu" || w.repairs() > 0 {
			t.Errorf("%s", w.story())
		}
	})
}

// TestNobodyCanBeToldForTenMinutes: nothing is lost and nothing said twice.
func TestNobodyCanBeToldForTenMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.away = true
		end := w.run(w.watch)
		time.Sleep(10 * time.Second)
		w.lose()
		time.Sleep(10 * time.Minute)
		w.set(func() { w.away = false })
		time.Sleep(2 * time.Minute)
		end()
		posts, pages := w.heard(alerts.Post), w.heard(alerts.Page)
		if len(posts) != 1 || !posts[0].again || !posts[0].m.Over || len(pages) != 0 || len(w.heard(alerts.Thread)) < 3 {
			t.Errorf("%s", w.story())
		}
	})
}

// TestARestartGoesOn: the message is not posted again, and what the process
// before was repairing is over.
func TestARestartGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.heal = func() error { return errors.New("it cannot be bound") }
		end := w.run(w.watch)
		time.Sleep(10 * time.Second)
		w.lose()
		time.Sleep(20 * time.Second)
		end()
		end = w.run(w.another("bot#2"))
		time.Sleep(time.Hour)
		w.set(func() { w.seen = factstest.Healthy(w.fleet) })
		time.Sleep(2 * time.Minute)
		end()
		last := w.heard(alerts.Update)
		for _, words := range []string{"the repair failed: it cannot be bound; operation ", ": failed, it cannot be bound. What the last one did: type audit --op "} {
			if !slices.ContainsFunc(w.heard(alerts.Thread), func(s told) bool { return strings.Contains(s.say.Text, words) }) {
				t.Errorf("nobody said %q: %s", words, w.story())
			}
		}
		if len(w.heard(alerts.Post)) != 1 || len(last) == 0 || !last[len(last)-1].m.Over || w.repairs() > 2*alerts.PerHour {
			t.Errorf("%s", w.story())
		}
	})
}

// TestOneWatches: another process waits, and takes over when the first ends.
func TestOneWatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		one, two := w.run(w.watch), w.run(w.another("bot#2"))
		time.Sleep(10 * time.Second)
		w.lose()
		time.Sleep(3 * time.Minute)
		if w.repairs() != 1 || len(w.heard(alerts.Post)) != 1 {
			t.Errorf("two watch:\n%s", w.story())
		}
		one()
		time.Sleep(time.Hour)
		w.lose()
		time.Sleep(time.Minute)
		two()
		if w.repairs() != 2 || len(w.heard(alerts.Post)) != 2 {
			t.Errorf("nobody took over:\n%s", w.story())
		}
	})
}

// TestAWatchThatWasLostEnds: another process may be watching by now.
func TestAWatchThatWasLostEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		done := make(chan error, 1)
		go func() { done <- w.watch.Run(t.Context()) }()
		time.Sleep(10 * time.Second)
		taken := ops.Lease{Name: "release/watch", Holder: "bot#1"}
		if err := w.leases.Release(t.Context(), taken); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err == nil || !strings.Contains(err.Error(), "the watch was lost") {
			t.Error(err)
		}
	})
}

// TestAnOperationIsLeftAlone: while somebody's lock is held, and five minutes
// more, nothing is said or repaired there; then it is.
func TestAnOperationIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		l, err := w.leases.Acquire(t.Context(), ops.Lease{Name: "release/cn", Holder: "ana@laptop#1", Reason: "deploy cn by terminal:ana, 0b77c2"})
		if err != nil {
			t.Fatal(err)
		}
		end := w.run(w.watch)
		time.Sleep(10 * time.Second)
		w.lose()
		time.Sleep(20 * time.Minute)
		if err := w.leases.Release(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		time.Sleep(4 * time.Minute)
		if w.spoke() > 0 || w.repairs() > 0 {
			t.Errorf("spoke during a deploy:\n%s", w.story())
		}
		time.Sleep(3 * time.Minute)
		end()
		if len(w.heard(alerts.Post)) == 0 || w.repairs() != 1 {
			t.Errorf("never spoke:\n%s", w.story())
		}
	})
}

// TestStreamsAreResumed where they were cut, and the fleet is looked at.
func TestStreamsAreResumed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		end := w.run(w.watch)
		time.Sleep(5 * time.Second)
		at := time.Now()
		w.events <- ops.Hint{Node: "cn-1", What: "start", Name: "somebody-elses", At: at}
		time.Sleep(time.Second)
		looks := w.looked()
		w.events <- ops.Hint{What: "cut"}
		time.Sleep(3 * time.Second)
		end()
		if !slices.ContainsFunc(w.since, at.Equal) || w.looked() != looks+1 {
			t.Errorf("%v, %d looks after %d", w.since, w.looked(), looks)
		}
	})
}

// TestAStoreThatCannotBeWritten: what is not kept is neither said nor repaired,
// and comes as soon as it can be.
func TestAStoreThatCannotBeWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		end := w.run(w.watch)
		time.Sleep(10 * time.Second)
		w.book.Break(errors.New("the disk is full"))
		w.lose()
		time.Sleep(5 * time.Minute)
		if w.spoke() > 0 || w.repairs() > 0 {
			t.Errorf("acted without remembering:\n%s", w.story())
		}
		w.book.Break(nil)
		time.Sleep(time.Minute)
		end()
		if len(w.heard(alerts.Post)) != 1 || w.repairs() != 1 {
			t.Errorf("%s", w.story())
		}
	})
}

// TestAGarbledLookMovesNothing: nothing is read, and nothing was asked.
func TestAGarbledLookMovesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		end := w.run(w.watch)
		time.Sleep(10 * time.Second)
		w.set(func() {
			for _, n := range w.fleet.Nodes() {
				factstest.Edit(&w.seen, n.Name, func(f *facts.Node) {
					f.Netns = facts.Missed[facts.Netns](facts.Unreadable, "fib_trie does not hold 127.0.0.1")
				})
			}
		})
		time.Sleep(time.Minute)
		if w.spoke() > 0 || w.repairs() > 0 {
			t.Errorf("%s", w.story())
		}
		time.Sleep(5 * time.Minute)
		end()
		if posts := w.heard(alerts.Post); len(posts) != 4 || posts[0].m.Check != alerts.Blind || w.repairs() > 0 {
			t.Errorf("that it is blind was not told:\n%s", w.story())
		}
	})
}
