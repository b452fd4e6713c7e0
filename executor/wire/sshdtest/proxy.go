package sshdtest

import (
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"vmqbot/regions"
)

// Proxy is a TCP link to a server that a test can slow down, freeze, as a network
// that drops everything, or cut, as a host that loses power or a router that
// resets connections.
type Proxy struct {
	addr string

	mu     sync.Mutex
	thaw   chan struct{} // closed while traffic flows
	conns  []net.Conn
	dialed int
	resets int // connections to reset at once
	delay  time.Duration
	moved  int64
	watch  func(moved int64)
	work   sync.WaitGroup
}

// NewProxy listens before a server until the test ends.
func NewProxy(t testing.TB, to string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	p := &Proxy{addr: l.Addr().String(), thaw: make(chan struct{})}
	close(p.thaw)
	p.work.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.accept(c, to)
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		p.Thaw()
		p.Cut()
		p.work.Wait()
	})
	return p
}

func (p *Proxy) accept(c net.Conn, to string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dialed++
	if p.resets > 0 {
		p.resets--
		_ = c.(*net.TCPConn).SetLinger(0)
		_ = c.Close()
		return
	}
	server, err := net.Dial("tcp", to)
	if err != nil {
		_ = c.Close()
		return
	}
	p.conns = append(p.conns, c, server)
	p.work.Go(func() { p.copy(server, c) })
	p.work.Go(func() { p.copy(c, server) })
}

// chunk is what was read at once, and when it arrives.
type chunk struct {
	data []byte
	due  time.Time
	err  error // why it is the last one
}

// copy forwards one direction; while frozen it keeps what it has read.
func (p *Proxy) copy(to, from net.Conn) {
	flight := make(chan chunk, 1024)
	p.work.Go(func() { p.deliver(to, flight) })
	defer close(flight)
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		p.mu.Lock()
		due := time.Now().Add(p.delay)
		p.moved += int64(n)
		moved, watch := p.moved, p.watch
		p.mu.Unlock()
		if watch != nil {
			watch(moved)
		}
		flight <- chunk{slices.Clone(buf[:n]), due, err}
		if err != nil {
			return
		}
	}
}

func (p *Proxy) deliver(to net.Conn, flight <-chan chunk) {
	for c := range flight {
		<-time.After(time.Until(c.due))
		p.mu.Lock()
		thaw := p.thaw
		p.mu.Unlock()
		<-thaw
		if len(c.data) > 0 {
			_, _ = to.Write(c.data)
		}
		switch {
		case c.err == nil:
		case errors.Is(c.err, io.EOF):
			_ = to.(*net.TCPConn).CloseWrite()
		default:
			_ = to.Close()
		}
	}
}

// Watch calls f with each piece of traffic: how many bytes came so far, in both
// directions. f may cut.
func (p *Proxy) Watch(f func(moved int64)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.watch = f
}

// Moved is how many bytes came so far, in both directions.
func (p *Proxy) Moved() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.moved
}

// Delay makes everything that is said from now on arrive later, in both
// directions: a round trip takes twice as long more.
func (p *Proxy) Delay(oneWay time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = oneWay
}

// Freeze stops all traffic and keeps the connections open.
func (p *Proxy) Freeze() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.thaw = make(chan struct{})
}

// Thaw lets traffic flow again.
func (p *Proxy) Thaw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.thaw:
	default:
		close(p.thaw)
	}
}

// Cut closes every connection on both sides.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		_ = c.Close()
	}
	p.conns = nil
}

// ResetNext resets the next n connections before a byte is said, as sshd
// does with too many at once.
func (p *Proxy) ResetNext(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.resets = n
}

// Dialed counts the connections so far.
func (p *Proxy) Dialed() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dialed
}

// Node is the server s behind the proxy, as the fleet file would name it;
// its known_hosts names the proxy's address with the server's key.
func (p *Proxy) Node(t testing.TB, s *Server) regions.Node {
	t.Helper()
	n := s.Node()
	addr, err := net.ResolveTCPAddr("tcp", p.addr)
	must(t, err)
	n.Host, n.SSH.Port = addr.IP.String(), addr.Port
	n.SSH.KnownHosts = t.TempDir() + "/known_hosts"
	write(t, n.SSH.KnownHosts, KnownHost(n.Host, n.SSH.Port, s.HostKey.PublicKey()))
	return n
}
