// Package erldist is the Erlang distribution as far as an operator meets it:
// a port mapper on 4369, a port per node, a cookie, a link between every two
// nodes that notices a silent peer only after the tick time, and calls over it.
//
// The wire is this package's own (JSON frames), not Erlang's: no real Erlang
// node can connect. What is kept is where it listens, what it dials (always
// the host part of the node name) and when it fails.
package erldist

import (
	"context"
	"net"
	"sync"
)

// Dialer opens the connections of this package; net.Dialer is one.
type Dialer interface {
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
}

// Identity is who a node says it is, and the secret that all nodes share.
type Identity struct {
	Node   string // VerneMQ@10.0.0.1
	Cookie string
}

// group is a WaitGroup that starts what it waits for.
type group struct{ wg sync.WaitGroup }

// Go runs f and lets Wait wait for it.
func (g *group) Go(f func()) {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		f()
	}()
}

// Wait returns when all that was started has ended.
func (g *group) Wait() { g.wg.Wait() }
