package watch_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vmqbot/alerts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/ops/opstest"
	"vmqbot/regions"
)

var stride = flag.Int("stride", 11, "TestKilledBetweenAnyTwoCalls kills at every so manieth call; 1 for each, which takes minutes")

var errKilled = errors.New("the process was killed")

// mortal is one process between the watch and what outlives it. It is killed at one
// of its calls: before that call did anything, or after it did all and before anybody
// knew. From then on nothing that the process asks for happens.
type mortal struct {
	*world
	cancel context.CancelFunc

	mu    sync.Mutex
	calls int
	at    int  // the call that kills it; 0 for none
	after bool // it dies knowing nothing of what it did
	dead  bool
	reads int    // of the outbox
	where string // the call that killed it
}

// call does one thing, unless the process is dead.
func (m *mortal) call(name string, do func() error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead {
		return errKilled
	}
	m.calls++
	dies := m.calls == m.at
	if !dies || m.after {
		if err := do(); err != nil || !dies {
			return err
		}
	}
	m.dead, m.where = true, name
	m.cancel()
	return errKilled
}

func (m *mortal) Book(ctx context.Context) (b alerts.Book, err error) {
	err = m.call("Book", func() error { b, err = m.book.Book(ctx); return err })
	return b, err
}

func (m *mortal) SaveTurn(ctx context.Context, before, after alerts.Book, says []alerts.Say) error {
	return m.call("SaveTurn", func() error { return m.book.SaveTurn(ctx, before, after, says) })
}

func (m *mortal) Doors(ctx context.Context, names ...string) error {
	return m.call("Doors", func() error { return m.book.Doors(ctx, names...) })
}

func (m *mortal) Unsaid(ctx context.Context, door string) (all []alerts.Say, err error) {
	err = m.call("Unsaid", func() error { m.reads++; all, err = m.book.Unsaid(ctx, door); return err })
	return all, err
}

func (m *mortal) Said(ctx context.Context, s alerts.Say, ref string) error {
	return m.call("Said", func() error { return m.book.Said(ctx, s, ref) })
}

func (m *mortal) Speak(ctx context.Context, s alerts.Say, msg alerts.Message, again bool) (where string, err error) {
	err = m.call("Speak "+string(s.Op), func() error { where, err = m.world.Speak(ctx, s, msg, again); return err })
	return where, err
}

func (m *mortal) SaveOperation(ctx context.Context, op ops.Operation) error {
	return m.call("SaveOperation", func() error { return m.journal.SaveOperation(ctx, op) })
}

func (m *mortal) SaveStep(ctx context.Context, s ops.StepRecord) error {
	return m.call("SaveStep", func() error { return m.journal.SaveStep(ctx, s) })
}

func (m *mortal) RequestCancel(ctx context.Context, id, actor string) error {
	return m.call("RequestCancel", func() error { return m.journal.RequestCancel(ctx, id, actor) })
}

func (m *mortal) CancelRequested(ctx context.Context, id string) (by string, err error) {
	err = m.call("CancelRequested", func() error { by, err = m.journal.CancelRequested(ctx, id); return err })
	return by, err
}

func (m *mortal) Append(ctx context.Context, e ops.AuditEvent) error {
	return m.call("Append", func() error { return m.journal.Append(ctx, e) })
}

func (m *mortal) Events(ctx context.Context, limit int, op string) ([]ops.AuditEvent, error) {
	return m.journal.Events(ctx, limit, op)
}

func (m *mortal) VerifyChain(ctx context.Context) (int64, error) { return m.journal.VerifyChain(ctx) }

// Run repairs what is broken when it ends, not before: a process that is killed
// meanwhile repairs nothing.
func (m *mortal) Run(_ context.Context, op ops.Operation, p ops.Plan, _ func(context.Context) error, _ func(ops.Event)) error {
	time.Sleep(3 * time.Second)
	return m.call("Run", func() error {
		m.set(func() { m.ran = append(m.ran, op.Actor+": "+op.Line+": "+p.Title) })
		return m.heal()
	})
}

// process is a watch that is killed at its call number at.
func (w *world) process(at int, after bool) (*mortal, func()) {
	ctx, cancel := context.WithCancel(w.t.Context())
	m := &mortal{world: w, cancel: cancel, at: at, after: after}
	w.leases = &opstest.Leases{} // those of the process before ran out
	on := w.another(fmt.Sprint("bot#", at))
	on.Book, on.Wishes, on.Speaker = m, w.book, m
	on.Service.Book, on.Service.Runner, on.Service.Journal, on.Service.Audit = m, m, m, m
	done := make(chan error, 1)
	go func() { done <- on.Run(ctx) }()
	return m, func() {
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, errKilled) {
			w.t.Errorf("the watch ended with %v", err)
		}
	}
}

// killed plays a loss that ends well, or that no repair mends, with a process that is
// killed at one call and one that goes on after it. It returns how many calls the first
// made.
func killed(t *testing.T, heals bool, at int, after bool) (calls int) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		if !heals {
			w.heal = func() error { return errors.New("it cannot be bound") }
		}
		first, end := w.process(at, after)
		time.Sleep(10 * time.Second)
		w.lose()
		time.Sleep(5 * time.Minute)
		end()
		calls = first.calls
		time.Sleep(time.Minute)
		_, end = w.process(0, false)
		if time.Sleep(10 * time.Minute); !heals {
			time.Sleep(20 * time.Minute)
			w.set(func() { w.seen = factstest.Healthy(w.fleet) })
			time.Sleep(3 * time.Minute)
		}
		end()
		w.wholeStory(fmt.Sprintf("killed at call %d (%s), after it: %v", at, first.where, after), heals)
	})
	return calls
}

// wholeStory: one message from firing to its end, nobody called twice for one thing, the
// page taken back, nothing left to say. What may have been said before is said with that
// mark, by which a door finds it.
func (w *world) wholeStory(when string, heals bool) {
	w.t.Helper()
	said := map[string]int{}
	over, turns := false, 0 // what gave up, or begins to be repaired anew, calls anew
	for _, s := range w.said {
		say := s.say
		over = s.m.Over && say.Op == alerts.Update || over && say.Op != alerts.Post
		if s.again || say.Op == alerts.Update || s.say.Group != "ip/cn" {
			continue
		}
		if strings.Contains(say.Text, "gave up: ") || strings.Contains(say.Text, "repairing by itself") {
			turns++
		}
		key := fmt.Sprint(say.Op, say.Group, say.Episode, say.Step, say.Whom, say.Text, turns)
		if said[key]++; said[key] > 1 {
			w.t.Errorf("%s: twice: %s\n%s", when, key, w.story())
		}
	}
	posts, pages, ends := len(said), w.times(alerts.Page), w.times(alerts.StopPage)
	left, err := w.book.Unsaid(w.t.Context(), regions.Speech)
	unheard := w.times(alerts.Post) == 0 || !over
	if posts == 0 || unheard || err != nil || len(left) > 0 || pages > 0 && ends == 0 || !heals && pages == 0 || heals && w.repairs() == 0 {
		w.t.Errorf("%s: %d pages, %d ended, over: %v, left %v, %v\n%s", when, pages, ends, over, left, err, w.story())
	}
}

// times is how often something was said that had not been tried before.
func (w *world) times(op alerts.Op) (n int) {
	for _, s := range w.heard(op) {
		if s.say.Group == "ip/cn" {
			n++
		}
	}
	return n
}

// TestKilledBetweenAnyTwoCalls: wherever the process dies, no alert is lost and nobody
// is called twice.
func TestKilledBetweenAnyTwoCalls(t *testing.T) {
	for name, heals := range map[string]bool{"a loss that is repaired": true, "a loss that no repair mends": false} {
		t.Run(name, func(t *testing.T) {
			last := killed(t, heals, 0, false)
			if last < 20 {
				t.Fatalf("only %d calls", last)
			}
			for at := 1; at <= last; at += *stride {
				killed(t, heals, at, false)
				killed(t, heals, at, true)
			}
			t.Logf("%d calls", last)
		})
	}
}

// TestAStormIsReadFewTimes: five hundred things to say are said in order from one
// reading of the outbox, each with the place of its message.
func TestAStormIsReadFewTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		m, end := w.process(0, false)
		time.Sleep(10 * time.Second)
		before, err := m.book.Book(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		w.lose() // so that there is a message
		time.Sleep(2 * time.Second)
		if before, err = m.book.Book(t.Context()); err != nil {
			t.Fatal(err)
		}
		m.set(func() { w.said = nil })
		storm := []alerts.Say{{Op: alerts.Post, Group: "ip/cn", Episode: before.Sent["ip/cn"].Episode}}
		for i := range 500 {
			storm = append(storm, alerts.Say{Op: alerts.Thread, Group: "ip/cn", Episode: before.Sent["ip/cn"].Episode, Text: fmt.Sprint(i)})
		}
		if err := m.book.SaveTurn(t.Context(), before, before, storm); err != nil {
			t.Fatal(err)
		}
		m.mu.Lock()
		m.reads = 0
		m.mu.Unlock()
		time.Sleep(5 * time.Minute)
		end()
		lines := 0
		for _, s := range w.heard(alerts.Thread) {
			if s.say.Text == fmt.Sprint(lines) && s.say.Ref == "here" {
				lines++
			}
		}
		if lines != 500 || m.reads > 100 {
			t.Errorf("%d of 500 lines were said in their order and place; the outbox was read %d times\n%s", lines, m.reads, w.story()[:1000])
		}
	})
}
