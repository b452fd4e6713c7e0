package wire

import (
	"context"
	"errors"

	"vmqbot/facts"
)

// attempt is one dial that any number of callers wait for.
type attempt struct {
	done chan struct{}
	link *link
	err  error
}

// connected returns the live connection. However many callers find none, one
// dial runs; a caller whose context ends leaves, and the dial goes on for the
// others within its own deadlines.
func (h *Host) connected(ctx context.Context) (l *link, fresh bool, err error) {
	if h.broken != nil {
		return nil, false, h.broken
	}
	h.mu.Lock()
	if h.link != nil && h.link.alive() {
		defer h.mu.Unlock()
		return h.link, false, nil
	}
	a := h.dialing
	if a == nil {
		a = &attempt{done: make(chan struct{})}
		if !h.pool.spawn(func() { h.dialFor(a) }) {
			h.mu.Unlock()
			return nil, false, unseen(h.target, facts.Failed, h.connecting(), errClosed.Error(), "", errClosed)
		}
		h.dialing = a
	}
	h.mu.Unlock()
	select {
	case <-a.done:
		return a.link, true, a.err
	case <-ctx.Done():
		return nil, false, ended(ctx, h.target, h.connecting())
	}
}

func (h *Host) connecting() string { return "connecting to " + h.String() }

func (h *Host) dialFor(a *attempt) {
	a.link, a.err = h.dial(h.pool.ctx)
	h.mu.Lock()
	h.link, h.dialing = a.link, nil
	h.mu.Unlock()
	if h.pool.ctx.Err() != nil {
		h.cut() // Close has already passed by
	}
	close(a.done)
}

// onLink runs f on the live connection, and once more on a new one when the
// first turns out to be dead before anything was sent.
func (h *Host) onLink(ctx context.Context, f func(l *link, fresh bool) error) error {
	for try := 0; ; try++ {
		l, fresh, err := h.connected(ctx)
		if err != nil {
			return err
		}
		if err = f(l, fresh); !errors.Is(err, errDead) {
			return err
		}
		if try > 0 {
			return unseen(h.target, facts.Unreachable, h.connecting(),
				"the server closed the connection right after the login", h.target.command(), err)
		}
		h.forget(l)
	}
}

// forget drops a connection that is dead, unless a newer one took its place.
func (h *Host) forget(l *link) {
	l.close(errDead)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.link == l {
		h.link = nil
	}
}
