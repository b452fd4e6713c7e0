package watch_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"vmqbot/alerts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/watch"
)

// TestWhatIsRefusedHoldsUpItsOwnGroup: one channel is closed to the bot, so what is to
// be said there waits, in its order, until it is open; what is to be said in another is said.
func TestWhatIsRefusedHoldsUpItsOwnGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var shut atomic.Bool
		shut.Store(true)
		w.watch.Speaker = speakerFunc(func(ctx context.Context, s alerts.Say, m alerts.Message, again bool) (string, error) {
			if s.Group == "ip/cn" && shut.Load() {
				return "", ops.Errorf(ops.Refused, "", "slack refuses: not_in_channel")
			}
			return w.Speak(ctx, s, m, again)
		})
		w.heal = func() error { return errors.New("it cannot be bound") }
		end := w.run(w.watch)
		time.Sleep(10 * time.Second)
		w.lose()
		time.Sleep(10 * time.Second)
		w.set(func() { factstest.Dead(&w.seen, "eu-1") })
		time.Sleep(2 * time.Minute)
		if !w.toldOf("host/eu") || w.toldOf("ip/cn") {
			t.Errorf("the open channel: %t, the closed one: %t\n%s", w.toldOf("host/eu"), w.toldOf("ip/cn"), w.story())
		}
		shut.Store(false)
		time.Sleep(2 * time.Minute)
		end()
		var cn []alerts.Op
		for _, s := range w.said {
			if s.say.Group == "ip/cn" {
				cn = append(cn, s.say.Op)
			}
		}
		if len(cn) < 3 || cn[0] != alerts.Post || slices.Contains(cn[1:], alerts.Post) {
			t.Errorf("what waited was said as %v\n%s", cn, w.story())
		}
	})
}

type speakerFunc func(context.Context, alerts.Say, alerts.Message, bool) (string, error)

func (f speakerFunc) Speak(ctx context.Context, s alerts.Say, m alerts.Message, again bool) (string, error) {
	return f(ctx, s, m, again)
}

// receiver is a place outside that hears alerts, or not.
type receiver struct {
	mu     sync.Mutex
	err    error
	said   []string
	tries  int
	stands []string // what it was told again
}

func (r *receiver) Speak(_ context.Context, s alerts.Say, _ alerts.Message, _ bool) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tries++
	if r.err != nil {
		return "", r.err
	}
	r.said = append(r.said, fmt.Sprintf("%s %s %s %q", s.Op, s.Group, s.ID.Key.Where(), s.Text))
	return "there", nil
}

// forgetful is one that must be told again.
type forgetful struct{ receiver }

func (f *forgetful) Refresh(_ context.Context, standing []alerts.Message) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range standing {
		f.stands = append(f.stands, m.Group)
	}
	return f.err
}

// again is what it was told again so far.
func (f *forgetful) again() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.stands)
}

func (r *receiver) set(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = err
}

func (r *receiver) got() (said []string, tries int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.said, r.tries
}

// eye sees what the watch does.
type eye struct {
	mu      sync.Mutex
	looked  []ops.Looked
	spoke   map[string]int // attempts by door and whether they were heard
	dropped map[string]int
	waiting map[string]int
	healed  []ops.Healed
	noticed map[ops.Notice]int
}

func newEye() *eye {
	return &eye{spoke: map[string]int{}, dropped: map[string]int{}, waiting: map[string]int{}, noticed: map[ops.Notice]int{}}
}

func (e *eye) Looked(l ops.Looked) { e.with(func() { e.looked = append(e.looked, l) }) }
func (e *eye) Healed(h ops.Healed) { e.with(func() { e.healed = append(e.healed, h) }) }
func (e *eye) Noticed(n ops.Noticed) {
	e.with(func() { e.noticed[n.Notice]++ })
}

func (e *eye) Spoke(s ops.Spoke) {
	e.with(func() {
		e.spoke[fmt.Sprint(s.Door, " ", s.Err == nil)]++
		e.waiting[s.Door] = s.Waiting
		if s.GaveUp {
			e.dropped[s.Door]++
		}
	})
}

func (e *eye) with(change func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change()
}

// TestAWatchThatNobodyHearsKnowsIt: each look tells since when something has waited for
// people. A receiver that is away is none of them.
func TestAWatchThatNobodyHearsKnowsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, e := newWorld(t), newEye()
		w.watch.Witness = e
		pager := &receiver{err: ops.Errorf(ops.Unseen, "", "the pager is away")}
		w.watch.Receivers = []watch.Receiver{{Name: "pager", Speaker: pager}}
		end := w.run(w.watch)
		last := func() (unsaid time.Time) {
			e.with(func() { unsaid = e.looked[len(e.looked)-1].Unsaid })
			return unsaid
		}
		time.Sleep(10 * time.Second)
		w.set(func() { w.away = true })
		w.lose()
		lost := time.Now()
		time.Sleep(3 * time.Minute)
		if since := last(); since.Before(lost) || since.Sub(lost) > 5*time.Second {
			t.Errorf("unsaid since %v, lost at %v", since, lost)
		}
		w.set(func() { w.away = false })
		time.Sleep(3 * time.Minute)
		if since := last(); !since.IsZero() {
			t.Errorf("all was said, and the look tells of %v", since)
		}
		end()
	})
}

// TestEveryDoorHearsEverythingOnce: one that is away holds up no other, and is
// told everything in its order when it is back.
func TestEveryDoorHearsEverythingOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, e := newWorld(t), newEye()
		here, away := &receiver{}, &receiver{err: ops.Errorf(ops.Unseen, "", "the pager is away")}
		w.watch.Receivers = []watch.Receiver{{Name: "here", Speaker: here}, {Name: "away", Speaker: away}}
		w.watch.Witness = e
		end := w.run(w.watch)
		time.Sleep(10 * time.Second)
		w.lose()
		time.Sleep(3 * time.Second)
		said, _ := here.got()
		if len(w.heard(alerts.Post)) != 1 || len(said) == 0 || !strings.HasPrefix(said[0], "post ip/cn") {
			t.Fatalf("one that is away holds up the others: %q\n%s", said, w.story())
		}
		if _, tries := away.got(); tries == 0 {
			t.Error("nobody tried the one that is away")
		}
		e.with(func() {
			if e.waiting["away"] == 0 {
				t.Error("nobody can see that something waits")
			}
		})
		time.Sleep(10 * time.Minute)
		away.set(nil)
		time.Sleep(2 * time.Minute)
		end()
		var people []string
		for _, s := range w.said {
			people = append(people, fmt.Sprintf("%s %s %s %q", s.say.Op, s.say.Group, s.say.ID.Key.Where(), s.say.Text))
		}
		said, _ = here.got()
		if got, want := strings.Join(said, "\n"), strings.Join(people, "\n"); got != want {
			t.Errorf("people heard\n%s\nand the receiver\n%s", want, got)
		}
		late, _ := away.got()
		if len(late) == 0 || !strings.HasPrefix(late[0], "post ip/cn") || !strings.Contains(strings.Join(late, "\n"), "resolved after") || strings.Contains("\n"+strings.Join(late, "\n"), "\npage") {
			t.Errorf("the one that was away heard %q", late)
		}
		if e.waiting["away"] != 0 || e.spoke["away false"] < 5 || e.spoke["here false"] != 0 || e.dropped["away"] != 0 {
			t.Errorf("seen: %v %v %v", e.waiting, e.spoke, e.dropped)
		}
	})
}

// TestAReceiverThatRefuses hears what comes after; people are told for ever.
func TestAReceiverThatRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, e := newWorld(t), newEye()
		no := &receiver{err: ops.Errorf(ops.Refused, "", "bad request")}
		w.watch.Receivers = []watch.Receiver{{Name: "no", Speaker: no}}
		w.watch.Witness = e
		end := w.run(w.watch)
		time.Sleep(10 * time.Second)
		w.lose()
		time.Sleep(5 * time.Minute)
		e.with(func() {
			if e.dropped["no"] != 0 {
				t.Error("it is given up within five minutes: whoever mends its key loses the alert")
			}
		})
		time.Sleep(25 * time.Minute)
		no.set(nil)
		time.Sleep(3 * time.Minute)
		end()
		said, _ := no.got()
		if e.dropped["no"] == 0 || len(said) == 0 || e.waiting["no"] != 0 || strings.HasPrefix(said[0], "post") {
			t.Errorf("dropped %d, heard %q", e.dropped["no"], said)
		}
	})
}

// TestWhoForgetsIsToldAgain each minute, as long as people know of it.
func TestWhoForgetsIsToldAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		f := &forgetful{}
		w.watch.Receivers = []watch.Receiver{{Name: "am", Speaker: f}}
		end := w.run(w.watch)
		time.Sleep(10 * time.Second)
		w.set(func() { factstest.Dead(&w.seen, "eu-1") })
		time.Sleep(10*time.Minute + 30*time.Second)
		stands := f.again()
		n := len(stands)
		if n < 9 || n > 11 || stands[0] != "host/eu" {
			t.Errorf("told again %q", stands)
		}
		w.set(func() { w.seen = factstest.Healthy(w.fleet) })
		time.Sleep(5 * time.Minute)
		after := len(f.again())
		time.Sleep(10 * time.Minute)
		end()
		if after > n+3 || len(f.stands) != after {
			t.Errorf("what is over is told again: %d, %d, %d", n, after, len(f.stands))
		}
	})
}

// TestTheWitnessSeesEverything: looks, repairs, streams, and who watches.
func TestTheWitnessSeesEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, e, second := newWorld(t), newEye(), newEye()
		w.watch.Witness = ops.Witnesses{e, ops.Witnesses(nil)}
		other := w.another("bot#2")
		other.Witness = second
		end := w.run(w.watch)
		time.Sleep(10 * time.Second)
		endOther := w.run(other)
		w.lose()
		time.Sleep(2 * time.Minute)
		w.book.Break(errors.New("the disk is full"))
		time.Sleep(time.Minute)
		w.book.Break(nil)
		endOther()
		end()
		if second.noticed[ops.StandingBy] < 5 || second.noticed[ops.Watching] != 0 || len(second.looked) > 0 {
			t.Errorf("the one that waits: %v, %d looks", second.noticed, len(second.looked))
		}
		if e.noticed[ops.Watching] != 1 || e.noticed[ops.Ended] != 1 || e.noticed[ops.StreamUp] != 4 || e.noticed[ops.Hinted] != 1 {
			t.Errorf("%v", e.noticed)
		}
		if len(e.healed) != 1 || e.healed[0].Err != nil || e.healed[0].Took < 3*time.Second || e.healed[0].Op == "" {
			t.Errorf("%+v", e.healed)
		}
		sweeps, unkept := 0, 0
		for _, l := range e.looked {
			if l.Why == ops.WhySweep {
				sweeps++
			}
			if l.Err != nil {
				unkept++
			}
			if len(l.Found) == 0 || l.Fleet == nil || l.Locked == nil {
				t.Errorf("a look without what it found: %+v", l)
			}
		}
		if sweeps < 5 || unkept < 2 || sweeps == len(e.looked) {
			t.Errorf("%d looks, %d sweeps, %d unkept", len(e.looked), sweeps, unkept)
		}
	})
}

func (e *eye) skipped() (n int) {
	e.with(func() { n = e.noticed[ops.SweepSkipped] })
	return n
}
