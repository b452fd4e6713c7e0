package dockerd

import (
	"cmp"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/docker/docker/api/types/container"

	"vmqbot/sim/fabric"
	"vmqbot/sim/kernel"
)

// Container is one container of an engine. Fields belong to the engine's lock,
// but those that creation sets.
type Container struct {
	e       *Engine
	id      string
	created time.Time
	image   *image
	config  *container.Config
	host    *container.HostConfig
	mounts  []mounted
	log     *record
	origin  map[string]stamp // what the image put into the root folder

	op sync.Mutex // held while it is started, renamed or removed

	name    string
	st      state
	run     *run // nil unless a process runs
	health  *container.Health
	again   *again        // how it is restarted
	removed bool          // it is gone
	moved   chan struct{} // closed, and replaced, when the state changes
}

// state is what inspect calls State, but for what the process itself tells.
type state struct {
	paused, restarting, oom bool
	exit                    int
	err                     string
	started, finished       time.Time
	running                 bool
	restarts                int
	byHand                  bool // somebody stopped it: unless-stopped does not bring it back
}

func (s state) live() bool { return s.running }

// word is the state's name.
func (s state) word() string {
	switch {
	case s.running && s.paused:
		return "paused"
	case s.running && s.restarting:
		return "restarting"
	case s.running:
		return "running"
	case s.started.IsZero():
		return "created"
	}
	return "exited"
}

// run is one life of a container, from the start to the end of its process.
type run struct {
	proc   *kernel.Process
	pids   *kernel.PIDs
	root   *kernel.Root
	space  *fabric.Space
	ip     netip.Addr // on docker0
	ports  map[string]int
	stdin  *kernel.FD // the writing end, when it is kept open
	killed bool       // for want of memory
	over   chan struct{}
}

// ID is the container's id, 64 hexadecimal digits.
func (c *Container) ID() string { return c.id }

// Name is its name, without a slash.
func (c *Container) Name() string {
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	return c.name
}

// Running reports that its first process runs.
func (c *Container) Running() bool { return c.Process() != nil }

// Up is what Docker calls running: also while it waits for its restart.
func (c *Container) Up() bool {
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	return c.st.running
}

// Process is its first process; nil when it does not run.
func (c *Container) Process() *kernel.Process {
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	if c.run == nil {
		return nil
	}
	return c.run.proc
}

// PID is the number of its first process on the machine; 0 when it does not run.
func (c *Container) PID() int {
	if p := c.Process(); p != nil {
		return p.PID
	}
	return 0
}

// Space is its network namespace, which is a new one with every start; nil
// when it does not run.
func (c *Container) Space() *fabric.Space {
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	if c.run == nil {
		return nil
	}
	return c.run.space
}

// HostNet reports that it lives in the machine's own network.
func (c *Container) HostNet() bool { return c.host.NetworkMode.IsHost() }

// Config is what it was created with, after the image's defaults.
func (c *Container) Config() *container.Config { return c.config }

// ExitCode is the status of its last end.
func (c *Container) ExitCode() int {
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	return c.st.exit
}

// Status is running, exited, created, paused or restarting.
func (c *Container) Status() string {
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	return c.st.word()
}

// stir wakes those who wait for the container; the caller holds the lock.
func (c *Container) stir() {
	close(c.moved)
	c.moved = make(chan struct{})
}

var nameRule = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_.-]+$`)

// find is Find with the engine's error.
func (e *Engine) find(ref string) (*Container, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.lookup(ref)
}

// lookup finds by name or id; the caller holds the lock.
func (e *Engine) lookup(ref string) (*Container, error) {
	if c := e.containers[ref]; c != nil {
		return c, nil
	}
	if c := e.byName(strings.TrimPrefix(ref, "/")); c != nil {
		return c, nil
	}
	var found *Container
	for id, c := range e.containers {
		if ref != "" && strings.HasPrefix(id, ref) {
			if found != nil {
				return nil, invalid("Multiple IDs found with provided prefix: %s", ref)
			}
			found = c
		}
	}
	if found == nil {
		return nil, missing("No such container: %s", ref)
	}
	return found, nil
}

func (e *Engine) byName(name string) *Container {
	for _, c := range e.containers {
		if c.name == name {
			return c
		}
	}
	return nil
}

// free refuses a name that is taken or none; the caller holds the lock.
func (e *Engine) free(name string) error {
	if !nameRule.MatchString(strings.TrimPrefix(name, "/")) {
		return invalid("Invalid container name (%s), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed", name)
	}
	if other := e.byName(strings.TrimPrefix(name, "/")); other != nil {
		return conflict("Conflict. The container name %q is already in use by container %q. You have to remove (or rename) that container to be able to reuse that name.", "/"+strings.TrimPrefix(name, "/"), other.id)
	}
	return nil
}

// newest lists all, the newest first; the caller holds the lock.
func (e *Engine) newest() []*Container {
	list := make([]*Container, 0, len(e.containers))
	for _, c := range e.containers {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b *Container) int { return cmp.Or(b.created.Compare(a.created), cmp.Compare(a.id, b.id)) })
	return list
}

// Finished is when its first process ended last; zero when it never did.
func (c *Container) Finished() time.Time {
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	return c.st.finished
}
