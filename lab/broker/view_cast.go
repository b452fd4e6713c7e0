package broker

import (
	"context"
	"math/rand/v2"
	"time"

	"vmqbot/lab/broker/erldist"
)

// peer is the living connection to one node, or nil.
func (v *view) peer(name string) *peer {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.peers[name]
}

// each returns the current peers.
func (v *view) each() []*peer {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []*peer
	for _, p := range v.peers {
		out = append(out, p)
	}
	return out
}

// cast sends to every node that is connected.
func (v *view) cast(op string, body any) {
	for _, p := range v.each() {
		if l := p.linked(); l != nil {
			_ = l.Cast(op, body) // a broken link ends by itself
		}
	}
}

// announce tells the others that the server on this node comes or goes.
func (v *view) announce(op string) { v.cast(op, nil) }

// spread tells the others of a changed membership, each after a while.
func (v *view) spread() {
	for _, p := range v.each() {
		v.a.wg.Go(func() {
			wait := time.Duration(rand.Int64N(int64(v.a.n.timing().Gossip) + 1))
			t := time.NewTimer(wait)
			defer t.Stop()
			select {
			case <-t.C:
			case <-v.a.ctx.Done():
				return
			}
			if l := p.linked(); l != nil {
				_ = l.Cast("gossip", v.a.members.state()) // heard with the next exchange otherwise
			}
		})
	}
}

// call asks a node and returns erldist.ErrDown when it is not connected.
func (v *view) call(ctx context.Context, node, op string, body, out any) error {
	p := v.peer(node)
	if p == nil {
		return erldist.ErrDown
	}
	l := p.linked()
	if l == nil {
		return erldist.ErrDown
	}
	return l.Call(ctx, op, body, out)
}
