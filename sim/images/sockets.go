package images

import (
	"context"
	"io"
	"net"
	"sync"

	"vmqbot/sim/fabric"
)

// sockets are all that one process has opened. They close in the moment in
// which it is killed, before any of its goroutines could say goodbye.
type sockets struct {
	ctx   context.Context
	space *fabric.Space
	stop  func() bool
	shut  chan struct{} // closed after the kill's work

	mu   sync.Mutex
	open map[io.Closer]struct{}
	over bool
}

func openSockets(ctx context.Context, space *fabric.Space) *sockets {
	s := &sockets{ctx: ctx, space: space, open: map[io.Closer]struct{}{}, shut: make(chan struct{})}
	s.stop = context.AfterFunc(ctx, func() {
		defer close(s.shut)
		s.closeAll()
	})
	return s
}

// Close closes what is still open, as the end of a process does.
func (s *sockets) Close() {
	if !s.stop() {
		<-s.shut
	}
	s.closeAll()
}

func (s *sockets) closeAll() {
	s.mu.Lock()
	s.over = true
	open := s.open
	s.open = nil
	s.mu.Unlock()
	for c := range open {
		_ = c.Close()
	}
}

// keep notes a socket; false when the process has none any more.
func (s *sockets) keep(c io.Closer) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return false
	}
	s.open[c] = struct{}{}
	return true
}

func (s *sockets) forget(c io.Closer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, c)
}

// Listen opens a port in the process's network namespace.
func (s *sockets) Listen(ctx context.Context, address string) (net.Listener, error) {
	ln, err := s.space.Listen(ctx, address)
	if err != nil {
		return nil, err
	}
	l := &listener{ln, s}
	if !s.keep(ln) {
		_ = ln.Close()
		return nil, net.ErrClosed
	}
	return l, nil
}

// DialContext connects from the process's network namespace.
func (s *sockets) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := s.space.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return s.wrap(c)
}

func (s *sockets) wrap(c net.Conn) (net.Conn, error) {
	if !s.keep(c) {
		_ = c.Close()
		return nil, net.ErrClosed
	}
	return &socket{c, s}, nil
}

type listener struct {
	net.Listener
	s *sockets
}

func (l *listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return l.s.wrap(c)
}

func (l *listener) Close() error {
	l.s.forget(l.Listener)
	return l.Listener.Close()
}

type socket struct {
	net.Conn
	s *sockets
}

// Write sends nothing for a process that was killed.
func (c *socket) Write(b []byte) (int, error) {
	if c.s.ctx.Err() != nil {
		return 0, net.ErrClosed
	}
	return c.Conn.Write(b)
}

func (c *socket) Close() error {
	c.s.forget(c.Conn)
	return c.Conn.Close()
}
