package script

import (
	"context"
	"io"
)

const usage = `Usage: vernemq «command»
where «command» is one of the following:
    { help | start | stop | restart | ping | console | attach
      attach-direct | ertspath | chkconfig | escript | version | getpid
      config { generate | effective | describe VARIABLE } [-l debug]

Run ` + "`vernemq help`" + ` for more detailed information.

`

// VerneMQ is the script vernemq. Unknown commands print usage and succeed.
func (e *Env) VerneMQ(ctx context.Context, args []string) int {
	verb := ""
	if len(args) > 0 {
		verb = args[0]
	}
	if verb == "version" {
		e.out("%s\n", e.Version)
		return 0
	}
	t, ok := e.local()
	if !ok {
		return 1
	}
	switch verb {
	case "start":
		return e.start(ctx, t)
	case "stop":
		return e.stop(ctx, t)
	case "restart":
		if code := e.stop(ctx, t); code != 0 {
			return code
		}
		return e.start(ctx, t)
	case "ping":
		return e.nodeTool(ctx, t, []string{"ping"})
	case "getpid":
		return e.pid(ctx, t)
	case "console":
		return e.console(ctx, t)
	case "attach", "attach-direct":
		return e.attach(ctx, t)
	case "chkconfig":
		return e.chkconfig()
	case "config":
		return e.config(args[1:])
	case "escript":
		return e.Escript(ctx, args[1:])
	case "ertspath":
		e.out("%s\n", e.erts())
		return 0
	}
	e.out("%s", usage)
	return 0
}

// quiet is the same environment with nobody listening.
func (e *Env) quiet() *Env {
	q := *e
	q.Stdout, q.Stderr = io.Discard, io.Discard
	return &q
}

func (e *Env) pinged(ctx context.Context, t target) bool {
	return e.quiet().nodeTool(ctx, t, []string{"ping"}) == 0
}
