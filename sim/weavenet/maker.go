package weavenet

import (
	"math/rand/v2"
	"time"
)

// How long the connection maker waits before it tries again, as in mesh's
// connection_maker.go; and settle, which it waits so that what follows from one
// event reaches it at once.
const (
	firstInterval = 2 * time.Second
	maxInterval   = 6 * time.Minute
	resetAfter    = time.Minute
	settle        = 50 * time.Millisecond
	newcomer      = 500 * time.Millisecond
)

// maker is mesh's connection maker: whom to dial, and when.
type maker struct {
	direct  []direct
	targets []*target
	ended   int // connections that ended
}

type targetState int

const (
	waiting targetState = iota
	attempting
	connected
	suspended
)

// target is an address where a peer may be.
type target struct {
	address  string
	state    targetState
	lastErr  error
	tryAfter time.Time // zero: never
	interval time.Duration
}

func (t *target) now() { t.tryAfter, t.interval = time.Now(), firstInterval }

func (t *target) never() { t.tryAfter, t.interval = time.Time{}, maxInterval }

func (t *target) later(pace func(time.Duration) time.Duration) {
	t.tryAfter = time.Now().Add(pace(t.interval/2 + rand.N(t.interval)))
	t.interval = min(t.interval*3/2, maxInterval)
}

func (m *maker) target(address string) *target {
	for _, t := range m.targets {
		if t.address == address {
			return t
		}
	}
	return nil
}

// pause waits one of Weave's delays, or until the router ends.
func (r *router) pause(d time.Duration) bool {
	t := time.NewTimer(r.n.after(d))
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.ctx.Done():
		return false
	}
}
