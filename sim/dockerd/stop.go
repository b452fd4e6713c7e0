package dockerd

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"vmqbot/sim/kernel"
)

// defaultGrace is how long a process may take to end, in seconds.
const defaultGrace = 10

// signalOf reads a signal's name or number.
func signalOf(word string) (kernel.Signal, error) {
	if n, err := strconv.Atoi(word); err == nil && n > 0 && n < 65 {
		return kernel.Signal(n), nil
	}
	s, ok := kernel.SignalOf(strings.ToUpper(word))
	if !ok || s == 0 {
		return 0, invalid("Invalid signal: %s", word)
	}
	return s, nil
}

// Stop asks the first process to end, and kills it after the grace. A negative
// grace is the container's own. One that does not run is left alone.
func (c *Container) Stop(grace time.Duration) error { return done(c.stop(grace, true)) }

// stop is Stop, with errSame when it does not run. byHand tells a person's
// stop from the daemon's own.
func (c *Container) stop(grace time.Duration, byHand bool) error {
	e := c.e
	e.mu.Lock()
	if e.daemon == nil {
		e.mu.Unlock()
		return errDown
	}
	if !c.st.running {
		e.mu.Unlock()
		return errSame
	}
	if byHand {
		c.st.byHand = true
	}
	c.again.never()
	r, d := c.run, e.daemon
	if r == nil { // it waits for its restart
		c.st.running, c.st.restarting = false, false
		c.stir()
		c.tell("stop", nil)
		e.mu.Unlock()
		return nil
	}
	c.resume()
	s := kernel.TERM
	if c.config.StopSignal != "" {
		s, _ = signalOf(c.config.StopSignal) // create has read it
	}
	c.tell("kill", map[string]string{"signal": strconv.Itoa(int(s))})
	e.mu.Unlock()
	r.proc.Signal(s)
	if !d.within(r.over, c.grace(grace)) {
		e.mu.Lock()
		c.tell("kill", map[string]string{"signal": "9"})
		e.mu.Unlock()
		r.proc.Signal(kernel.KILL)
		d.until(r.over)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	c.tell("stop", nil)
	return nil
}

func (c *Container) grace(asked time.Duration) time.Duration {
	if asked >= 0 {
		return asked
	}
	if own := c.config.StopTimeout; own != nil {
		return time.Duration(*own) * time.Second
	}
	return defaultGrace * time.Second
}

// within waits for the end of a life, for a time, while the daemon lives.
func (d *daemon) within(over <-chan struct{}, limit time.Duration) bool {
	t := time.NewTimer(limit)
	defer t.Stop()
	select {
	case <-over:
		return true
	case <-d.over:
		return true // nobody waits for the answer any more
	case <-t.C:
		select {
		case <-over:
			return true
		default:
			return false
		}
	}
}

func (d *daemon) until(over <-chan struct{}) {
	select {
	case <-over:
	case <-d.over:
	}
}

// Kill sends a signal, KILL when it is empty, to the first process. KILL waits
// for the end. Whatever the signal, the restart policy does not bring the
// container back from it.
func (c *Container) Kill(signal string) error { return c.kill(c.id, signal) }

// kill is Kill for somebody who calls the container by a name.
func (c *Container) kill(called, signal string) error {
	s, err := signalOf(cmp.Or(signal, "KILL"))
	if err != nil {
		return err
	}
	e := c.e
	e.mu.Lock()
	r, d := c.run, e.daemon
	if d == nil {
		defer e.mu.Unlock()
		return errDown
	}
	if !c.st.running {
		defer e.mu.Unlock()
		return conflict("Cannot kill container: %s: Container %s is not running", called, c.id)
	}
	c.st.byHand = true
	c.again.never()
	if r == nil {
		c.st.running, c.st.restarting = false, false
		c.stir()
		e.mu.Unlock()
		return nil
	}
	if s == kernel.KILL {
		c.resume()
	}
	c.tell("kill", map[string]string{"signal": strconv.Itoa(int(s))})
	e.mu.Unlock()
	r.proc.Signal(s)
	if s == kernel.KILL {
		d.until(r.over)
	}
	return nil
}

// Restart stops and starts it; one that does not run is started.
func (c *Container) Restart(grace time.Duration) error {
	if err := done(c.stop(grace, true)); err != nil {
		return err
	}
	if err := c.start(); err != nil {
		return done(err)
	}
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	c.tell("restart", nil)
	return nil
}

// Pause stops the container's packets on Docker's network. Its processes go
// on: goroutines cannot be frozen.
func (c *Container) Pause() error {
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	switch {
	case c.run == nil:
		return conflict("Container %s is not running", c.id)
	case c.st.paused:
		return conflict("Container %s is already paused", c.id)
	}
	c.st.paused = true
	if !c.HostNet() {
		c.e.paused.Store(c.run.space, true)
	}
	c.tell("pause", nil)
	return nil
}

// Unpause lets them pass again.
func (c *Container) Unpause() error {
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	if c.run == nil || !c.st.paused {
		return broken("Container %s is not paused", c.id)
	}
	c.resume()
	c.tell("unpause", nil)
	return nil
}

// resume ends a pause; the caller holds the lock.
func (c *Container) resume() {
	if !c.st.paused {
		return
	}
	c.st.paused = false
	c.e.paused.Delete(c.run.space)
	c.e.opt.Fabric.Changed()
}

// OOM ends the first process as the kernel does when memory runs out.
func (c *Container) OOM() {
	c.e.mu.Lock()
	r := c.run
	if r != nil {
		r.killed = true
		c.st.oom = true
		c.tell("oom", nil)
	}
	c.e.mu.Unlock()
	if r != nil {
		r.proc.Signal(kernel.KILL)
		<-r.proc.Done()
	}
}
