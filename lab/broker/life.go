package broker

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

	"vmqbot/lab/broker/erldist"
)

// life is the time from the open listeners to the end. After `vernemq stop`
// the distribution still answers for a while, the command line no more.
func (n *Node) life(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-n.stopping:
	}
	n.log.info("init:stop", "Administrative stop")
	n.stopApp()
	t := time.NewTimer(n.timing().Stop)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// phase is how far a start has come.
type phase int

const (
	booting    phase = iota
	supervised       // `vernemq start` has seen enough
	serving          // the command line knows its commands
)

func (n *Node) enter(p phase) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.phase = p
}

func (n *Node) reached(p phase) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.phase >= p
}

// pause waits, and returns false when the node is told to stop meanwhile.
func (n *Node) pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
	case <-n.stopping:
	}
	return false
}

// distribute opens the port mapper and the distribution port. The function
// that it returns waits until both are closed, which the context brings about.
func (n *Node) distribute(ctx context.Context) (func(), error) {
	name, _ := erldist.ParseName(n.id.Node) // checked by New
	dist, err := n.opt.Network.Listen(ctx, net.JoinHostPort(n.opt.DistHost, strconv.Itoa(n.opt.DistPort)))
	if err != nil {
		return nil, fmt.Errorf("the distribution port cannot be opened: %w", err)
	}
	epmd, err := n.opt.Network.Listen(ctx, net.JoinHostPort(n.opt.DistHost, strconv.Itoa(n.opt.EpmdPort)))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the port mapper cannot be opened: %w", err), dist.Close())
	}
	port := n.opt.DistPort
	if a, ok := dist.Addr().(*net.TCPAddr); ok {
		port = a.Port
	}
	srv := &erldist.Server{Self: n.id, NetTick: n.timing().NetTick, Handler: n}
	var wg sync.WaitGroup
	wg.Go(func() { srv.Serve(ctx, dist) })
	wg.Go(func() { erldist.ServeEpmd(epmd, name.Alive, port) })
	return func() {
		epmd.Close()
		wg.Wait()
	}, nil
}
