package watch_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vmqbot/alerts"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
)

// TestAThousandLossesWithinAnHour are braked by the rails and handed to a person, once.
func TestAThousandLossesWithinAnHour(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		end := w.run(w.watch)
		time.Sleep(10 * time.Second)
		for range 1000 {
			w.lose()
			time.Sleep(3600 * time.Millisecond)
		}
		handed := 0
		for _, s := range w.heard(alerts.Thread) {
			if strings.Contains(s.say.Text, "gave up") || strings.Contains(s.say.Text, "it comes and goes") {
				handed++
			}
		}
		if w.repairs() > alerts.PerHour || w.repairs() == 0 || len(w.heard(alerts.Post)) != 1 || handed != 1 {
			t.Errorf("%d repairs, %d messages, handed over %d times\n%s", w.repairs(), len(w.heard(alerts.Post)), handed, w.story())
		}
		end()
	})
}

// TestALossThatComesBack soon is the same trouble: its message is edited, and the line
// says what is wrong again, also where the repair begins at once.
func TestALossThatComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		end := w.run(w.watch)
		time.Sleep(time.Minute)
		w.lose()
		time.Sleep(5 * time.Minute)
		w.lose()
		time.Sleep(2 * time.Minute)
		if !strings.Contains(w.story(), " back: want 10.0.0.1/24, have 127.0.0.1 172.17.0.2; and 44053 is not bound (F2): VerneMQ tries once, at its start; repairing by itself: reattach cn-1") || len(w.heard(alerts.Post)) != 1 || w.repairs() != 2 {
			t.Errorf("%s", w.story())
		}
		end()
	})
}

// TestLossesFarApart, beyond budget and reopening window: every one is healed, and is
// one message.
func TestLossesFarApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.fleet.Checks.Sweep = 5 * time.Minute // of the months that pass here no sweep finds anything
		end := w.run(w.watch)
		time.Sleep(10 * time.Second)
		for i := range *spaced {
			w.lose()
			time.Sleep(24 * time.Hour / alerts.PerDay)
			if w.repairs() != i+1 || len(w.heard(alerts.Post)) != i+1 || w.over() != i+1 {
				t.Fatalf("after %d losses: %d repairs, %d messages, %d of them over\n%s", i+1, w.repairs(), len(w.heard(alerts.Post)), w.over(), w.story())
			}
		}
		end()
	})
}

// over is how many alerts were told to be over.
func (w *world) over() (n int) {
	for _, s := range w.heard(alerts.Thread) {
		if strings.Contains(s.say.Text, "resolved after") {
			n++
		}
	}
	return n
}

// TestALossInEveryPhase of the interval, where no event is told, and where the stream
// is cut in the moment of the loss: healed within 40 s.
func TestALossInEveryPhase(t *testing.T) {
	for _, cut := range []bool{false, true} {
		for phase := range 30 {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.deaf = !cut
				end := w.run(w.watch)
				time.Sleep(time.Minute + time.Duration(phase)*time.Second + 300*time.Millisecond)
				if cut { // and what happened is not told after it either
					w.set(func() { w.deaf = true })
					w.events <- ops.Hint{What: "cut"}
				}
				w.lose()
				lost := time.Now()
				for time.Since(lost) < 40*time.Second && w.repairs() == 0 {
					time.Sleep(time.Second)
				}
				time.Sleep(3 * time.Second) // as long as a repair takes here
				book, _ := w.watch.Snapshot()
				if tries := book.Tries["cn-1"]; len(tries) != 1 || tries[0].Ended.IsZero() || tries[0].Ended.Sub(lost) > 40*time.Second {
					t.Errorf("cut %t, %d s after a sweep: %+v\n%s", cut, phase, tries, w.story())
				}
				end()
			})
		}
	}
}

// TestHalfAnswersAndGarbage, of every kind and for ten minutes: nothing is repaired,
// and nothing is told but that it cannot be seen.
func TestHalfAnswersAndGarbage(t *testing.T) {
	for name, garble := range map[string]func(*facts.Node){
		"the namespace": func(n *facts.Node) {
			n.Netns = facts.Missed[facts.Netns](facts.Unreadable, "fib_trie does not hold 127.0.0.1")
		},
		"weave's report": func(n *facts.Node) { n.Weave = missed(n.Weave) },
		"the container":  func(n *facts.Node) { n.Container = missed(n.Container) },
		"the vitals":     func(n *facts.Node) { n.Vitals = missed(n.Vitals) },
		"the host":       func(n *facts.Node) { n.Host = missed(n.Host) },
		"the broker":     func(n *facts.Node) { n.Broker = missed(n.Broker) },
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			end := w.run(w.watch)
			time.Sleep(10 * time.Second)
			w.set(func() { factstest.Edit(&w.seen, "cn-1", garble) })
			time.Sleep(10 * time.Minute)
			for _, p := range w.heard(alerts.Post) {
				if p.m.Check != alerts.Blind {
					t.Errorf("%s: %s is told\n%s", name, p.say.Group, w.story())
				}
			}
			if w.repairs() > 0 {
				t.Errorf("%s: repaired %v", name, w.ran)
			}
			end()
		})
	}
}

func missed[T any](facts.Seen[T]) facts.Seen[T] {
	return facts.Missed[T](facts.Unreadable, "half an answer: unexpected end of JSON input")
}
