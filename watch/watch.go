package watch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"vmqbot/alerts"
	"vmqbot/control"
	"vmqbot/facts"
	"vmqbot/ops"
)

// Watch watches one fleet. All fields from Told on may be left out.
// When the fleet file changes, end it and begin another: everything that
// matters is kept.
type Watch struct {
	Service *control.Service // the one way to repair; its fleet is the one that is watched
	Hints   ops.Hints
	Book    ops.AlertBook
	Wishes  ops.Wishes
	Speaker ops.Speaker
	Logger  *slog.Logger
	Told    <-chan struct{}                           // asks for a look: somebody has just told the watch something; nil for none
	Reach   func(context.Context) bool                // whether anything outside the fleet answers; nil when nothing was named
	Jitter  func(d time.Duration) (off time.Duration) // draws how much earlier or later a sweep begins; nil for punctual ones
	Idle    bool                                      // look and tell, and repair nothing
	Steady  func() time.Duration                      // how long something has run, by a clock that nobody can set; nil for this machine's own. It must be as fast as the service's clock

	Receivers []Receiver  // where alerts are taken to beside the Speaker, each at its own pace
	Witness   ops.Witness // sees what is done; nil for nobody
	Stage     ops.Stage   // shows the steps of what is done by itself, or was scheduled; nil for nobody

	mu       sync.Mutex
	book     alerts.Book
	heard    alerts.Wishes
	past     facts.History // in memory only: after a restart it begins anew
	glanced  bool          // a look was folded since the watch began
	settled  bool          // a look that asked the brokers too was
	begun    time.Time     // of this run; the steady clock counts from it
	read     reading       // the clocks, when a turn was last kept
	order    order         // of the looks
	deep     bool          // a look that a doubt asked for asks the brokers
	samples  int           // looks that took a sample of the links
	sweeps   int
	busyLast map[string]busy // by region
	locked   map[string]bool // by region, at the last look
	unsaid   time.Time       // since when what people must be told waits; zero when nothing does
	again    *time.Timer     // the look that doubt asks for

	out map[string]bool // hosts that a quick look still waits for, by their first node

	folding sync.Mutex // held while a look is judged and folded

	hint  chan string // asks for a look; holds one
	doors []*door     // who tells what must be said
	jobs  sync.WaitGroup
}

// Receiver is one place outside that alerts are taken to.
type Receiver struct {
	Name    string
	Speaker ops.Speaker
}

// leaseTTL is how long a watch is taken for alive after its last sign.
const leaseTTL = time.Minute

// Run watches until ctx ends. Only one process at a time watches a fleet with
// one store; the others wait until it is gone.
func (w *Watch) Run(ctx context.Context) error {
	lease, err := w.take(ctx)
	if err != nil {
		return unless(ctx, err)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	w.hint, w.busyLast, w.out, w.begun = make(chan string, 1), map[string]busy{}, map[string]bool{}, time.Now()
	if err := w.load(ctx); err != nil {
		return errors.Join(unless(ctx, err), w.giveBack(ctx, lease))
	}
	w.notice(ops.Noticed{Notice: ops.Watching})
	defer w.notice(ops.Noticed{Notice: ops.Ended})
	w.jobs.Go(func() { w.keep(ctx, lease, stop) })
	for _, d := range w.doors {
		w.jobs.Go(func() { w.speak(ctx, d) })
	}
	for _, host := range byHost(w.Service.Fleet.Nodes()) {
		w.jobs.Go(func() { w.listen(ctx, host[0]) })
	}
	if !w.Idle {
		w.jobs.Go(func() { w.onSchedule(ctx) })
	}
	w.ask("the watch begins")
	w.clockwork(ctx)
	w.mu.Lock()
	if w.again != nil {
		w.again.Stop()
	}
	w.mu.Unlock()
	w.jobs.Wait()
	return errors.Join(unless(ctx, context.Cause(ctx)), w.giveBack(ctx, lease))
}

// unless drops an error that only says that ctx was ended from outside.
func unless(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), context.Canceled) {
		return nil
	}
	return err
}

// giveBack lets the next process watch at once.
func (w *Watch) giveBack(ctx context.Context, l ops.Lease) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return w.Service.Leases.Release(ctx, l)
}

// take waits for the lease of the watch.
func (w *Watch) take(ctx context.Context) (ops.Lease, error) {
	told := ""
	for {
		l, err := w.Service.Leases.Acquire(ctx, ops.Lease{
			Name: w.Service.Fleet.Cluster + "/watch", Holder: w.Service.Holder, Reason: "watching the fleet", TTL: leaseTTL,
		})
		var held *ops.Held
		if err == nil || !errors.As(err, &held) {
			return l, err
		}
		w.notice(ops.Noticed{Notice: ops.StandingBy})
		if told != held.Lease.Holder {
			told = held.Lease.Holder
			w.Logger.Info("somebody else watches this fleet; waiting", "holder", told)
		}
		select {
		case <-ctx.Done():
			return l, ctx.Err()
		case <-w.Service.Clock.After(leaseTTL / 6):
		}
	}
}

// keep renews the lease; a watch that lost it must not speak or repair.
func (w *Watch) keep(ctx context.Context, l ops.Lease, stop context.CancelCauseFunc) {
	good := w.Service.Clock.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.Service.Clock.After(leaseTTL / 3):
		}
		_, err := w.Service.Leases.Renew(ctx, l)
		switch {
		case err == nil:
			good = w.Service.Clock.Now()
		case ctx.Err() == nil && (ops.CodeOf(err) == ops.Refused || w.Service.Clock.Now().Sub(good) > leaseTTL):
			stop(fmt.Errorf("the watch was lost: %w", err))
			return
		}
	}
}

// load goes on from what was kept. Attempts that were running when the process
// died are over: whether they helped, the next looks tell.
func (w *Watch) load(ctx context.Context) error {
	book, err := w.Book.Book(ctx)
	if err != nil {
		return err
	}
	before := book
	book = book.Resumed(w.now())
	w.book = book
	w.doors = w.allDoors()
	var names []string
	for _, d := range w.doors {
		names = append(names, d.name)
	}
	return errors.Join(w.Book.SaveTurn(ctx, before, book, nil), w.Book.Doors(ctx, names...))
}

// now is the time without the reading of the monotonic clock, as it is kept.
func (w *Watch) now() time.Time { return w.Service.Clock.Now().Round(0).UTC() }

// Snapshot is what is known now.
func (w *Watch) Snapshot() (alerts.Book, alerts.Wishes) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.book, w.heard
}
