package wire

import (
	"context"
	"math/rand/v2"
	"net"
	"time"

	"golang.org/x/crypto/ssh"
)

// dial connects and logs in, behind the gate of the first hop.
func (h *Host) dial(ctx context.Context) (*link, error) {
	if h.via != nil {
		// Outside the gate: a hop must not wait for those who wait for it.
		if err := h.via.Connect(ctx); err != nil {
			return nil, err
		}
	}
	var err error
	for try := range h.pool.pace.tries {
		if try > 0 && !pause(ctx, 25*time.Millisecond, try) {
			break
		}
		var c *ssh.Client
		c, err = h.dialOnce(ctx)
		if err == nil || ctx.Err() == nil { // that nobody wants it any more says nothing of the host
			h.pool.opts.Dialed(h.target.addr, err)
		}
		if err == nil {
			return newLink(h, c), nil
		}
		if !wasReset(err) {
			break
		}
		h.pool.opts.Logger.Debug("connection reset during the handshake", "host", h.String(), "try", try+1)
	}
	return nil, h.explain(err)
}

func (h *Host) dialOnce(ctx context.Context) (*ssh.Client, error) {
	select {
	case h.gate <- struct{}{}:
		defer func() { <-h.gate }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	limit := h.pool.opts.DialTimeout
	dialCtx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var raw net.Conn
	var err error
	if h.via != nil {
		raw, err = h.via.Dial(dialCtx, "tcp", h.target.addr)
	} else {
		raw, err = h.pool.opts.Dial(dialCtx, "tcp", h.target.addr)
		raw = quick(raw)
	}
	if err != nil {
		return nil, err
	}
	return h.handshake(ctx, raw)
}

// pause waits before another try, twice as long each time and stretched by
// chance, so that those who were refused together do not come back together.
func pause(ctx context.Context, base time.Duration, try int) bool {
	base <<= try
	t := time.NewTimer(base + rand.N(base))
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
