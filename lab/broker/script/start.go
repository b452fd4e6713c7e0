package script

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// start starts the broker in the background and waits until it answers. It
// needs the ping for that, and the ping needs the node's own address: without
// it start fails although the broker runs.
func (e *Env) start(ctx context.Context, t target) int {
	if e.pinged(ctx, t) {
		e.err("Node is already running!\n")
		return 1
	}
	e.warnLimit()
	if err := e.spawn(t); err != nil {
		e.err("%v\n", err)
		return 1
	}
	e.out("vmq_cluster_node_sup\n")
	for range e.Wait {
		if pause(ctx, e.second()); ctx.Err() != nil {
			return 1
		}
		if e.started(ctx, t) {
			return 0
		}
	}
	e.out("vernemq failed to start within %d seconds,\nsee the output of 'vernemq console' for more information.\n"+
		"If you want to wait longer, set the environment variable\nWAIT_FOR_ERLANG to the number of seconds to wait.\n", e.Wait)
	return 1
}

func (e *Env) started(ctx context.Context, t target) bool {
	link, ok := e.quiet().connect(ctx, t)
	if !ok {
		return false
	}
	defer link.Close()
	var up bool
	return link.Call(ctx, "started", nil, &up) == nil && up
}

// second is the length of a second of the scripts.
func (e *Env) second() time.Duration {
	if e.Second > 0 {
		return e.Second
	}
	return time.Second
}

func (e *Env) warnLimit() {
	if n, known := e.System.OpenFiles(); known && n < 65536 {
		e.out("!!!!\n!!!! WARNING: ulimit -n is %d; 65536 is the recommended minimum.\n!!!!\n", n)
	}
}

// spawn starts this program again as beam.smp, in a session of its own.
func (e *Env) spawn(t target) error {
	if err := e.room(e.Log); err != nil {
		return err
	}
	if err := os.MkdirAll(e.real(e.Log), 0o755); err != nil {
		return err
	}
	return e.System.Spawn(e.beamArgs(t), filepath.Join(e.Log, "erlang.log.1"))
}

// beamArgs are the arguments that the real run-time system has in `ps`.
func (e *Env) beamArgs(t target) []string {
	return []string{filepath.Join(e.erts(), "beam.smp"), "-P", "256000", "-Q", "262144", "-e", "256000", "-A", "64", "-K", "true", "-W", "w", "--",
		"-root", e.Root, "-progname", "vernemq", "--", "-home", "/root", "--",
		"-boot", filepath.Join(e.Root, "releases", e.Version, "vernemq"),
		"-config", filepath.Join(e.Data, "generated.configs", fmt.Sprintf("app.%s.config", stamp(time.Now()))),
		"-name", t.node, "-setcookie", t.cookie, "-smp", "enable", "--", "console"}
}
