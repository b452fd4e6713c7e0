package script

import (
	"context"
	"errors"
	"time"

	"vmqbot/lab/broker"
	"vmqbot/lab/broker/erldist"
)

func (e *Env) getpid(ctx context.Context, link *erldist.Link, t target) int {
	var pid int
	if err := link.Call(ctx, "getpid", nil, &pid); err != nil {
		return e.failed(t, err)
	}
	e.out("%d\n", pid)
	return 0
}

func (e *Env) stopCall(ctx context.Context, link *erldist.Link, t target) int {
	if err := link.Call(ctx, "stop", nil, nil); err != nil && !errors.Is(err, erldist.ErrDown) {
		return e.failed(t, err)
	}
	e.out("ok\n=INFO REPORT==== %s ===\nAdministrative stop\n\n", time.Now().UTC().Format("2-Jan-2006::15:04:05.000000"))
	return 0
}

// rpcterms prints whatever term comes back, with exit status 0: also errors.
func (e *Env) rpcterms(ctx context.Context, link *erldist.Link, t target, args []string) int {
	if _, err := erldist.ParseTerms(args[2]); err != nil {
		e.err("escript: exception error: no match of right hand side value \n                 {error,{0,erl_parse,\"bad term\"}}\n")
		return 127
	}
	ctx, cancel := context.WithTimeout(ctx, t.limit)
	defer cancel()
	var said string
	if err := link.Call(ctx, "rpcterms", broker.TermsCall{Module: args[0], Function: args[1], Terms: args[2]}, &said); err != nil {
		return e.failed(t, err)
	}
	e.out("%s\n", said)
	return 0
}
