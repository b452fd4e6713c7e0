package watch_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vmqbot/alerts"
	"vmqbot/control"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/ops/opstest"
	"vmqbot/regions"
	"vmqbot/watch"
)

// world is a fleet of facts that a test breaks, with a watch on it. It lives in
// a bubble, in which hours pass in milliseconds.
type world struct {
	t       testing.TB
	fleet   *regions.Fleet
	book    *opstest.Book
	leases  *opstest.Leases
	journal *opstest.Journal
	watch   *watch.Watch

	mu     sync.Mutex
	seen   facts.Fleet
	looks  int
	deaf   bool // no events are told
	events chan ops.Hint
	since  []time.Time
	away   bool // nobody can be told anything
	said   []told
	ran    []string
	heal   func() error       // what a repair does
	noise  func(*facts.Fleet) // what is different in each look; nil for nothing
}

type told struct {
	at    time.Time
	say   alerts.Say
	m     alerts.Message
	again bool
}

func newWorld(t testing.TB) *world {
	t.Helper()
	f, err := regions.Load("example.yaml", []byte(regions.Example), func(_, ref string) (string, error) { return "value-of-" + ref, nil })
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		t: t, fleet: f, book: &opstest.Book{}, leases: &opstest.Leases{}, journal: &opstest.Journal{},
		seen: factstest.Healthy(f), events: make(chan ops.Hint, 16),
	}
	w.heal = func() error {
		w.set(func() { w.seen = factstest.Healthy(f) })
		return nil
	}
	w.watch = w.another("bot#1")
	return w
}

// another is a watch of another process with the same store.
func (w *world) another(holder string) *watch.Watch {
	s := &control.Service{
		Fleet: w.fleet, Looker: w, Runner: w, Journal: w.journal, History: w.journal, Audit: w.journal, Leases: w.leases, HostLeases: &opstest.Leases{},
		Book: w.book, Wishes: w.book, Clock: clock{}, Holder: holder, NewID: func() string { return "4f2a91" }, LockWait: time.Minute,
	}
	return &watch.Watch{Service: s, Hints: w, Book: w.book, Wishes: w.book, Speaker: w, Logger: slog.New(slog.DiscardHandler)}
}

// clock is the bubble's.
type clock struct{}

func (clock) Now() time.Time                         { return time.Now() }
func (clock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// run watches until the returned function ends it.
func (w *world) run(on *watch.Watch) (end func()) {
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan error, 1)
	go func() { done <- on.Run(ctx) }()
	return func() {
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			w.t.Errorf("the watch ended with %v", err)
		}
	}
}

func (w *world) set(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
}

// lose takes the address of cn-1 away, as a restart does, and tells it.
func (w *world) lose() {
	w.set(func() {
		w.seen = factstest.Healthy(w.fleet)
		factstest.Restarted(&w.seen, w.fleet, "cn-1")
		if !w.deaf {
			w.events <- ops.Hint{Node: "cn-1", What: "start", Name: "vernemq-release-cn-1", At: time.Now()}
		}
	})
}

// Look sees what is there now. A quick look asks each host by itself: it counts once.
func (w *world) Look(_ context.Context, nodes []regions.Node, need facts.Need) facts.Fleet {
	w.mu.Lock()
	defer w.mu.Unlock()
	if nodes[0].Name == w.fleet.Nodes()[0].Name {
		w.looks++
	}
	seen := w.seen // a test changes what is there while this look is being judged
	seen.Nodes, seen.Crossings, seen.Pings = maps.Clone(seen.Nodes), slices.Clone(seen.Crossings), slices.Clone(seen.Pings)
	if w.noise != nil {
		w.noise(&seen)
	}
	if !need.Crossings {
		seen.Crossings = nil
	}
	if !need.Pings {
		seen.Pings = nil
	}
	return seen
}

// Run repairs.
func (w *world) Run(_ context.Context, op ops.Operation, p ops.Plan, _ func(context.Context) error, _ func(ops.Event)) error {
	w.set(func() { w.ran = append(w.ran, op.Actor+": "+op.Line+": "+p.Title) })
	time.Sleep(3 * time.Second)
	return w.heal()
}

// Hear tells the events of cn; the other hosts are quiet.
func (w *world) Hear(ctx context.Context, n regions.Node, since time.Time, ready func(), hear func(ops.Hint)) error {
	w.mu.Lock()
	deaf := w.deaf
	w.since = append(w.since, since)
	w.mu.Unlock()
	if deaf {
		return errors.New("the stream was cut")
	}
	ready()
	events := w.events
	if n.Name != "cn-1" {
		events = nil
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case h := <-events:
			if h.What == "cut" {
				return errors.New("the stream was cut")
			}
			hear(h)
		}
	}
}

// Speak hears what is said.
func (w *world) Speak(_ context.Context, s alerts.Say, m alerts.Message, again bool) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.away {
		return "", errors.New("nobody can be told anything")
	}
	w.said = append(w.said, told{time.Now(), s, m, again})
	return "here", nil
}

// heard is everything that was said of a kind.
func (w *world) heard(op alerts.Op) []told {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []told
	for _, s := range w.said {
		if s.say.Op == op {
			all = append(all, s)
		}
	}
	return all
}

// story is what was said, for a failure.
func (w *world) story() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var b strings.Builder
	for _, s := range w.said {
		b.WriteString(s.at.Format("15:04:05.000 ") + string(s.say.Op) + " " + s.say.Group + " " + s.say.ID.Key.Where() + " " + s.say.Text + "\n")
	}
	return b.String() + strings.Join(w.ran, "\n")
}

// spoke, repairs and looked are how often.
func (w *world) spoke() int   { return w.count(func() int { return len(w.said) }) }
func (w *world) repairs() int { return w.count(func() int { return len(w.ran) }) }
func (w *world) looked() int  { return w.count(func() int { return w.looks }) }

func (w *world) count(of func() int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return of()
}
