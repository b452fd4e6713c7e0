package broker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"vmqbot/lab/broker/erldist"
)

// errNoApp is the answer of a node whose MQTT server is stopped.
var errNoApp = errors.New("not_ready")

// Up hears of a node that has connected to this one: it can be reached now,
// so a waiting peer need not wait longer.
func (n *Node) Up(from erldist.Peer) {
	if a := n.running(); a != nil && !from.Admin {
		if p := a.view.peer(from.Node); p != nil {
			p.hurry()
		}
	}
}

// Gone needs nothing: this node's own link to the peer tells.
func (n *Node) Gone(erldist.Peer) {}

// Handle answers other nodes and the command line.
func (n *Node) Handle(ctx context.Context, from erldist.Peer, op string, body json.RawMessage) (any, error) {
	switch op {
	case "ping":
		return "pong", nil
	case "getpid":
		return n.opt.PID, nil
	case "stop":
		n.Stop()
		return "ok", nil
	case "started":
		return n.reached(supervised), nil
	case "admin":
		return decode(body, func(argv []string) (any, error) { return n.Admin(ctx, argv), nil })
	case "rpcterms":
		return decode(body, func(c TermsCall) (any, error) { return n.rpcterms(c) })
	case "show":
		return decode(body, func(keys []string) (any, error) { return n.showLocal(keys), nil })
	case "set":
		return decode(body, func(kv [2]string) (any, error) { return n.setLocal(kv[0], kv[1]) })
	}
	a := n.running()
	if op == "app_state" {
		return a != nil, nil
	}
	if a == nil {
		return nil, errNoApp
	}
	return a.handle(ctx, from, op, body)
}

// decode unmarshals the body of a call for one handler.
func decode[T any](body json.RawMessage, f func(T) (any, error)) (any, error) {
	var v T
	if len(body) > 0 {
		if err := json.Unmarshal(body, &v); err != nil {
			return nil, fmt.Errorf("badarg: %w", err)
		}
	}
	return f(v)
}
