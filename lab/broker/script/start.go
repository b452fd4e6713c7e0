package script

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
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
	spawn := e.Spawn
	if spawn == nil {
		spawn = func() error { return e.spawn(t) }
	}
	if err := spawn(); err != nil {
		e.err("%v\n", err)
		return 1
	}
	e.out("vmq_cluster_node_sup\n")
	for range e.Wait {
		pause(ctx, time.Second)
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

func (e *Env) warnLimit() {
	var l syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l) == nil && l.Cur < 65536 {
		e.out("!!!!\n!!!! WARNING: ulimit -n is %d; 65536 is the recommended minimum.\n!!!!\n", l.Cur)
	}
}

// spawn starts this program again as beam.smp, in a session of its own.
func (e *Env) spawn(t target) error {
	if err := os.MkdirAll(e.Log, 0o755); err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(e.Log, "erlang.log.1"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := &exec.Cmd{Path: e.beam(), Args: e.beamArgs(t), Stdout: log, Stderr: log, SysProcAttr: &syscall.SysProcAttr{Setsid: true}}
	if err := cmd.Start(); err != nil {
		return err
	}
	return cmd.Process.Release()
}

// beam is the program to execute: the link of that name in the release when
// there is one, so that `ps` shows beam.smp.
func (e *Env) beam() string {
	link := filepath.Join(e.erts(), "beam.smp")
	if _, err := os.Stat(link); err == nil {
		return link
	}
	return e.Self
}

// beamArgs are the arguments that the real run-time system has in `ps`.
func (e *Env) beamArgs(t target) []string {
	return []string{filepath.Join(e.erts(), "beam.smp"), "-P", "256000", "-Q", "262144", "-e", "256000", "-A", "64", "-K", "true", "-W", "w", "--",
		"-root", e.Root, "-progname", "vernemq", "--", "-home", "/root", "--",
		"-boot", filepath.Join(e.Root, "releases", e.Version, "vernemq"),
		"-config", filepath.Join(e.Data, "generated.configs", fmt.Sprintf("app.%s.config", stamp(time.Now()))),
		"-name", t.node, "-setcookie", t.cookie, "-smp", "enable", "--", "console"}
}

// alive is what `kill -0` says, but for a process that has ended and is not
// yet collected by its parent.
func alive(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, state, _ := strings.Cut(string(b), ") ")
	return err == nil && !strings.HasPrefix(state, "Z")
}
