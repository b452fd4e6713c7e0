package fabric

import (
	"context"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// backlog is how many connections wait to be accepted.
const backlog = 128

type listener struct {
	space *Space
	at    netip.AddrPort
	queue chan *conn
	over  chan struct{}
	once  sync.Once
	inode int
}

// Listen opens a TCP port, "host:port". Its errors wrap EADDRNOTAVAIL and
// EADDRINUSE as the kernel's do.
func (s *Space) Listen(_ context.Context, address string) (net.Listener, error) {
	at, err := parse(address)
	if err != nil {
		return nil, err
	}
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	if s.gone || !at.Addr().IsUnspecified() && !s.has(at.Addr()) {
		return nil, failed("listen", at, syscall.EADDRNOTAVAIL)
	}
	if at.Port() == 0 {
		at = netip.AddrPortFrom(at.Addr(), s.freePort())
	}
	for _, l := range s.listeners {
		same := l.at.Addr() == at.Addr() || l.at.Addr().IsUnspecified() || at.Addr().IsUnspecified()
		if l.at.Port() == at.Port() && same {
			return nil, failed("listen", at, syscall.EADDRINUSE)
		}
	}
	s.f.inodes++
	l := &listener{space: s, at: at, queue: make(chan *conn, backlog), over: make(chan struct{}), inode: 10000 + s.f.inodes}
	s.listeners = append(s.listeners, l)
	return l, nil
}

func parse(address string) (netip.AddrPort, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return netip.AddrPort{}, err
	}
	if host == "" {
		host = "0.0.0.0"
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return netip.AddrPort{}, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return netip.AddrPort{}, &net.AddrError{Err: "invalid port", Addr: address}
	}
	return netip.AddrPortFrom(a.Unmap(), uint16(n)), nil
}

func failed(op string, at netip.AddrPort, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Addr: net.TCPAddrFromAddrPort(at), Err: os.NewSyscallError(op, err)}
}

// freePort is the next ephemeral port; the caller holds the lock.
func (s *Space) freePort() uint16 {
	s.ephemeral++
	if s.ephemeral < 32768 || s.ephemeral > 60999 {
		s.ephemeral = 32768
	}
	return s.ephemeral
}

// Accept waits for the next connection.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.queue:
		return c, nil
	case <-l.over:
		return nil, &net.OpError{Op: "accept", Net: "tcp", Addr: l.Addr(), Err: net.ErrClosed}
	}
}

// Close closes the port; accepted connections stay.
func (l *listener) Close() error {
	l.space.f.mu.Lock()
	defer l.space.f.mu.Unlock()
	l.shut()
	return nil
}

// shut closes the port; the caller holds the lock.
func (l *listener) shut() {
	l.once.Do(func() {
		close(l.over)
		l.space.listeners = slices.DeleteFunc(l.space.listeners, func(o *listener) bool { return o == l })
		for {
			select {
			case c := <-l.queue: // nobody will
				c.shut()
			default:
				return
			}
		}
	})
}

// Addr is the address that it listens on.
func (l *listener) Addr() net.Addr { return net.TCPAddrFromAddrPort(l.at) }

// How long a host waits for an answer: of the address resolution, and of TCP's
// handshake with all its repetitions.
const (
	resolveLimit   = 3 * time.Second
	handshakeLimit = 127 * time.Second
)

// DialContext opens a TCP connection from this namespace. Its errors wrap
// ECONNREFUSED, EHOSTUNREACH, ENETUNREACH and ETIMEDOUT as the kernel's do;
// the second and the last come only after the time that the kernel takes.
func (s *Space) DialContext(ctx context.Context, _, address string) (net.Conn, error) {
	at, err := parse(address)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err}
	}
	start := time.Now()
	for {
		s.f.mu.Lock()
		moved := s.f.moved
		r := s.route(at.Addr())
		way := r.way()
		if r.to == nil && r.source == (netip.Addr{}) {
			s.f.mu.Unlock()
			return nil, failed("connect", at, syscall.ENETUNREACH)
		}
		if way.Open {
			c, err := s.connect(r, at)
			s.f.mu.Unlock()
			return settle(ctx, c, err, 2*way.Delay)
		}
		s.f.mu.Unlock()
		limit, reason := handshakeLimit, syscall.ETIMEDOUT
		if r.to == nil {
			limit, reason = resolveLimit, syscall.EHOSTUNREACH
		}
		late := time.NewTimer(limit - time.Since(start))
		select {
		case <-moved:
		case <-late.C:
			return nil, failed("connect", at, reason)
		case <-ctx.Done():
			late.Stop()
			return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: net.TCPAddrFromAddrPort(at), Err: ctx.Err()}
		}
		late.Stop()
	}
}

// settle lets the handshake take its round trip.
func settle(ctx context.Context, c *conn, err error, rtt time.Duration) (net.Conn, error) {
	if rtt > 0 {
		t := time.NewTimer(rtt)
		defer t.Stop()
		select {
		case <-t.C:
		case <-ctx.Done():
			if c != nil {
				_ = c.Close()
			}
			return nil, ctx.Err()
		}
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// connect makes both ends; the caller holds the lock.
func (s *Space) connect(r route, at netip.AddrPort) (*conn, error) {
	to, port := r.to, at.Port()
	l := to.listening(netip.AddrPortFrom(at.Addr(), port))
	if t, ok := to.published[port]; ok && l == nil && !at.Addr().IsLoopback() {
		to = t.space
		l = to.listeningAny(t.port)
	}
	if l == nil {
		return nil, failed("connect", at, syscall.ECONNREFUSED)
	}
	source := netip.AddrPortFrom(r.source, r.from.freePort())
	near, far := pair(s.f, r, source, at, l.space)
	select {
	case l.queue <- far:
	default:
		return nil, failed("connect", at, syscall.ETIMEDOUT)
	}
	r.from.conns = append(r.from.conns, near)
	l.space.conns = append(l.space.conns, far)
	return near, nil
}

func (s *Space) listening(at netip.AddrPort) *listener {
	for _, l := range s.listeners {
		if l.at.Port() == at.Port() && (l.at.Addr() == at.Addr() || l.at.Addr().IsUnspecified()) {
			return l
		}
	}
	return nil
}

// listeningAny is a listener that a forwarded connection reaches: one on every
// address, or on the one that Docker forwards to.
func (s *Space) listeningAny(port uint16) *listener {
	for _, l := range s.listeners {
		if l.at.Port() == port && !l.at.Addr().IsLoopback() {
			return l
		}
	}
	return nil
}
