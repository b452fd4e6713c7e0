package script

import (
	"context"
	"fmt"
	"time"

	"vmqbot/lab/broker/erldist"
)

// target is one node as a script reaches it.
type target struct {
	node, cookie string
	limit        time.Duration // of one call
}

// answer is how long a script waits for a node: a second and a half, whatever
// the pace, so that a busy machine does not look like a dead node.
func (e *Env) answer() time.Duration { return max(e.second(), time.Second) * 3 / 2 }

// connect dials the node by the host in its name. Any failure is told as "not
// responding to pings": address not here, other name, other cookie, not
// running.
func (e *Env) connect(ctx context.Context, t target) (*erldist.Link, bool) {
	ctx, cancel := context.WithTimeout(ctx, e.answer())
	defer cancel()
	name, err := erldist.ParseName(t.node)
	var link *erldist.Link
	if err == nil {
		self := fmt.Sprintf("%s_maint_%d@%s", name.Alive, e.System.PID()%1000, name.Host)
		link, err = erldist.Dial(ctx, erldist.DialOptions{Dialer: e.Network, Admin: true,
			Self: erldist.Identity{Node: self, Cookie: t.cookie}}, t.node)
	}
	if err != nil {
		e.err("Node %s not responding to pings.\n", erldist.Atom(t.node))
		return nil, false
	}
	return link, true
}

// local is the node of this installation, by its vernemq.conf.
func (e *Env) local() (target, bool) {
	node, cookie, ok := e.identity()
	if !ok {
		e.err("vm.args needs to have a -name parameter.\n  -sname is not supported.\n")
	}
	return target{node: node, cookie: cookie, limit: e.Timing.RPC}, ok
}
