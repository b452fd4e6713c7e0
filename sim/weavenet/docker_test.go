package weavenet_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"vmqbot/sim/fabric"
	"vmqbot/sim/kernel"
	"vmqbot/sim/weavenet"
)

// docker is as much of a Docker daemon as Weave notices.
type docker struct {
	m      *kernel.Machine
	f      *fabric.Fabric
	bridge *fabric.Segment // docker0
	router func(*kernel.Process) int
	gone   func(*fabric.Space)

	mu   sync.Mutex
	down bool
	made int
	list []*container // the newest first
	run  sync.WaitGroup
}

type container struct {
	weavenet.Container
	spec    weavenet.Spec
	process *kernel.Process
	manual  bool // stopped by somebody: the restart policy rests
	stderr  logbook
	ended   chan struct{}
}

// logbook is a container's log.
type logbook struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logbook) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

var errDown = errors.New("Cannot connect to the Docker daemon at unix:///var/run/docker.sock") //nolint:staticcheck // Docker's words

func (d *docker) Ping() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down {
		return errDown
	}
	return nil
}

func (d *docker) Find(ref string) (weavenet.Container, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c := d.find(ref); c != nil {
		return c.Container, nil
	}
	return weavenet.Container{}, fmt.Errorf("%w: %s", weavenet.ErrNoContainer, ref)
}

func (d *docker) find(ref string) *container {
	for _, c := range d.list {
		if c.Name == ref || len(ref) > 3 && strings.HasPrefix(c.ID, ref) {
			return c
		}
	}
	return nil
}

func (d *docker) All() []weavenet.Container {
	d.mu.Lock()
	defer d.mu.Unlock()
	list := make([]weavenet.Container, len(d.list))
	for i, c := range d.list {
		list[i] = c.Container
	}
	return list
}

func (d *docker) Create(s weavenet.Spec) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.find(s.Name) != nil {
		return "", fmt.Errorf("the name %q is taken", s.Name)
	}
	d.made++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d", d.m.Name, s.Name, d.made))
	c := &container{Container: weavenet.Container{ID: hex.EncodeToString(sum[:]), Name: s.Name, Image: s.Image, State: "created", HostNet: s.HostNet}, spec: s}
	d.list = slices.Insert(d.list, 0, c)
	return c.ID, nil
}

// Start starts the container in a new network namespace.
func (d *docker) Start(ref string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.find(ref)
	if c == nil {
		return weavenet.ErrNoContainer
	}
	return d.start(c)
}

func (d *docker) start(c *container) error {
	space := d.m.Net
	if !c.HostNet {
		space = d.f.Space(d.m.Name + " " + c.Name)
		space.Plug("eth0", d.bridge, netip.MustParsePrefix("172.17.0.2/16"))
	}
	main := kernel.Program(func(p *kernel.Process) int {
		<-p.Context().Done()
		return 0
	})
	pids := d.m.Container()
	if c.Image == weavenet.RouterImage {
		main, pids = d.router, nil // it has the host's process numbers
	}
	fds := map[int]*kernel.FD{2: kernel.Output(&c.stderr)}
	p, err := d.m.Start(kernel.Spec{Argv: append([]string{"/home/weave/weaver"}, c.spec.Cmd...), Env: c.spec.Env, Net: space, PIDs: pids, FDs: fds, Main: main})
	if err != nil {
		return err
	}
	c.State, c.PID, c.Net, c.process, c.manual, c.ended = "running", p.PID, space, p, false, make(chan struct{})
	ended := c.ended
	d.run.Go(func() { d.watch(c, p); close(ended) })
	return nil
}

// watch does what a daemon does when a container's first process has ended.
func (d *docker) watch(c *container, p *kernel.Process) {
	p.Wait()
	d.mu.Lock()
	space := c.Net
	c.State, c.PID, c.Net, c.Finished = "exited", 0, nil, time.Now()
	again := c.spec.Restart == "always" && !c.manual && !d.down
	if again {
		c.State = "restarting"
	}
	d.mu.Unlock()
	if !c.HostNet {
		space.Close()
		d.gone(space)
	}
	if again {
		<-time.After(300 * time.Millisecond)
		d.mu.Lock()
		if c.State == "restarting" && !c.manual && d.start(c) != nil {
			c.State = "exited"
		}
		if c.manual {
			c.State = "exited"
		}
		d.mu.Unlock()
	}
}

func (d *docker) Stop(ref string) error { return d.end(ref, true, kernel.TERM, kernel.KILL) }
func (d *docker) Kill(ref string) error { return d.end(ref, true, kernel.KILL) }

// Crash kills the first process behind the daemon's back.
func (d *docker) Crash(ref string) error { return d.end(ref, false, kernel.KILL) }

func (d *docker) end(ref string, manual bool, signals ...kernel.Signal) error {
	d.mu.Lock()
	c := d.find(ref)
	if c == nil || c.State != "running" && c.State != "restarting" {
		d.mu.Unlock()
		return errors.New("not running")
	}
	c.manual = manual
	p, ended := c.process, c.ended
	d.mu.Unlock()
	for _, s := range signals {
		p.Signal(s)
		select {
		case <-p.Done():
		case <-time.After(10 * time.Second):
		}
	}
	if manual {
		<-ended
	} else {
		p.Wait()
	}
	return nil
}

func (d *docker) Remove(ref string) error {
	_ = d.Kill(ref)
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.find(ref)
	if c == nil {
		return weavenet.ErrNoContainer
	}
	d.list = slices.DeleteFunc(d.list, func(o *container) bool { return o == c })
	return nil
}

// restart is docker restart.
func (d *docker) restart(ref string) {
	_ = d.Stop(ref)
	if err := d.Start(ref); err != nil {
		panic(err)
	}
}

// reboot starts those that a booting machine starts: all with a policy.
func (d *docker) reboot(m *kernel.Machine) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.m, d.down = m, false
	for _, c := range slices.Backward(d.list) {
		if c.spec.Restart == "always" && !c.manual {
			if err := d.start(c); err != nil {
				panic(err)
			}
		}
	}
}
