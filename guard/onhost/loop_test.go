package onhost

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vmqbot/facts"
	"vmqbot/guard"
	"vmqbot/ops"
	"vmqbot/ops/opstest"
	"vmqbot/regions"
)

var config = guard.Config{
	Cluster: "release", Region: "cn", Node: "cn-1", Container: "vernemq-release-cn-1", Address: netip.MustParsePrefix("10.0.0.1/24"),
	Present: 90 * time.Second, Grace: 10 * time.Second,
}

// fake is a host of facts.
type fake struct {
	opstest.Leases
	mu       sync.Mutex
	lost     bool
	bot      time.Time
	broken   error // what weave answers
	attached []time.Time
	looks    int
	events   chan string
	state    guard.State
}

func (f *fake) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

func (f *fake) Look(context.Context) guard.Sight {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.looks++
	n := facts.Netns{PID: 42, Addresses: []netip.Addr{netip.MustParseAddr("127.0.0.1")}}
	if !f.lost {
		n.Addresses = append(n.Addresses, config.Address.Addr())
	}
	return guard.Sight{Container: facts.Saw(facts.Container{Name: config.Container, State: "running", Running: true, PID: 42}), Netns: facts.Saw(n), Bot: f.bot}
}

func (f *fake) Attach(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.attached = append(f.attached, time.Now())
	if f.broken == nil {
		f.lost = false
	}
	return f.broken
}

func (f *fake) Hear(ctx context.Context, ready func(), hear func(string)) error {
	if f.events == nil {
		return errors.New("no Docker")
	}
	ready()
	for {
		select {
		case name := <-f.events:
			hear(name)
		case <-ctx.Done():
			return nil
		}
	}
}

func (f *fake) Tell(s guard.State) error {
	f.set(func() { f.state = s })
	return nil
}

// AcquireOn, RenewOn and ReleaseOn are the store's leases, kept on the host.
func (f *fake) AcquireOn(ctx context.Context, _ regions.Node, l ops.Lease) (ops.Lease, error) {
	return f.Acquire(ctx, l)
}

func (f *fake) RenewOn(ctx context.Context, _ regions.Node, l ops.Lease) (ops.Lease, error) {
	return f.Renew(ctx, l)
}

func (f *fake) ReleaseOn(ctx context.Context, _ regions.Node, l ops.Lease) error {
	return f.Release(ctx, l)
}

// guarding runs a guard until the test ends.
func guarding(t *testing.T, f *fake) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	g := &Guard{Config: config, Body: f, Leases: f, Clock: wall{}, Logger: slog.New(slog.DiscardHandler), State: guard.State{PID: 7}}
	go func() { done <- g.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the guard ended with %v", err)
		}
	})
}

func bubble(t *testing.T, story func(t *testing.T, f *fake)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { story(t, &fake{events: make(chan string, 1)}) })
}

func TestItGivesTheAddressBack(t *testing.T) {
	bubble(t, func(t *testing.T, f *fake) {
		guarding(t, f)
		time.Sleep(time.Minute)
		lost := time.Now()
		f.set(func() { f.lost = true })
		f.events <- config.Container
		time.Sleep(20 * time.Second)
		if len(f.attached) != 1 || f.lost {
			t.Fatalf("it attached at %v", f.attached)
		}
		if took := f.attached[0].Sub(lost); took < config.Grace || took > config.Grace+5*time.Second {
			t.Errorf("it attached after %s", took)
		}
		if f.state.Given != 1 || f.state.Word != string(guard.Attached) || f.state.Last == "" {
			t.Errorf("it tells %+v", f.state)
		}
		time.Sleep(time.Hour)
		if len(f.attached) != 1 {
			t.Errorf("it attached again at %v", f.attached)
		}
	})
}

// An event makes it look at once; another container's does not.
func TestAnEventIsALook(t *testing.T) {
	bubble(t, func(t *testing.T, f *fake) {
		guarding(t, f)
		synctest.Wait()
		before := f.looks
		f.events <- "redis"
		synctest.Wait()
		if f.looks != before {
			t.Error("it looked for a stranger")
		}
		f.events <- config.Container
		synctest.Wait()
		if f.looks != before+1 {
			t.Errorf("it looked %d times", f.looks-before)
		}
	})
}

// Without events the next tick sees it.
func TestNoEventsCanBeHeard(t *testing.T) {
	bubble(t, func(t *testing.T, f *fake) {
		f.events = nil
		guarding(t, f)
		time.Sleep(time.Second)
		f.set(func() { f.lost = true })
		time.Sleep(21 * time.Second)
		if len(f.attached) != 1 {
			t.Errorf("it attached at %v", f.attached)
		}
	})
}

// While somebody holds the region's lease the guard does nothing, and when it is
// given back it waits once more.
func TestSomebodyIsAtWork(t *testing.T) {
	bubble(t, func(t *testing.T, f *fake) {
		bot, err := f.Acquire(t.Context(), ops.Lease{Name: "release/cn", Holder: "bot", Reason: "restart cn", TTL: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		f.lost = true
		guarding(t, f)
		time.Sleep(10 * time.Minute)
		if len(f.attached) != 0 {
			t.Fatalf("it attached under somebody's hands at %v", f.attached)
		}
		given := time.Now()
		if err := f.Release(t.Context(), bot); err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * time.Second)
		if len(f.attached) != 1 || f.attached[0].Sub(given) > config.Grace+5*time.Second {
			t.Errorf("it attached at %v, the lease ended at %v", f.attached, given)
		}
		if _, held, _ := f.Holder(t.Context(), "release/cn"); held {
			t.Error("it kept the lease")
		}
	})
}

// A bot that looks keeps the guard quiet for as long as it does.
func TestTheBotIsThere(t *testing.T) {
	bubble(t, func(t *testing.T, f *fake) {
		f.lost = true
		guarding(t, f)
		for range 20 {
			f.set(func() { f.bot = time.Now() })
			time.Sleep(30 * time.Second)
		}
		if len(f.attached) != 0 || f.state.Word != string(guard.BotsTurn) {
			t.Fatalf("it attached at %v and tells %q", f.attached, f.state.Word)
		}
		time.Sleep(70 * time.Second) // the last look is a hundred seconds old
		if len(f.attached) != 1 {
			t.Error("the bot is gone, and nobody gave the address back")
		}
	})
}

// Attempts that do not help come more and more rarely, and say why.
func TestWeaveRefuses(t *testing.T) {
	bubble(t, func(t *testing.T, f *fake) {
		f.lost, f.broken = true, errors.New("10.0.0.1 is owned by another peer")
		guarding(t, f)
		time.Sleep(time.Hour)
		var gaps []time.Duration
		for i := 1; i < len(f.attached); i++ {
			gaps = append(gaps, f.attached[i].Sub(f.attached[i-1]).Round(10*time.Second))
		}
		if len(gaps) < 3 || !slices.Equal(gaps[:3], []time.Duration{30 * time.Second, 2 * time.Minute, 8 * time.Minute}) || len(gaps) > 9 {
			t.Errorf("the pauses were %v", gaps)
		}
		if f.state.Given != 0 || f.state.Word == string(guard.Attached) {
			t.Errorf("it tells %+v", f.state)
		}
	})
}

// Weave's word is no proof: the address must be there.
func TestWeaveSaysDone(t *testing.T) {
	bubble(t, func(t *testing.T, f *fake) {
		f.lost = true
		stuck := &lying{f}
		ctx, cancel := context.WithCancel(t.Context())
		g := &Guard{Config: config, Body: stuck, Leases: f, Clock: wall{}, Logger: slog.New(slog.DiscardHandler)}
		done := make(chan error, 1)
		go func() { done <- g.Run(ctx) }()
		time.Sleep(15 * time.Second)
		cancel()
		if err := <-done; err != nil || f.state.Given != 0 || f.state.Last == "" {
			t.Errorf("%v; it tells %+v", err, f.state)
		}
	})
}

// lying is a weave that does nothing and says nothing wrong.
type lying struct{ *fake }

func (lying) Attach(context.Context) error { return nil }
