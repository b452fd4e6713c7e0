// Package opstest holds stand-ins for the ports: a clock that a test turns,
// a journal in memory, leases in memory. The real ones have tests of their
// own against the real things.
package opstest

import (
	"sync"
	"time"
)

// Clock is a clock on which every wait ends at once and takes its full time:
// After moves the clock forward by what was asked.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock starts a clock.
func NewClock(at time.Time) *Clock { return &Clock{now: at} }

// Now returns the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// After moves the clock and fires.
func (c *Clock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	fired := make(chan time.Time, 1)
	fired <- c.now
	return fired
}
