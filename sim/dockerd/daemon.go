package dockerd

import (
	"context"
	"sync"

	"github.com/docker/docker/api/types/events"

	"vmqbot/sim/kernel"
)

// daemon is one life of dockerd.
type daemon struct {
	over      chan struct{} // closed when it ends
	ready     chan struct{} // closed when it answers
	stopping  bool          // it stops its containers
	deaf      bool          // it does not hear its containers end: it boots
	listeners map[*ear]bool
	past      []events.Message
	serving   *server
	work      sync.WaitGroup
}

// Up starts the daemon. It takes connections at once and answers after Boot,
// when the containers that its restart policies bring back have started: see
// Ready.
func (e *Engine) Up() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.daemon != nil {
		return nil
	}
	if err := e.configure(); err != nil {
		return err
	}
	l, err := e.machine.ListenUnix(Socket)
	if err != nil {
		return err
	}
	d := &daemon{over: make(chan struct{}), ready: make(chan struct{}), deaf: true, listeners: map[*ear]bool{}}
	e.daemon = d
	e.machine.Net.Plug("docker0", e.bridge, e.docker0)
	d.serving = e.serve(d, l)
	d.work.Go(func() {
		if e.wait(e.opt.Boot, d.over, nil) {
			e.restore(d)
		}
	})
	return nil
}

// Ready is closed when the daemon answers; nil when it is down.
func (e *Engine) Ready() <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.daemon == nil {
		return nil
	}
	return e.daemon.ready
}

// Await waits until the daemon answers.
func (e *Engine) Await(ctx context.Context) error {
	select {
	case <-e.Ready():
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// restore takes up the containers of an earlier daemon.
func (e *Engine) restore(d *daemon) {
	e.mu.Lock()
	left := map[*Container]*run{}
	for _, c := range e.containers {
		if c.run != nil {
			left[c] = c.run
		}
	}
	e.mu.Unlock()
	var all sync.WaitGroup
	for c, r := range left {
		all.Go(func() { e.adopt(d, c, r) })
	}
	all.Wait()
	e.mu.Lock()
	if e.daemon != d {
		e.mu.Unlock()
		return
	}
	d.deaf = false
	back := []*Container{}
	for _, c := range e.newest() {
		c.again.reset()
		if _, yes := c.should(0); yes && !c.st.started.IsZero() && c.run == nil {
			back = append(back, c)
		}
		c.again.reset()
	}
	e.mu.Unlock()
	for _, c := range back {
		all.Go(func() {
			c.op.Lock()
			defer c.op.Unlock()
			e.mu.Lock()
			defer e.mu.Unlock()
			if c.run == nil && !c.removed {
				_ = c.launch() // the state tells why it failed
			}
		})
	}
	all.Wait()
	close(d.ready)
}

// adopt ends what still runs of an earlier daemon, and notes what has ended.
// What ended with its machine has no exit status: 255.
func (e *Engine) adopt(d *daemon, c *Container, r *run) {
	alive := true
	select {
	case <-r.proc.Done():
		alive = false
	default:
		c.shut(d, r)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.daemon != d {
		return
	}
	exit := r.proc.Wait()
	if r.proc.Machine != e.machine {
		exit = 255
	}
	c.settle(r, exit)
	c.st.byHand = c.st.byHand || alive
	c.gone(r)
}

// Down ends the daemon. Orderly, it stops its containers first; killed, it
// leaves them running until the next one is up. Either way the streams break.
func (e *Engine) Down(kill bool) {
	e.mu.Lock()
	d := e.daemon
	if d == nil {
		e.mu.Unlock()
		return
	}
	if !kill {
		d.stopping = true
		e.stopAll()
	}
	if e.daemon == d {
		e.daemon = nil
		close(d.over)
		for _, c := range e.containers {
			if c.st.restarting { // nobody brings it back now
				c.st.running, c.st.restarting = false, false
				c.stir()
			}
		}
	}
	e.mu.Unlock()
	d.serving.close()
	d.work.Wait()
}

// stopAll stops what runs, at the same time. The caller holds the lock, which
// is released meanwhile.
func (e *Engine) stopAll() {
	var all sync.WaitGroup
	for _, c := range e.containers {
		if c.st.running {
			all.Go(func() { _ = c.stop(-1, false) })
		}
	}
	e.mu.Unlock()
	all.Wait()
	e.mu.Lock()
}

// Board makes a machine that has booted anew the engine's own. The daemon must
// be down, killed with the machine.
func (e *Engine) Board(m *kernel.Machine) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.machine = m
}

// Close ends the daemon and every container, and waits for all of it. The
// folders stay.
func (e *Engine) Close() {
	e.mu.Lock()
	for _, c := range e.containers {
		c.again.never()
	}
	e.mu.Unlock()
	e.Down(true)
	e.mu.Lock()
	for _, c := range e.containers {
		if c.run != nil {
			c.run.proc.Signal(kernel.KILL)
		}
	}
	e.mu.Unlock()
	e.pending.Wait()
}
