package broker_test

import (
	"bytes"
	"context"
	"maps"
	"net"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"
)

// underlay is the network between the nodes of a test, with the faults that
// operators know: an address that is not there, a link that is cut.
type underlay struct {
	mu      sync.Mutex
	missing map[string]bool
	cut     map[string]chan struct{} // closed when healed
	wires   map[*wire]bool
	opened  map[string]func() // runs when an address has been opened
}

func newUnderlay() *underlay {
	return &underlay{missing: map[string]bool{}, cut: map[string]chan struct{}{}, wires: map[*wire]bool{}, opened: map[string]func(){}}
}

// remove takes an address away, as a container restart does; restore is
// `weave attach`.
func (u *underlay) remove(ip string) { u.set(func() { u.missing[ip] = true }) }

func (u *underlay) restore(ip string) { u.set(func() { delete(u.missing, ip) }) }

// sever lets nothing through to and from an address until heal. Nobody is told.
func (u *underlay) sever(ip string) { u.set(func() { u.cut[ip] = make(chan struct{}) }) }

func (u *underlay) heal(ip string) {
	u.set(func() {
		close(u.cut[ip])
		delete(u.cut, ip)
	})
}

// tick lets the time pass in which a node has to hear from an address: those
// who wait for it, and only those, learn that it is silent.
func (u *underlay) tick(ip string) {
	var silent []*wire
	u.set(func() {
		for w := range u.wires {
			if w.a == ip || w.b == ip {
				silent = append(silent, w)
			}
		}
	})
	for _, w := range silent {
		w.expire()
	}
}

// asked reports whether a cut link holds up a call from one address to another.
func (u *underlay) asked(from, to, op string) (yes bool) {
	var wires []*wire
	u.set(func() { wires = slices.Collect(maps.Keys(u.wires)) })
	for _, w := range wires {
		w.mu.Lock()
		yes = yes || w.a == from && w.b == to && bytes.Contains(w.backlog, []byte(`"o":"`+op+`"`))
		w.mu.Unlock()
	}
	return yes
}

// told reports whether a word has come back on a link that one address opened
// to another.
func (u *underlay) told(from, to, word string) (yes bool) {
	var wires []*wire
	u.set(func() { wires = slices.Collect(maps.Keys(u.wires)) })
	for _, w := range wires {
		w.mu.Lock()
		yes = yes || w.a == from && w.b == to && bytes.Contains(w.heard, []byte(word))
		w.mu.Unlock()
	}
	return yes
}

func (u *underlay) set(f func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	f()
}

func (u *underlay) isMissing(ip string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.missing[ip]
}

// stalled is nil while packets flow between two addresses.
func (u *underlay) stalled(a, b string) <-chan struct{} {
	u.mu.Lock()
	defer u.mu.Unlock()
	if ch := u.cut[a]; ch != nil {
		return ch
	}
	return u.cut[b]
}

// face is the network as one node sees it. Its 0.0.0.0 is the node's own
// loopback address, which is there even while it counts as missing.
type face struct {
	u  *underlay
	ip string
}

func (f face) Listen(ctx context.Context, address string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if host == "0.0.0.0" {
		host = f.ip
	} else if host != f.ip || f.u.isMissing(host) {
		return nil, &net.OpError{Op: "listen", Net: "tcp", Err: os.NewSyscallError("bind", syscall.EADDRNOTAVAIL)}
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp4", net.JoinHostPort(host, port))
	var hook func()
	f.u.set(func() { hook = f.u.opened[address] })
	if hook != nil && err == nil {
		hook()
	}
	return ln, err
}

func (f face) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if host == "0.0.0.0" {
		host = f.ip
	}
	if f.u.isMissing(host) || f.u.isMissing(f.ip) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.EHOSTUNREACH)}
	}
	if ch := f.u.stalled(f.ip, host); ch != nil {
		select {
		case <-ch:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(f.ip)}}
	c, err := d.DialContext(ctx, network, net.JoinHostPort(host, port))
	if err != nil {
		return nil, err
	}
	w := &wire{Conn: c, u: f.u, a: f.ip, b: host, late: make(chan struct{}), closed: make(chan struct{})}
	f.u.set(func() { f.u.wires[w] = true })
	return w, nil
}

// wire is a connection that a cut link holds up.
type wire struct {
	net.Conn
	u      *underlay
	a, b   string
	late   chan struct{} // closed when the time to hear something is over
	closed chan struct{}
	once   sync.Once

	mu      sync.Mutex
	waits   bool   // somebody reads with a deadline
	backlog []byte // what the sender's kernel holds while the link is cut
	heard   []byte // all that came
	held    bool
}

func (w *wire) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if err != nil {
		return n, err
	}
	w.mu.Lock()
	w.heard = append(w.heard, p[:n]...)
	w.mu.Unlock()
	return n, w.wait()
}

func (w *wire) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch := w.u.stalled(w.a, w.b)
	if ch == nil && !w.held {
		return w.Conn.Write(p)
	}
	w.backlog = append(w.backlog, p...)
	if !w.held {
		w.held = true
		go w.resend(ch)
	}
	return len(p), nil
}

// resend is TCP's: it ends when the link works again or the connection closes.
func (w *wire) resend(healed <-chan struct{}) {
	select {
	case <-healed:
	case <-w.closed:
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	_ = w.SetWriteDeadline(time.Time{}) // that one was for the kernel, not for the link
	_, _ = w.Conn.Write(w.backlog)      // a broken connection shows in the next read
	w.backlog, w.held = nil, false
}

// wait returns when the link works, or with an error when it took too long.
func (w *wire) wait() error {
	ch := w.u.stalled(w.a, w.b)
	if ch == nil {
		return nil
	}
	select {
	case <-ch:
		return nil
	case <-w.late:
		return os.ErrDeadlineExceeded
	case <-w.closed:
		return net.ErrClosed
	}
}

func (w *wire) SetDeadline(t time.Time) error {
	_ = w.SetWriteDeadline(t)
	return w.SetReadDeadline(t)
}

// SetReadDeadline notes that somebody waits to hear something. How long that
// may take, tick decides.
func (w *wire) SetReadDeadline(t time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waits = !t.IsZero()
	if w.waits && w.isLate() {
		t = time.Unix(1, 0)
	}
	return w.Conn.SetReadDeadline(t)
}

func (w *wire) expire() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waits && !w.isLate() {
		close(w.late)
		_ = w.Conn.SetReadDeadline(time.Unix(1, 0)) // closed meanwhile otherwise
	}
}

func (w *wire) isLate() bool {
	select {
	case <-w.late:
		return true
	default:
		return false
	}
}

func (w *wire) Close() error {
	w.once.Do(func() {
		close(w.closed)
		w.u.set(func() { delete(w.u.wires, w) })
	})
	return w.Conn.Close()
}
