package script

import (
	"context"
	"errors"

	"vmqbot/lab/broker/clique"
	"vmqbot/lab/broker/erldist"
)

// admin runs one vmq-admin command.
func (e *Env) admin(ctx context.Context, link *erldist.Link, t target, argv []string) int {
	ctx, cancel := context.WithTimeout(ctx, t.limit)
	defer cancel()
	var o clique.Output
	if err := link.Call(ctx, "admin", argv, &o); err != nil {
		return e.failed(t, err)
	}
	e.out("%s", o.Stdout)
	e.err("%s", o.Stderr)
	return o.Exit
}

func (e *Env) failed(t target, err error) int {
	why := err.Error()
	if errors.Is(err, context.DeadlineExceeded) {
		why = "timeout"
	}
	e.err("RPC to %s failed: %s\n", erldist.Atom(t.node), why)
	return 1
}

// Admin is the script vmq-admin.
func (e *Env) Admin(ctx context.Context, argv []string) int {
	t, ok := e.local()
	if !ok {
		return 1
	}
	link, ok := e.connect(ctx, t)
	if !ok {
		return 1
	}
	defer link.Close()
	return e.admin(ctx, link, t, argv)
}
