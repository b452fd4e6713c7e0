package script

import (
	"context"
	"io"
	"path/filepath"

	"vmqbot/lab/broker"
)

// console runs the broker in the foreground: the script becomes beam.smp.
func (e *Env) console(ctx context.Context, t target) int {
	if e.pinged(ctx, t) {
		e.out("Node is already running - use 'vernemq attach' instead\n")
		return 1
	}
	if code := e.quiet().chkconfig(); code != 0 {
		e.err("Error generating config with cuttlefish\n  run `vernemq config generate -l debug` for more information.\n")
		return code
	}
	e.warnLimit()
	e.out("Exec: %s\nRoot: %s\n", filepath.Join(e.erts(), "erlexec"), e.Root)
	code, err := e.System.Become(e.beamArgs(t))
	if err != nil {
		e.err("%v\n", err)
		return 1
	}
	return code
}

// Beam is the broker's process. It ends with 0 after a clean stop, by
// `vernemq stop` or SIGTERM.
func (e *Env) Beam(ctx context.Context) int {
	ctx, cancel := e.System.Asked(ctx)
	defer cancel()
	c, err := e.load()
	if err != nil {
		e.out("%s\n", e.report(err))
		return 1
	}
	var console io.Writer
	if m := c.Get("log.console"); m == "console" || m == "both" {
		console = e.Stdout
	}
	n, err := broker.New(broker.Options{Version: e.Version, Config: c, Etc: e.real(e.Etc), Data: e.real(e.Data), Logs: e.real(e.Log), Console: console,
		Network: e.Network, Timing: e.Timing, Pace: e.Pace, DistHost: e.DistHost, PID: e.System.PID(), Real: e.Real, Room: e.Room})
	if err == nil {
		err = n.Run(ctx)
	}
	if err != nil {
		e.out("{\"Kernel pid terminated\",application_controller,%q}\n", err)
		return 1
	}
	return 0
}
