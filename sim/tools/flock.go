package tools

import (
	"context"
	"errors"
	"os"
	"strconv"
	"syscall"

	"vmqbot/sim/kernel"
)

// Exit codes of flock(1), from sysexits.h.
const (
	exUsage       = 64
	exNoInput     = 66
	exUnavailable = 69
)

// flock locks a file, or an open file by its number, and runs a command while
// the lock is held; the command inherits it.
func flock(p *kernel.Process) int {
	o, ok := parse(p, "+sexnw:E:uoFc:", "shared", "exclusive", "nonblock", "nb", "timeout=", "wait=", "conflict-exit-code=", "unlock", "close", "no-fork", "command=")
	if !ok {
		return exUsage
	}
	busy, err := strconv.Atoi(o.get("E", o.get("conflict-exit-code", "1")))
	if err != nil || len(o.args) == 0 {
		complain(p, "not enough arguments")
		p.Errorf("Try 'flock --help' for more information.\n")
		return exUsage
	}
	ctx, cancel, ok := patience(p, o)
	if !ok {
		complain(p, "invalid timeout value")
		return exUsage
	}
	defer cancel()
	d, argv, status := lockFile(p, &o)
	if d == nil {
		return status
	}
	defer d.Close() //nolint:errcheck // nothing is written
	if o.has("u", "unlock") {
		p.Unflock(d)
		return 0
	}
	err = p.Flock(ctx, d, !o.has("s", "shared"))
	switch {
	case p.Context().Err() != nil:
		return 0 // killed
	case errors.Is(err, syscall.EBADF):
		complain(p, "%s: %s", o.args[0], kernel.Reason(err))
		return 65
	case err != nil:
		return busy
	case len(argv) == 0:
		return 0
	}
	return guarded(p, o, d, argv)
}

// patience is how long to wait; nil does not wait.
func patience(p *kernel.Process, o options) (context.Context, func(), bool) {
	if o.has("n", "nonblock", "nb") {
		return nil, func() {}, true
	}
	text := o.get("w", o.get("timeout", o.get("wait", "inf")))
	wait, ok := duration(text)
	if ok && wait == 0 {
		return nil, func() {}, true
	}
	ctx, cancel := context.WithTimeout(p.Context(), wait)
	return ctx, cancel, ok
}

// lockFile opens what is to be locked, and tells the command.
func lockFile(p *kernel.Process, o *options) (d *kernel.FD, argv []string, status int) {
	name, argv := o.args[0], o.args[1:]
	if len(argv) == 0 && !o.has("c", "command") {
		n, err := strconv.Atoi(name)
		if err != nil {
			complain(p, "bad file descriptor: '%s'", name)
			return nil, nil, exUsage
		}
		d, err := p.DupFD(n)
		if err != nil {
			complain(p, "%d: Bad file descriptor", n)
			return nil, nil, 65
		}
		return d, nil, 0
	}
	if len(argv) == 2 && (argv[0] == "-c" || argv[0] == "--command") {
		argv = []string{"/bin/sh", "-c", argv[1]}
	}
	d, err := p.Open(name, os.O_RDONLY|os.O_CREATE, 0o644)
	if errors.Is(err, syscall.EISDIR) {
		d, err = p.Open(name, os.O_RDONLY, 0)
	}
	if err != nil {
		complain(p, "cannot open lock file %s: %s", name, kernel.Reason(err))
		return nil, nil, exNoInput
	}
	return d, argv, 0
}

// guarded runs the command. It has the lock's file open, so that the lock
// lives as long as the command or what it started.
func guarded(p *kernel.Process, o options, d *kernel.FD, argv []string) int {
	if p.LookPath(argv[0]) != nil {
		complain(p, "failed to execute %s: No such file or directory", argv[0])
		return exUnavailable
	}
	fds := p.CopyFDs()
	if !o.has("o", "close") {
		n := 3
		for fds[n] != nil {
			n++
		}
		fds[n] = d.Dup()
		if o.has("F", "no-fork") {
			for _, extra := range fds {
				_ = extra.Close() // this process keeps its own
			}
			p.SetFD(n, d.Dup())
			return become(p, "failed to execute %s", argv)
		}
	}
	child, err := p.Start(kernel.Spec{Argv: argv, FDs: fds})
	if err != nil {
		complain(p, "fork failed: %v", err)
		return 71
	}
	return await(p, child)
}
