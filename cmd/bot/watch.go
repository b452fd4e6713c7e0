package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"time"

	"vmqbot/executor"
	"vmqbot/terminal"
	"vmqbot/watch"
)

const watchFix = "bot watch --config FILE [--listen ADDRESS] [--idle] [--verbose]"

// watch looks at the fleet until it is told to stop, prints its alerts on
// standard output, takes them to the receivers of the fleet file, and repairs
// what it may. With --listen it serves /metrics, /healthz, /readyz and /mesh.
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
	log := slog.New(slog.NewTextHandler(p.redactor.Writer(p.stderr), &slog.HandlerOptions{Level: level}))
	out := newOutside(fleet, log)
	hosts := executor.Open(fleet, executor.Options{Agent: p.getenv("SSH_AUTH_SOCK"), Home: p.getenv("HOME"), Logger: log, Dialed: out.metrics.Dialed})
	s := p.service(fleet, st, hosts, runFlags{})
	out.counts(s)
	s.Holder = fmt.Sprintf("watch of %s@%s#%d", p.user(), hostname(), os.Getpid())
	w := &watch.Watch{
		Service: s, Hints: hosts.Hints, Book: st, Wishes: st, Speaker: terminal.NewAlerts(p.redactor.Writer(p.stdout)), Logger: log,
		Jitter: jitter, Idle: *idle,
	}
	log.Info("watching", "cluster", fleet.Cluster, "nodes", len(fleet.Nodes()), "sweep", fleet.Checks.Sweep.String())
	run := func() error { return out.watching(ctx, w) }
	if l != nil {
		log.Info("listening", "address", l.Addr().String())
		watching := run
		run = func() error { return serving(ctx, l, out.handler(), watching) }
	}
	return errors.Join(run(), hosts.Close(), st.Close())
}

// jitter is at most a twentieth of the interval, earlier or later.
func jitter(d time.Duration) time.Duration {
	most := int64(d / 20)
	return time.Duration(rand.Int64N(2*most+1) - most) //nolint:gosec // spreads load, keeps no secret
}
