package wan

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Proxy forwards TCP connections over a Link until it is closed.
type Proxy struct {
	listener net.Listener
	target   string
	link     Link
	stop     context.CancelFunc
	streams  atomic.Uint64
	work     sync.WaitGroup
}

// Listen starts a proxy on listen (host:port; port 0 picks one) to the TCP
// address target. The caller closes it. The TCP handshake itself is answered
// here and so is not delayed: a distant connect costs one round trip more.
func Listen(ctx context.Context, listen, target string, link Link) (*Proxy, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", listen)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	p := &Proxy{listener: listener, target: target, link: link, stop: stop}
	p.work.Go(func() {
		<-ctx.Done()
		_ = listener.Close()
	})
	p.work.Go(func() { p.accept(ctx) })
	return p, nil
}

// Addr is the address that the proxy listens on.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Close ends every connection and returns when all are gone.
func (p *Proxy) Close() {
	p.stop()
	p.work.Wait()
}

func (p *Proxy) accept(ctx context.Context) {
	for {
		near, err := p.listener.Accept()
		if err != nil {
			// Only a closed listener ends the proxy; too many open files passes.
			if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return
			}
			select {
			case <-ctx.Done():
			case <-time.After(10 * time.Millisecond):
			}
			continue
		}
		p.work.Go(func() { p.carry(ctx, near) })
	}
}

// carry joins one connection with the target until both directions have ended.
func (p *Proxy) carry(ctx context.Context, near net.Conn) {
	defer near.Close()
	var dialer net.Dialer
	far, err := dialer.DialContext(ctx, "tcp", p.target)
	if err != nil {
		return
	}
	defer far.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	unblock := context.AfterFunc(ctx, func() {
		_ = near.SetDeadline(time.Unix(1, 0))
		_ = far.SetDeadline(time.Unix(1, 0))
	})
	defer unblock()
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		d := newDirection(p.link, p.streams.Add(1))
		both.Go(func() {
			if err := d.carry(ctx, way[0], way[1]); err != nil {
				cancel() // a broken connection takes both directions down
			}
		})
	}
	both.Wait()
}
