package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"vmqbot/control"
	"vmqbot/endpoints"
	"vmqbot/metrics"
	"vmqbot/ops"
	"vmqbot/outward"
	"vmqbot/regions"
	"vmqbot/watch"
)

// outside is a watch as others see it: the pages on its port, the receivers to
// which its alerts are taken, and its sign of life. It outlives the watch of one
// fleet file.
type outside struct {
	metrics *metrics.Metrics
	board   *endpoints.Board
	log     *slog.Logger
	fleet   *regions.Fleet // of the watch that runs, or ran last
}

func newOutside(f *regions.Fleet, log *slog.Logger) *outside {
	return &outside{metrics: metrics.New(f, buildInfo()), board: endpoints.NewBoard(f, wallClock{}), log: log, fleet: f}
}

// counts has what a service does counted. Its runner keeps the journal of steps,
// which nobody counts.
func (o *outside) counts(s *control.Service) {
	s.Journal, s.Approvals = o.metrics.Journal(s.Journal), o.metrics.Approvals(s.Approvals)
}

// buildInfo is what this binary is, as far as it knows.
func buildInfo() metrics.Build {
	b := metrics.Build{Version: "unknown", Revision: "unknown", Go: "unknown"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.Version, b.Go = info.Main.Version, info.GoVersion
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			b.Revision = s.Value[:min(12, len(s.Value))]
		}
	}
	return b
}

// watching runs a watch to its end, and beside it what others get of it. One
// watch runs at a time; the next may be of another fleet file.
func (o *outside) watching(ctx context.Context, w *watch.Watch) error {
	f := w.Service.Fleet
	if f != o.fleet {
		o.fleet = f
		o.metrics.Loaded(f)
		o.board.Loaded(f)
	}
	w.Witness = ops.Witnesses{o.metrics, o.board}
	w.Receivers = nil
	for _, r := range f.Receivers {
		w.Receivers = append(w.Receivers, watch.Receiver{Name: r.Name, Speaker: outward.New(f, r, wallClock{})})
	}
	turns := func() bool { _, ready := o.board.Ready(); return ready }
	sign := &outward.Deadman{Fleet: f, Turns: turns, Clock: wallClock{}, Witness: w.Witness, Logger: o.log}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var beside sync.WaitGroup
	beside.Go(func() { sign.Run(ctx) })
	err := w.Run(ctx)
	stop()
	beside.Wait()
	return err
}

// handler is all pages; more are conditions of others for /readyz.
func (o *outside) handler(more ...func() endpoints.Condition) http.Handler {
	return o.board.Handler(o.metrics.Handler(), more...)
}

// listenOn opens an address of this machine for the pages.
func listenOn(ctx context.Context, address, fix string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, ops.Errorf(ops.Invalid, fix, "The address %s cannot be listened on: %v.", address, err)
	}
	return l, nil
}

// serving serves pages while run runs, and ends with it.
func serving(ctx context.Context, l net.Listener, h http.Handler, run func() error) error {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, MaxHeaderBytes: 16 << 10}
	var serves sync.WaitGroup
	var failed error
	serves.Go(func() { failed = s.Serve(l) })
	err := run()
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if s.Shutdown(late) != nil {
		_ = s.Close() // whoever still reads a page by then does not get the rest of it
	}
	serves.Wait()
	if errors.Is(failed, http.ErrServerClosed) {
		failed = nil
	}
	return errors.Join(err, failed)
}
