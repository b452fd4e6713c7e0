package broker

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"vmqbot/lab/broker/erldist"
)

// run connects, and connects again a second after every failure.
func (c *channel) run(ctx context.Context) {
	for {
		t := time.NewTimer(c.a.n.timing().Reconnect)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return
		}
		if conn := c.connect(ctx); conn != nil {
			c.live(ctx, conn)
		}
	}
}

// connect asks the other node for its configured cluster address and dials
// that. A node that is down is not mentioned in the log; cluster_mon does it.
func (c *channel) connect(ctx context.Context) net.Conn {
	ctx, cancel := context.WithTimeout(ctx, c.a.n.timing().Unreachable)
	defer cancel()
	var addr string
	err := c.a.view.call(ctx, c.p.name, "connect_params", nil, &addr)
	if errors.Is(err, erldist.ErrDown) || ctx.Err() != nil {
		return nil
	}
	// a node that does not count this one as a member never calls, but answers
	c.p.setApp(err == nil || err.Error() != errNoApp.Error())
	var conn net.Conn
	if err == nil {
		conn, err = c.a.n.opt.Network.DialContext(ctx, "tcp", addr)
	}
	if err == nil {
		_, err = conn.Write(sized("vmq-connect", []byte(c.a.n.id.Node)))
	}
	if err != nil {
		c.a.n.log.warn("vmq_cluster_node:connect", "can't connect to cluster node %s due to %s", erldist.Atom(c.p.name), reason(err))
		return nil
	}
	c.a.n.log.info("vmq_cluster_node:connect", "successfully connected to cluster node %s", erldist.Atom(c.p.name))
	return conn
}

// live writes what is pending until the connection breaks.
func (c *channel) live(ctx context.Context, conn net.Conn) {
	var wg sync.WaitGroup
	broken := make(chan struct{})
	wg.Go(func() { // the other side never writes: a read ends with the connection
		defer close(broken)
		var b [1]byte
		for _, err := conn.Read(b[:]); err == nil; _, err = conn.Read(b[:]) {
		}
	})
	c.setReachable(true)
	for !ended(broken) && c.flush(conn) {
		select {
		case <-c.wake:
			continue
		case <-broken:
		case <-ctx.Done():
		}
		break
	}
	c.setReachable(false)
	conn.Close()
	wg.Wait()
}

// ended says whether the other side has closed: what would be written then is
// lost although the write succeeds.
func ended(broken <-chan struct{}) bool {
	select {
	case <-broken:
		return true
	default:
		return false
	}
}

func (c *channel) setReachable(up bool) {
	c.mu.Lock()
	c.reachable = up
	c.everUp = c.everUp || up
	c.mu.Unlock()
	c.a.view.wake()
}

// flush writes the pending frames and forgets them when the write went well.
func (c *channel) flush(conn net.Conn) bool {
	c.mu.Lock()
	batch := c.pending
	c.mu.Unlock()
	if len(batch) == 0 {
		return true
	}
	var all []byte
	for _, f := range batch {
		all = append(all, f...)
	}
	_ = conn.SetWriteDeadline(time.Now().Add(c.a.n.opt.Timing.Reconnect))
	if _, err := conn.Write(sized("vmq-send", all)); err != nil {
		c.a.n.log.warn("vmq_cluster_node:internal_flush", "can't send %d bytes to %s due to %s, reconnect!",
			len(all), erldist.Atom(c.p.name), reason(err))
		return false
	}
	c.a.n.met.add("cluster_bytes_sent", len(all))
	c.mu.Lock()
	c.pending = c.pending[len(batch):]
	c.size -= len(all)
	more := len(c.pending) > 0
	c.mu.Unlock()
	if more {
		return c.flush(conn)
	}
	return true
}
