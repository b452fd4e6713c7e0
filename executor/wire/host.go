package wire

import (
	"context"
	"sync"
	"time"
)

// Host is one ssh server as one user. Its methods connect when needed and
// may be called from many goroutines.
type Host struct {
	pool   *Pool
	target target
	via    *Host // the hop before it; nil when it is dialed directly
	gate   chan struct{}
	broken error // settings that cannot work

	mu      sync.Mutex
	link    *link
	dialing *attempt
}

// String is the host as ssh would be told: user@host:port.
func (h *Host) String() string { return h.target.String() }

// Connect makes sure that there is a live connection.
func (h *Host) Connect(ctx context.Context) error {
	_, _, err := h.connected(ctx)
	return err
}

// Ping asks the ssh server for a sign of life and returns how long the answer
// took, without the time of connecting; fresh reports that the connection was
// made for this call. It starts no process on the host.
func (h *Host) Ping(ctx context.Context) (rtt time.Duration, fresh bool, err error) {
	err = h.onLink(ctx, func(l *link, isNew bool) error {
		fresh = isNew
		start := time.Now()
		err := l.ping(ctx)
		rtt = time.Since(start)
		return err
	})
	return rtt, fresh, err
}

// Recycle makes later calls connect anew, while calls and streams that are
// under way finish on the old connection, which closes after the last of
// them. Use it to prove that the host can still be reached.
func (h *Host) Recycle() {
	h.mu.Lock()
	l := h.link
	h.link = nil
	h.mu.Unlock()
	if l != nil {
		l.retire()
	}
}

// cut closes the connection at once.
func (h *Host) cut() {
	h.mu.Lock()
	l := h.link
	h.mu.Unlock()
	if l != nil {
		l.close(errClosed)
	}
}
