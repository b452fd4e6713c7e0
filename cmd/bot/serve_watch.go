package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"vmqbot/alerts"
	"vmqbot/bot"
	"vmqbot/ops"
	"vmqbot/store"
	"vmqbot/watch"
)

// watchAgain is the pause before a watch that ended by itself is begun again,
// and stopWatch how long a clean stop waits for what it repairs.
const (
	watchAgain = 5 * time.Second
	stopWatch  = 15 * time.Second
)

// heard is the store of a bot that watches: whoever tells the watch something
// through it need not wait for the next sweep.
type heard struct {
	*store.Store
	told chan struct{}
}

// AddWish keeps the wish, and wakes the watch.
func (h *heard) AddWish(ctx context.Context, w alerts.Wish) error {
	err := h.Store.AddWish(ctx, w)
	select {
	case h.told <- struct{}{}:
	default: // it was woken already
	}
	return err
}

// graphs draws what the watch of now remembers; it implements bot.Grapher.
type graphs struct{ now atomic.Pointer[watch.Watch] }

// Graph draws the last hours of the links that an alert is about.
func (g *graphs) Graph(ctx context.Context, key alerts.Key) ([]byte, error) {
	w := g.now.Load()
	if w == nil {
		return nil, ops.Errorf(ops.Unseen, "", "The watch has not begun yet, so nothing was measured. Ask again in a minute.")
	}
	return w.Graph(ctx, key.String())
}

// watching runs the bot and, beside it, the watch with Slack as its mouth. The
// watch looks and repairs also while Slack is away.
func (d *desk) watching(ctx context.Context, b *bot.Bot) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan struct{})
	go func() { // waited for below, for as long as a stop may take
		defer close(ended)
		for ctx.Err() == nil {
			d.watchOnce(ctx, b)
		}
	}()
	overdue := make(chan struct{})
	context.AfterFunc(ctx, func() { time.AfterFunc(stopWatch, func() { close(overdue) }) })
	err := b.Run(ctx, d)
	cancel()
	select {
	case <-ended:
	case <-overdue:
		d.log.Error("what the watch repairs did not stop in time; the next one looks and goes on")
	}
	return err
}

// watchOnce watches with one fleet file, until another was read, ctx ends, or
// the watch cannot go on.
func (d *desk) watchOnce(ctx context.Context, b *bot.Bot) {
	shop, giveBack := d.borrow()
	defer giveBack()
	one, stop := context.WithCancel(ctx)
	s := *shop.service
	s.Holder = fmt.Sprintf("watch of %s@%s#%d", d.p.user(), hostname(), os.Getpid())
	w := &watch.Watch{
		Service: &s, Hints: shop.hosts.Hints, Book: d.store, Wishes: d.store, Speaker: b.Alerts(), Logger: d.log,
		Stage: b.Stage(), Told: d.store.told, Reach: reachedBy(b.Reached, neutral(s.Fleet)), Jitter: jitter,
	}
	d.graphs.now.Store(w)
	var changed sync.WaitGroup
	changed.Go(func() {
		select {
		case <-shop.closed:
			untilIdle(one, w)
			d.log.Info("the watch begins anew with the fleet file that was read")
			stop()
		case <-one.Done():
		}
	})
	d.log.Info("watching", "nodes", len(s.Fleet.Nodes()), "sweep", s.Fleet.Checks.Sweep.String())
	err := d.out.watching(one, w)
	again := one.Err() == nil
	stop()
	changed.Wait()
	if err != nil {
		d.log.Error("the watch ended, and begins again", "err", err)
	}
	if again {
		select {
		case <-ctx.Done():
		case <-time.After(watchAgain):
		}
	}
}

// reachedBy is whether one of the two reached anything; the second may be nil.
func reachedBy(one, other func(context.Context) bool) func(context.Context) bool {
	return func(ctx context.Context) bool { return one(ctx) || other != nil && other(ctx) }
}

// untilIdle waits for a repair that runs, so that a new fleet file does not cut
// it off in its middle; for as long as one takes, and no longer.
func untilIdle(ctx context.Context, w *watch.Watch) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	late := time.After(2 * time.Minute)
	for {
		if book, _ := w.Snapshot(); len(book.Running()) == 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-late:
			return
		case <-tick.C:
		}
	}
}
