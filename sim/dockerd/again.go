package dockerd

import (
	"strconv"
	"time"

	"vmqbot/sim/kernel"
)

// Docker's delays before a restart: the first, the longest, and how long a
// container must have run for the delay to be the first again.
const (
	firstDelay = 100 * time.Millisecond
	mostDelay  = time.Minute
	goodRun    = 10 * time.Second
)

// again decides about the next restart of a container. It belongs to the
// engine's lock.
type again struct {
	delay  time.Duration
	count  int
	cancel chan struct{}
	over   bool // somebody stopped it
}

func newAgain() *again { return &again{cancel: make(chan struct{})} }

func (a *again) reset() { *a = *newAgain() }

// never takes back a restart that waits and forbids the next one.
func (a *again) never() {
	if !a.over {
		a.over = true
		close(a.cancel)
	}
}

// should decides after an end, and says how long to wait.
func (c *Container) should(ranFor time.Duration) (time.Duration, bool) {
	a := c.again
	if ranFor >= goodRun {
		a.delay = 0
	}
	a.delay = min(max(2*a.delay, firstDelay), mostDelay)
	if a.over {
		return 0, false
	}
	switch p := c.host.RestartPolicy; p.Name {
	case "always":
	case "unless-stopped":
		if c.st.byHand {
			return 0, false
		}
	case "on-failure":
		if c.st.exit == 0 || p.MaximumRetryCount > 0 && a.count >= p.MaximumRetryCount {
			return 0, false
		}
	default:
		return 0, false
	}
	a.count++
	return a.delay, true
}

// ended is what the daemon does when the first process has ended. A daemon
// that is down does nothing; the next one finds out.
func (c *Container) ended(r *run) {
	e := c.e
	e.mu.Lock()
	defer e.mu.Unlock()
	if c.run != r || e.daemon == nil || e.daemon.deaf {
		return
	}
	c.settle(r, r.proc.Wait())
	delay, yes := c.should(c.st.finished.Sub(c.st.started))
	if !yes || e.daemon.stopping {
		c.gone(r)
		return
	}
	c.st.running, c.st.restarting = true, true
	c.st.restarts++
	c.gone(r)
	d, a := e.daemon, c.again
	cancel := a.cancel
	e.pending.Go(func() {
		if !e.wait(delay, d.over, cancel) {
			return
		}
		c.op.Lock()
		defer c.op.Unlock()
		e.mu.Lock()
		defer e.mu.Unlock()
		if c.st.restarting && !a.over && e.daemon == d {
			_ = c.launch() // the state tells why it failed
		}
	})
}

// settle notes the end of a life; the caller holds the lock.
func (c *Container) settle(r *run, exit int) {
	c.run = nil
	c.st.exit, c.st.finished = exit, time.Now()
	c.st.running, c.st.restarting, c.st.paused = false, false, false
	c.unplug(r)
	if r.stdin != nil {
		_ = r.stdin.Close()
	}
	if h := c.health; h != nil {
		h.Status = "unhealthy"
	}
}

// gone tells those who wait that a life is over; the caller holds the lock.
func (c *Container) gone(r *run) {
	c.tell("die", map[string]string{"exitCode": strconv.Itoa(c.st.exit)})
	c.connected("disconnect")
	for _, m := range c.mounts {
		if m.volume != "" {
			c.e.emit("volume", "unmount", m.volume, map[string]string{"container": c.id, "driver": "local"})
		}
	}
	close(r.over)
	c.stir()
	if c.host.AutoRemove && !c.st.running {
		c.e.pending.Go(func() { _ = c.Remove(true, true) }) // somebody else may have removed it
	}
}

// shut ends a life that an earlier daemon began, as a daemon does at its
// start: it counts as stopped by hand, so unless-stopped does not bring the
// container back.
func (c *Container) shut(d *daemon, r *run) {
	r.proc.Signal(kernel.TERM)
	if !d.within(r.proc.Done(), c.grace(-1)) {
		r.proc.Signal(kernel.KILL)
		<-r.proc.Done()
	}
}
