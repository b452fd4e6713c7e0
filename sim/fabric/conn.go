package fabric

import (
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"
)

// window is how much one direction of a connection holds before writing waits.
const window = 256 << 10

// conn is one end of a connection.
type conn struct {
	f             *Fabric
	space         *Space
	local, remote netip.AddrPort
	in, out       *stream
	peer          *conn
	inode         int
	read, write   deadline
	once          sync.Once
}

// stream is one direction: what was sent and has not been read.
type stream struct {
	mu     sync.Mutex
	chunks []chunk
	size   int
	sent   bool          // the sender has closed
	cut    bool          // the receiver has closed, or the connection was reset
	change chan struct{} // closed, and replaced, at every change
	route  route         // from the sender to the receiver
	fixed  bool          // the end was sent while the way was open: it arrives, and what was sent before it
}

type chunk struct {
	data []byte
	at   time.Time // when it arrives, if the way is open
}

func pair(f *Fabric, r route, source, dest netip.AddrPort, owner *Space) (near, far *conn) {
	there := &stream{change: make(chan struct{}), route: r}
	back := r
	back.from, back.to, back.source, back.dest = r.to, r.from, r.dest, r.source
	here := &stream{change: make(chan struct{}), route: back}
	f.inodes += 2
	near = &conn{f: f, space: r.from, local: source, remote: dest, in: here, out: there, inode: 10000 + f.inodes}
	far = &conn{f: f, space: owner, local: dest, remote: source, in: there, out: here, inode: 10001 + f.inodes}
	near.peer, far.peer = far, near
	near.read.init()
	near.write.init()
	far.read.init()
	far.write.init()
	return near, far
}

// open asks whether what is sent now arrives, and how long it takes: both ends
// must still have their addresses on that segment.
func (s *stream) open(f *Fabric) (Way, chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return s.openLocked(), f.moved
}

func (s *stream) openLocked() Way {
	r := s.route
	if r.seg == nil {
		return Way{Open: true}
	}
	if r.from == nil || r.to == nil || !r.from.has(r.source) || !r.to.has(r.dest) {
		return Way{}
	}
	return r.way()
}

// Read waits for data that has arrived.
func (c *conn) Read(b []byte) (int, error) {
	for {
		if c.disowned() {
			return 0, &net.OpError{Op: "read", Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: syscall.ECONNRESET}
		}
		way, moved := c.in.open(c.f)
		n, wait, change, err := c.in.take(b, way)
		if n > 0 || err != nil {
			return n, err
		}
		if way.Open {
			moved = nil // what comes now is news of the stream: a busy world wakes only who waits for a way
		}
		if err := c.await(&c.read, change, moved, wait); err != nil {
			return 0, &net.OpError{Op: "read", Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: err}
		}
	}
}

// take returns what has arrived, or what to wait for.
func (s *stream) take(b []byte, way Way) (n int, wait time.Duration, change chan struct{}, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, open := time.Now(), way.Open || s.fixed
	if len(b) == 0 {
		return 0, 0, s.change, nil
	}
	if s.cut {
		return 0, 0, nil, net.ErrClosed
	}
	for open && len(s.chunks) > 0 && !s.chunks[0].at.After(now) && n < len(b) {
		m := copy(b[n:], s.chunks[0].data)
		n, s.size = n+m, s.size-m
		if s.chunks[0].data = s.chunks[0].data[m:]; len(s.chunks[0].data) == 0 {
			s.chunks = s.chunks[1:]
		}
	}
	if n > 0 {
		s.stir()
		return n, 0, nil, nil
	}
	if len(s.chunks) == 0 && s.sent && open {
		return 0, 0, nil, io.EOF
	}
	if open && len(s.chunks) > 0 {
		wait = s.chunks[0].at.Sub(now)
	}
	return 0, wait, s.change, nil
}

// disowned reports that what was sent and not yet taken reaches somebody else:
// the other end's namespace is gone without a word, and a new one has its
// address. That one knows nothing of the connection and resets it.
func (c *conn) disowned() bool {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	r := c.out.route
	if r.seg == nil || r.to == nil || !r.to.gone || !r.from.has(r.source) {
		return false
	}
	now := r.seg.owner(r.dest, r.from)
	if now == nil || now.gone || !r.seg.passes(r.from, now).Open {
		return false
	}
	c.out.mu.Lock()
	waits := c.out.size > 0
	c.out.mu.Unlock()
	if waits {
		c.shut()
	}
	return waits
}

func (s *stream) stir() {
	close(s.change)
	s.change = make(chan struct{})
}

// await waits for a change of the stream or of the world, for the time, or for
// the deadline, which is an error.
func (c *conn) await(d *deadline, change, moved chan struct{}, wait time.Duration) error {
	var arrived <-chan time.Time
	if wait > 0 {
		t := time.NewTimer(wait)
		defer t.Stop()
		arrived = t.C
	}
	select {
	case <-change:
	case <-moved:
	case <-arrived:
	case <-d.passed():
		return os.ErrDeadlineExceeded
	}
	return nil
}

// Write sends; it waits while as much is under way as a connection holds.
func (c *conn) Write(b []byte) (int, error) {
	done := 0
	for done < len(b) {
		select {
		case <-c.write.passed():
			return done, &net.OpError{Op: "write", Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: os.ErrDeadlineExceeded}
		default:
		}
		way, moved := c.out.open(c.f)
		n, change, err := c.out.put(b[done:], way)
		done += n
		if err == nil && c.disowned() {
			err = syscall.ECONNRESET
		}
		if err != nil {
			return done, &net.OpError{Op: "write", Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: err}
		}
		if n > 0 {
			continue
		}
		if way.Open {
			moved = nil
		}
		if err := c.await(&c.write, change, moved, 0); err != nil {
			return done, &net.OpError{Op: "write", Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: err}
		}
	}
	return done, nil
}

func (s *stream) put(b []byte, way Way) (int, chan struct{}, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.sent:
		return 0, nil, net.ErrClosed
	case s.cut && (way.Open || s.fixed):
		return 0, nil, syscall.EPIPE
	}
	n := min(len(b), window-s.size)
	if n <= 0 {
		return 0, s.change, nil
	}
	s.chunks = append(s.chunks, chunk{slices.Clone(b[:n]), time.Now().Add(way.Delay)})
	s.size += n
	s.stir()
	return n, nil, nil
}

// CloseWrite sends the end and still receives.
func (c *conn) CloseWrite() error {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	c.out.finish(c.out.openLocked().Open)
	return nil
}

func (s *stream) finish(open bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.sent {
		s.sent, s.fixed = true, s.fixed || open
		s.stir()
	}
}

// Close sends the end and receives no more.
func (c *conn) Close() error {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	c.shut()
	return nil
}

// shut closes this end; the caller holds the fabric's lock.
func (c *conn) shut() {
	c.once.Do(func() {
		open := c.out.openLocked().Open
		c.out.finish(open)
		c.in.mu.Lock()
		c.in.cut, c.in.chunks, c.in.size = true, nil, 0
		c.in.fixed = c.in.fixed || open
		c.in.stir()
		c.in.mu.Unlock()
		c.space.conns = slices.DeleteFunc(c.space.conns, func(o *conn) bool { return o == c })
	})
}

// LocalAddr is the own address and port.
func (c *conn) LocalAddr() net.Addr { return net.TCPAddrFromAddrPort(c.local) }

// RemoteAddr is the other end's.
func (c *conn) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(c.remote) }

// SetDeadline bounds reading and writing.
func (c *conn) SetDeadline(t time.Time) error {
	c.read.set(t)
	c.write.set(t)
	return nil
}

// SetReadDeadline bounds reading.
func (c *conn) SetReadDeadline(t time.Time) error { c.read.set(t); return nil }

// SetWriteDeadline bounds writing.
func (c *conn) SetWriteDeadline(t time.Time) error { c.write.set(t); return nil }
