package sim

import (
	"context"
	"fmt"
	"io"
	"net"
	"sync"

	"vmqbot/sim/fabric"
)

// door carries connections to a port of the real loopback into the fabric, as
// if they came from the operator's own machine.
type door struct {
	listener net.Listener
	from     *fabric.Space
	to       string // address in the fabric

	mu    sync.Mutex
	conns map[net.Conn]bool
	work  sync.WaitGroup
	stop  context.CancelFunc
}

// openDoor listens on the loopback; port 0 takes a free one.
func openDoor(from *fabric.Space, to string, port int) (*door, error) {
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	d := &door{listener: l, from: from, to: to, conns: map[net.Conn]bool{}, stop: cancel}
	d.work.Go(func() { d.serve(ctx) })
	return d, nil
}

// port is the door's port on the loopback.
func (d *door) port() int { return d.listener.Addr().(*net.TCPAddr).Port }

func (d *door) serve(ctx context.Context) {
	for {
		c, err := d.listener.Accept()
		if err != nil {
			return
		}
		if !d.keep(c) {
			_ = c.Close()
			return
		}
		d.work.Go(func() {
			d.carry(ctx, c.(*net.TCPConn))
			d.mu.Lock()
			defer d.mu.Unlock()
			delete(d.conns, c)
		})
	}
}

func (d *door) keep(c net.Conn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.conns == nil {
		return false
	}
	d.conns[c] = true
	return true
}

// carry joins a connection with one of the fabric. Where nobody listens the
// caller's connection is reset, which is as near to a refusal as an open port
// comes; where packets vanish it hangs, as it should.
func (d *door) carry(ctx context.Context, c *net.TCPConn) {
	defer c.Close() //nolint:errcheck // both directions have ended
	inner, err := d.from.DialContext(ctx, "tcp", d.to)
	if err != nil {
		_ = c.SetLinger(0)
		return
	}
	stop := context.AfterFunc(ctx, func() { _ = inner.Close() })
	defer stop()
	defer inner.Close() //nolint:errcheck // both directions have ended
	var back sync.WaitGroup
	back.Go(func() {
		_, err := io.Copy(c, inner)
		if err != nil {
			_ = c.SetLinger(0)
			_ = c.Close()
			return
		}
		_ = c.CloseWrite()
	})
	_, err = io.Copy(inner, c)
	if err == nil {
		_ = inner.(interface{ CloseWrite() error }).CloseWrite()
	} else {
		_ = inner.Close()
	}
	back.Wait()
}

// close shuts the door and everything that came through it.
func (d *door) close() {
	_ = d.listener.Close()
	d.stop()
	d.mu.Lock()
	conns := d.conns
	d.conns = nil
	d.mu.Unlock()
	for c := range conns {
		_ = c.Close()
	}
	d.work.Wait()
}
