package broker

import (
	"context"
	"net"
	"time"
)

// Network opens the sockets of a node. The zero RealNetwork is the host's;
// a simulator puts its own here.
type Network interface {
	// Listen opens a TCP port. An error should wrap the syscall's errno, so
	// that eaddrnotavail and eaddrinuse are told apart.
	Listen(ctx context.Context, address string) (net.Listener, error)
	// DialContext opens a TCP connection.
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
}

// RealNetwork is the network namespace that the process runs in.
type RealNetwork struct{}

// Listen opens a TCP port on IPv4, like the listeners of VerneMQ.
func (RealNetwork) Listen(ctx context.Context, address string) (net.Listener, error) {
	return (&net.ListenConfig{KeepAlive: -1}).Listen(ctx, "tcp4", address)
}

// DialContext opens a TCP connection without keepalive probes: what notices a
// silent peer is the tick of the distribution, nothing else.
func (RealNetwork) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return (&net.Dialer{KeepAlive: -1}).DialContext(ctx, network, address)
}

// Timing holds every delay of a node. Its values were seen on the real broker
// (README.md has the lines); tests shorten them.
type Timing struct {
	Boot         time.Duration // start until the distribution answers: ping says pong
	Listeners    time.Duration // start until the listeners are opened, once
	AccessList   time.Duration // MQTT port open until subscriptions are allowed
	Stop         time.Duration // listeners closed until the process ends
	NetTick      time.Duration // silence after which a node is down
	NotReady     time.Duration // between rechecks of the cluster view while a node is missing
	Ready        time.Duration // between rechecks while all is well
	Reconnect    time.Duration // between attempts to open a data channel, and before the first
	Exchange     time.Duration // between exchanges of metadata
	Gossip       time.Duration // longest delay before other nodes hear of a join
	Adopt        time.Duration // until a node that lost its data believes its cluster
	Unreachable  time.Duration // giving up on a host that does not answer
	RepairQueues time.Duration // what leaving for a dead node takes
	RPC          time.Duration // nodetool's limit for one command
}

// RealTiming is how long VerneMQ takes.
func RealTiming() Timing {
	return Timing{
		Boot: 3 * time.Second, Listeners: 4500 * time.Millisecond, AccessList: time.Second,
		Stop: 2 * time.Second, NetTick: time.Minute,
		NotReady: 2 * time.Second, Ready: 10 * time.Second, Reconnect: time.Second,
		Exchange: 5 * time.Second, Gossip: 2 * time.Second, Adopt: 20 * time.Second,
		Unreachable: 3 * time.Second, RepairQueues: 2 * time.Second, RPC: time.Minute,
	}
}

// Scaled is the timing with every delay multiplied.
func (t Timing) Scaled(f float64) Timing {
	for _, d := range []*time.Duration{&t.Boot, &t.Listeners, &t.AccessList, &t.Stop, &t.NetTick, &t.NotReady, &t.Ready,
		&t.Reconnect, &t.Exchange, &t.Gossip, &t.Adopt, &t.Unreachable, &t.RepairQueues, &t.RPC} {
		*d = time.Duration(float64(*d) * f)
	}
	return t
}

// timing is how long a delay that begins now takes. Who is thought dead and
// when is not a matter of pace: no fewer seconds make a busy machine quicker.
func (n *Node) timing() Timing {
	if n.opt.Pace == nil {
		return n.opt.Timing
	}
	t := n.opt.Timing.Scaled(n.opt.Pace())
	t.NetTick = n.opt.Timing.NetTick
	t.Unreachable, t.RPC = n.opt.Timing.Unreachable, n.opt.Timing.RPC
	t.Exchange = max(t.Exchange, time.Second)
	return t
}
