package script

import (
	"context"
	"time"
)

// findPID asks the node for its process id and explains when it cannot.
func (e *Env) findPID(ctx context.Context, t target) (int, bool) {
	link, ok := e.connect(ctx, t)
	if !ok {
		e.out("Node is not running!\n")
		return 0, false
	}
	defer link.Close()
	var pid int
	if err := link.Call(ctx, "getpid", nil, &pid); err != nil {
		e.out("Node is not running!\n")
		return 0, false
	}
	return pid, true
}

func (e *Env) pid(ctx context.Context, t target) int {
	pid, ok := e.findPID(ctx, t)
	if !ok {
		return 1
	}
	e.out("%d\n", pid)
	return 0
}

// stop tells the node to stop and waits until its process is gone.
func (e *Env) stop(ctx context.Context, t target) int {
	pid, ok := e.findPID(ctx, t)
	if !ok {
		return 1
	}
	if code := e.nodeTool(ctx, t, []string{"stop"}); code != 0 {
		return code
	}
	for e.System.Alive(pid) && ctx.Err() == nil {
		pause(ctx, e.second()/5)
	}
	return 0
}

// attach would need Erlang's shell.
func (e *Env) attach(ctx context.Context, t target) int {
	if !e.pinged(ctx, t) {
		e.err("Node did not respond to ping!\n")
		return 1
	}
	e.err("This node has no Erlang shell to attach to.\n")
	return 1
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
