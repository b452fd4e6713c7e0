package watch_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vmqbot/alerts"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/watch"
)

// late is a looker whose looks at the brokers take a while, and tell what was there
// when they began.
type late struct {
	*world
	takes func() time.Duration
}

func (l late) Look(ctx context.Context, nodes []regions.Node, need facts.Need) facts.Fleet {
	seen := l.world.Look(ctx, nodes, need)
	if need.Broker != 0 {
		select {
		case <-ctx.Done():
		case <-time.After(l.takes()):
		}
	}
	return seen
}

// TestAnOldSweepIsNotFoldedOverANewerLook: it began while the address was there, and
// ends after the event's looks have seen that it is lost: nothing is taken back.
func TestAnOldSweepIsNotFoldedOverANewerLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var takes time.Duration
		w.watch.Service.Looker = late{w, func() time.Duration { return w.took(&takes) }}
		end := w.run(w.watch)
		time.Sleep(10 * time.Second)
		w.set(func() { takes = 7 * time.Second })
		time.Sleep(21 * time.Second) // a sweep began a second ago, and saw the address
		looks := w.looked()
		w.lose()
		time.Sleep(3 * time.Second)
		posts := w.heard(alerts.Post)
		if len(posts) != 1 || w.looked() == looks {
			t.Fatalf("the event had to wait for the sweep:\n%s", w.story())
		}
		time.Sleep(90 * time.Second)
		end()
		threads := w.heard(alerts.Thread)
		if w.repairs() != 1 || len(w.heard(alerts.Post)) != 1 || len(threads) != 3 || !strings.Contains(threads[2].say.Text, "the bot repaired it") {
			t.Errorf("%s", w.story())
		}
	})
}

func (w *world) took(d *time.Duration) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return *d
}

// setClock is a clock that somebody sets.
type setClock struct {
	clock
	off *time.Duration
	w   *world
}

func (c setClock) Now() time.Time { return time.Now().Add(c.w.took(c.off)) }

// withClock puts the watch on a clock that can be set.
func (w *world) withClock(on *watch.Watch) *time.Duration {
	off := new(time.Duration)
	on.Service.Clock = setClock{off: off, w: w}
	return off
}

// TestTheClockOfAWatchJumps while something is repaired in vain: no budget is free
// again, nobody is called who would only have been called hours later, a region on
// which somebody works is left alone no longer and no shorter, and in the end it is
// resolved.
func TestTheClockOfAWatchJumps(t *testing.T) {
	for name, jumps := range map[string][]time.Duration{
		"back": {-26 * time.Hour}, "forward": {26 * time.Hour}, "wrong for a minute": {-2 * time.Hour, 2 * time.Hour}, "and the other way": {2 * time.Hour, -2 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				off := w.withClock(w.watch)
				w.heal = func() error { return context.DeadlineExceeded }
				end := w.run(w.watch)
				time.Sleep(10 * time.Second)
				w.lose()
				time.Sleep(13 * time.Minute)
				if w.repairs() != alerts.PerHour {
					t.Fatalf("%d repairs", w.repairs())
				}
				pages := len(w.heard(alerts.Page))
				for _, j := range jumps {
					w.set(func() { *off += j })
					time.Sleep(time.Minute)
				}
				if got := len(w.heard(alerts.Page)); w.repairs() != alerts.PerHour || got > pages+1 {
					t.Errorf("%d repairs, %d pages after %d:\n%s", w.repairs(), got, pages, w.story())
				}
				time.Sleep(40 * time.Minute)
				if w.repairs() != alerts.PerHour {
					t.Errorf("%d repairs within an hour", w.repairs())
				}
				w.set(func() { w.seen = factstest.Healthy(w.fleet) })
				time.Sleep(2 * time.Minute)
				end()
				if u := w.heard(alerts.Update); len(w.heard(alerts.Post)) != 1 || !u[len(u)-1].m.Over {
					t.Errorf("%s", w.story())
				}
			})
		})
	}
}

// TestTheClockJumpsWhileSomebodyWorks: five minutes are left alone, by no clock that
// somebody sets.
func TestTheClockJumpsWhileSomebodyWorks(t *testing.T) {
	for _, jump := range []time.Duration{-2 * time.Hour, 2 * time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			off := w.withClock(w.watch)
			l, err := w.leases.Acquire(t.Context(), lock)
			if err != nil {
				t.Fatal(err)
			}
			end := w.run(w.watch)
			time.Sleep(10 * time.Second)
			w.lose()
			time.Sleep(time.Minute)
			if err := w.leases.Release(t.Context(), l); err != nil {
				t.Fatal(err)
			}
			w.set(func() { *off += jump })
			time.Sleep(4 * time.Minute)
			if w.spoke() > 0 || w.repairs() > 0 {
				t.Errorf("jump %s: spoke at once:\n%s", jump, w.story())
			}
			time.Sleep(3 * time.Minute)
			end()
			if w.repairs() != 1 {
				t.Errorf("jump %s: never repaired:\n%s", jump, w.story())
			}
		})
	}
}

// TestAPanicEndsNothing: in the first look, or in a later one.
func TestAPanicEndsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		looks := 0
		w.noise = func(*facts.Fleet) {
			if looks++; looks == 1 || looks == 4 {
				panic("a look that nobody foresaw")
			}
		}
		end := w.run(w.watch)
		time.Sleep(2 * time.Minute)
		w.lose()
		time.Sleep(5 * time.Minute)
		end()
		if w.repairs() != 1 || looks < 5 || !strings.Contains(w.story(), "resolved after") || len(w.heard(alerts.Post)) != 1 {
			t.Errorf("%s", w.story())
		}
	})
}

// TestASweepThatTakesLong: the next ones are skipped, and told so; none overlaps.
func TestASweepThatTakesLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, e := newWorld(t), newEye()
		w.watch.Witness = e
		running, most := 0, 0
		w.watch.Service.Looker = lookerFunc(func(ctx context.Context, nodes []regions.Node, need facts.Need) facts.Fleet {
			if need.Broker == 0 {
				return w.Look(ctx, nodes, need)
			}
			w.set(func() { running++; most = max(most, running) })
			time.Sleep(70 * time.Second)
			w.set(func() { running-- })
			return w.Look(ctx, nodes, need)
		})
		w.deaf = true // no event asks for a look
		end := w.run(w.watch)
		time.Sleep(20 * time.Minute)
		end()
		if skipped := e.skipped(); most != 1 || skipped < 15 {
			t.Errorf("%d at once, %d skipped", most, skipped)
		}
	})
}

type lookerFunc func(context.Context, []regions.Node, facts.Need) facts.Fleet

func (f lookerFunc) Look(ctx context.Context, nodes []regions.Node, need facts.Need) facts.Fleet {
	return f(ctx, nodes, need)
}

// TestALossDoesNotWaitForADoubt: while messages are in doubt the brokers are asked
// again and again, and one of them hangs. An address that is lost meanwhile is told
// as soon as on any other day.
func TestALossDoesNotWaitForADoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var takes time.Duration
		w.watch.Service.Looker = late{w, func() time.Duration { return w.took(&takes) }}
		end := w.run(w.watch)
		time.Sleep(10 * time.Second)
		w.set(func() {
			takes = 20 * time.Second
			for i, c := range w.seen.Crossings {
				if c.From == "us-1" {
					w.seen.Crossings[i].Delivered = facts.Missed[time.Duration](facts.TooLate, "20 of 20 were acknowledged, and none arrived")
				}
			}
		})
		time.Sleep(50 * time.Second) // messages of us-1 are seen lost, and the brokers asked again
		w.set(func() {
			bad := w.seen
			w.seen = factstest.Healthy(w.fleet)
			factstest.Restarted(&w.seen, w.fleet, "cn-1")
			w.seen.Crossings = bad.Crossings
			w.events <- ops.Hint{Node: "cn-1", What: "start", Name: "vernemq-release-cn-1", At: time.Now()}
		})
		time.Sleep(3 * time.Second)
		if !strings.Contains(w.story(), "repairing by itself: reattach cn-1") {
			t.Errorf("it had to wait:\n%s", w.story())
		}
		end()
	})
}
