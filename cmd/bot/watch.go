package main

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
	"time"
)

const watchFix = "bot watch --config FILE [--listen ADDRESS] [--idle] [--verbose]"

// watch looks at the fleet until it is told to stop, prints its alerts on
// standard output, takes them to the receivers of the fleet file, and repairs
// what it may. With --listen it serves /metrics, /healthz, /readyz and /mesh. At
// SIGHUP it reads the fleet file again.
func (p *process) watch(ctx context.Context, args []string) (err error) {
	fs := p.flags("watch")
	config := fs.String("config", "fleet.yaml", "")
	listen := fs.String("listen", "", "")
	idle := fs.Bool("idle", false, "")
	verbose := fs.Bool("verbose", false, "")
	if help, err := p.parse(fs, args, watchFix); help || err != nil {
		return err
	}
	fleet, err := p.loadFleet(*config)
	if err != nil {
		return err
	}
	var l net.Listener
	if *listen != "" {
		if l, err = listenOn(ctx, *listen, watchFix); err != nil {
			return err
		}
		defer l.Close() //nolint:errcheck // the server has closed it already when it ran
	}
	st, err := p.openStore(ctx, fleet)
	if err != nil {
		return err
	}
	level := slog.LevelInfo
	if *verbose {
		level = slog.LevelDebug
	}
	eye := &lookout{p: p, file: *config, idle: *idle, store: st, fleet: fleet}
	eye.redactor.Store(fleet.Redactor())
	eye.log = slog.New(slog.NewTextHandler(eye, &slog.HandlerOptions{Level: level}))
	eye.out = newOutside(fleet, eye.log)
	run := func() error { return eye.run(ctx) }
	if l != nil {
		eye.log.Info("listening", "address", l.Addr().String())
		watching := run
		run = func() error { return serving(ctx, l, eye.out.handler(), watching) }
	}
	return errors.Join(run(), st.Close())
}

// jitter is at most a twentieth of the interval, earlier or later.
func jitter(d time.Duration) time.Duration {
	most := int64(d / 20)
	return time.Duration(rand.Int64N(2*most+1) - most) //nolint:gosec // spreads load, keeps no secret
}
