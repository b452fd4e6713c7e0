package erldist

import (
	"context"
	"net"
	"strconv"
	"time"
)

// DialOptions say how to reach a node.
type DialOptions struct {
	Dialer   Dialer
	Self     Identity
	EpmdPort int           // 4369 when 0
	NetTick  time.Duration // 60 s when 0
	Admin    bool          // a maintenance node such as nodetool, not a peer
}

// Dial connects to the node by the host in its name: port mapper first, then
// its port, then name and cookie are proven. The context bounds all of that.
// The reason of a failure says little on purpose: Erlang calls wrong host,
// wrong name and wrong cookie the same.
func Dial(ctx context.Context, o DialOptions, target string) (*Link, error) {
	name, err := ParseName(target)
	if err != nil {
		return nil, err
	}
	if o.EpmdPort == 0 {
		o.EpmdPort = EpmdPort
	}
	if o.NetTick == 0 {
		o.NetTick = time.Minute
	}
	port, err := lookup(ctx, o.Dialer, name, o.EpmdPort)
	if err != nil {
		return nil, err
	}
	c, err := o.Dialer.DialContext(ctx, "tcp", net.JoinHostPort(name.Host, strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	w := newWire(c, o.NetTick)
	if err := greet(ctx, w, o, target); err != nil {
		c.Close()
		return nil, err
	}
	l := &Link{w: w, done: make(chan struct{}), waiting: map[uint64]chan frame{}}
	l.subs.Go(l.receive)
	l.subs.Go(func() { w.heartbeat(l.done) })
	return l, nil
}

func greet(ctx context.Context, w *wire, o DialOptions, target string) error {
	n := nonce()
	h := hello{From: o.Self.Node, To: target, Nonce: n, Admin: o.Admin, Proof: proof(o.Self.Cookie, o.Self.Node, target, n)}
	if err := w.send(h); err != nil {
		return err
	}
	_ = w.conn.SetReadDeadline(deadline(ctx))
	var answer welcome
	if w.dec.Decode(&answer) != nil || answer.Proof != proof(o.Self.Cookie, target, o.Self.Node, n) {
		return errRefused
	}
	return nil
}
