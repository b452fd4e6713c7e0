package wire

import (
	"errors"
	"sync"
	"sync/atomic"

	"golang.org/x/crypto/ssh"
)

// maxExecs is how many sessions (commands, streams, file transfers) run at
// once on one connection. sshd refuses the eleventh (MaxSessions 10); the two
// that remain are for a person who shares the connection's user.
const maxExecs = 8

// link is one live connection.
type link struct {
	host   *Host
	client *ssh.Client
	slots  chan struct{} // one per session
	done   chan struct{} // closed when the connection is dead
	asked  atomic.Int32  // keepalive beats since the last answer

	mu      sync.Mutex
	cause   error // why it was closed from this side
	users   int   // open channels
	retired bool  // closes after the last of them
	shelf   shelf
}

// newLink takes over a connection and starts its three keepers.
func newLink(h *Host, c *ssh.Client) *link {
	l := &link{host: h, client: c, slots: make(chan struct{}, maxExecs), done: make(chan struct{})}
	l.shelf.want = make(chan struct{}, 1)
	watch := func() {
		err := c.Wait()
		close(l.done)
		h.pool.opts.Logger.Debug("connection ended", "host", h.String(), "cause", errors.Join(l.reason(), err))
	}
	if !h.pool.spawn(watch) {
		_ = c.Close()
		_ = c.Wait()
		close(l.done)
		return l
	}
	h.pool.spawn(l.keep)
	h.pool.spawn(l.stock)
	return l
}

func (l *link) alive() bool {
	select {
	case <-l.done:
		return false
	default:
		return true
	}
}

// close cuts the connection; sshd then closes the commands' stdin, on which
// the watchdog stops them.
func (l *link) close(cause error) {
	l.mu.Lock()
	if l.cause == nil {
		l.cause = cause
	}
	l.mu.Unlock()
	_ = l.client.Close()
}

func (l *link) reason() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cause
}

// retire closes the connection as soon as nobody uses it.
func (l *link) retire() {
	l.mu.Lock()
	l.retired = true
	idle := l.users == 0
	l.mu.Unlock()
	l.giveWay()
	if idle {
		l.close(errDead)
	}
}

func (l *link) enter() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.users++
}

func (l *link) leave() {
	l.mu.Lock()
	l.users--
	last := l.retired && l.users == 0
	l.mu.Unlock()
	if last {
		l.close(errDead)
	}
}
