package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"vmqbot/executor"
	"vmqbot/regions"
	"vmqbot/secret"
	"vmqbot/store"
	"vmqbot/terminal"
	"vmqbot/watch"
)

// lookout is "bot watch" over one store, whichever fleet file it goes by.
type lookout struct {
	p     *process
	file  string
	idle  bool
	store *store.Store
	out   *outside
	log   *slog.Logger
	fleet *regions.Fleet

	redactor atomic.Pointer[secret.Redactor] // of the fleet file that was read last
}

// Write is the log's way to standard error.
func (l *lookout) Write(b []byte) (int, error) { return l.redactor.Load().Writer(l.p.stderr).Write(b) }

// run watches until ctx ends. At each hang-up the fleet file is read again, and the
// watch begins anew with it; a file that is wrong is refused, and the old one kept.
func (l *lookout) run(ctx context.Context) error {
	for {
		next, err := l.once(ctx)
		if next == nil || err != nil {
			return err
		}
		l.fleet = next
	}
}

// once watches with one fleet file; next is the one that was read meanwhile.
func (l *lookout) once(ctx context.Context) (next *regions.Fleet, err error) {
	reach := l.p.reach(l.fleet)
	reach.Logger, reach.Dialed = l.log, l.out.metrics.Dialed
	hosts := executor.Open(l.fleet, reach)
	s := l.p.service(l.fleet, l.store, hosts, runFlags{})
	l.out.counts(s)
	s.Holder = fmt.Sprintf("watch of %s@%s#%d", l.p.user(), hostname(), os.Getpid())
	w := &watch.Watch{
		Service: s, Hints: hosts.Hints, Book: l.store, Wishes: l.store, Speaker: terminal.NewAlerts(l.fleet.Redactor().Writer(l.p.stdout), l.p.tongue), Logger: l.log,
		Reach: neutral(l.fleet), Jitter: jitter, Idle: l.idle,
	}
	l.log.Info("watching", "cluster", l.fleet.Cluster, "nodes", len(l.fleet.Nodes()), "sweep", l.fleet.Checks.Sweep.String())
	one, stop := context.WithCancel(ctx)
	defer stop()
	var listens sync.WaitGroup
	listens.Go(func() {
		if next = l.hungUp(one); next != nil {
			untilIdle(one, w)
			stop()
		}
	})
	err = l.out.watching(one, w)
	stop()
	listens.Wait()
	return next, errors.Join(err, hosts.Close())
}

// hungUp waits for a hang-up after which the file is good; nil when ctx ends first.
func (l *lookout) hungUp(ctx context.Context) *regions.Fleet {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-l.p.hangup:
		}
		fleet, err := l.p.loadFleet(l.file)
		switch {
		case err != nil:
		case fleet.Cluster != l.fleet.Cluster:
			err = errors.New("the fleet file is of another cluster; start a second bot for it")
		case fleet.Store != l.fleet.Store:
			err = errors.New("the fleet file names another store; end this watch and begin another")
		}
		if err != nil {
			l.log.Error("the fleet file was refused, and the one before is kept", "err", err)
			continue
		}
		l.redactor.Store(fleet.Redactor())
		l.log.Info("the fleet file was read again")
		return fleet
	}
}

// patience is how long a place outside may take to answer.
const patience = 3 * time.Second

// neutral asks whether the bot reaches the places outside the fleet that its file
// names: half of them are enough, for one may be down itself. It is nil where the
// file names none.
func neutral(f *regions.Fleet) func(context.Context) bool {
	places := f.Checks.Neutral
	if len(places) == 0 {
		return nil
	}
	return func(ctx context.Context) bool {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		answers := make(chan bool, len(places))
		for _, place := range places {
			go func() { // each is waited for below
				c, err := (&net.Dialer{}).DialContext(ctx, "tcp", place)
				if err == nil {
					_ = c.Close() // that it was opened is all that was asked
				}
				answers <- err == nil
			}()
		}
		reached := 0
		for range places {
			if <-answers {
				reached++
			}
		}
		return 2*reached >= len(places)
	}
}
