package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
)

// Dial connects from the host, as seen from the host, to a "tcp" host:port or
// to a "unix" socket path. It takes none of the eight places on the
// connection. The result has working deadlines and CloseWrite.
func (h *Host) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	tried := "connecting from " + h.String() + " to " + addr
	kind, payload, err := forward(network, addr)
	if err != nil {
		return nil, invalid(h.target, tried, err.Error(), "", err)
	}
	var conn *tunnel
	err = h.onLink(ctx, func(l *link, _ bool) error {
		ch, err := l.open(ctx, kind, payload, func(*ssh.Request) {}, func() {})
		if err != nil {
			return h.forwardError(ctx, network, tried, err)
		}
		conn, err = newTunnel(h.pool, ch, tunnelAddr{network, addr})
		return err
	})
	if err != nil {
		return nil, err
	}
	return conn, nil
}

// tunnel is a channel as a net.Conn. The library's own connections have no
// deadlines; net.Pipe has, so one pipe for each direction stands in between.
type tunnel struct {
	in, out net.Conn // our ends: read from in, write to out
	addr    tunnelAddr
	closing sync.Once
	closed  chan struct{}
}

func newTunnel(p *Pool, ch ssh.Channel, a tunnelAddr) (*tunnel, error) {
	in, inFar := net.Pipe()
	out, outFar := net.Pipe()
	t := &tunnel{in: in, out: out, addr: a, closed: make(chan struct{})}
	drained := make(chan struct{})
	receive := func() {
		defer close(drained)
		carry(inFar, ch)
		_ = inFar.Close()
	}
	send := func() {
		carry(ch, outFar)
		_ = outFar.Close()
		_ = ch.CloseWrite()
		select {
		case <-t.closed:
		case <-drained:
		}
		_ = ch.Close()
	}
	if !p.spawn(send) {
		_ = ch.Close()
		return nil, errDead
	}
	if !p.spawn(receive) {
		close(drained)
		_ = t.Close()
		return nil, errDead
	}
	return t, nil
}

// loads are the buffers of tunnels that have ended: a look makes half a dozen
// tunnels to each host, and each would take two anew.
var loads = sync.Pool{New: func() any { return new([32 << 10]byte) }}

// carry copies until either end is at its end; why is told to whoever uses the
// tunnel by its own reads and writes.
func carry(to io.Writer, from io.Reader) {
	load := loads.Get().(*[32 << 10]byte)
	defer loads.Put(load)
	_, _ = io.CopyBuffer(to, from, load[:])
}

// Close ends both directions; what was written is still sent.
func (t *tunnel) Close() error {
	t.closing.Do(func() {
		close(t.closed)
		_ = t.out.Close()
		_ = t.in.Close()
	})
	return nil
}

func (t *tunnel) SetReadDeadline(d time.Time) error  { return t.in.SetReadDeadline(d) }
func (t *tunnel) SetWriteDeadline(d time.Time) error { return t.out.SetWriteDeadline(d) }

// SetDeadline sets both deadlines.
func (t *tunnel) SetDeadline(d time.Time) error {
	return errors.Join(t.SetReadDeadline(d), t.SetWriteDeadline(d))
}

func (t *tunnel) Read(p []byte) (int, error)  { return t.in.Read(p) }
func (t *tunnel) Write(p []byte) (int, error) { return t.out.Write(p) }
func (t *tunnel) CloseWrite() error           { return t.out.Close() }
func (t *tunnel) LocalAddr() net.Addr         { return tunnelAddr{t.addr.network, "ssh"} }
func (t *tunnel) RemoteAddr() net.Addr        { return t.addr }

// tunnelAddr is the far end, as it was asked for.
type tunnelAddr struct{ network, addr string }

// Network is "tcp" or "unix".
func (a tunnelAddr) Network() string { return a.network }

// String is host:port or the socket's path.
func (a tunnelAddr) String() string { return a.addr }
