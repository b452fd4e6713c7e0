package dockerd

import (
	"crypto/rand"
	"encoding/hex"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"vmqbot/sim/fabric"
	"vmqbot/sim/kernel"
)

// What the engine says of itself.
const (
	Version    = "20.10.24"
	APIVersion = "1.41"
	minAPI     = "1.12"
	Socket     = "/var/run/docker.sock"
	dataRoot   = "/var/lib/docker"
)

// Options are what an engine is made with.
type Options struct {
	Machine *kernel.Machine
	Fabric  *fabric.Fabric
	Library *Library     // shared by all engines of a world; nil makes one
	Bridge  netip.Prefix // the host's address on docker0; 172.17.0.1/16 when zero
	Arch    string       // the processor, as Go names it; amd64 when empty

	// Pace multiplies every delay that the engine makes: its own boot, the
	// start of a container, the wait before a restart, the interval of health
	// checks. Zero is 1, real time. The grace of a stop is a promise and no
	// delay: it counts in real seconds.
	Pace  float64
	Haste func() float64 // a further factor, asked whenever a delay begins; nil is 1
	Boot  time.Duration  // from Up until the engine answers; 2 s when zero
}

// Engine is one Docker engine. Its data outlive the daemon (Down, Up) and the
// machine (Board).
type Engine struct {
	opt    Options
	lib    *Library
	bridge *fabric.Segment
	paused sync.Map // *fabric.Space of a paused container
	named  atomic.Int64

	mu         sync.Mutex
	machine    *kernel.Machine
	images     map[string]*image // by id
	tags       map[string]string // familiar reference: image id
	blobs      map[string]*layer // by the digest under which a registry gave it; docker load leaves none
	containers map[string]*Container
	execs      map[string]*execution
	addresses  map[netip.Addr]bool
	docker0    netip.Prefix // the host's address on the bridge of this daemon
	daemon     *daemon
	pending    sync.WaitGroup // goroutines of containers
}

// New makes an engine that is down.
func New(o Options) (*Engine, error) {
	if o.Library == nil {
		o.Library = NewLibrary()
	}
	if o.Fabric == nil {
		o.Fabric = fabric.New()
	}
	if !o.Bridge.IsValid() {
		o.Bridge = netip.MustParsePrefix("172.17.0.1/16")
	}
	if o.Arch == "" {
		o.Arch = "amd64"
	}
	if o.Pace == 0 {
		o.Pace = 1
	}
	if o.Boot == 0 {
		o.Boot = 2 * time.Second
	}
	e := &Engine{
		opt: o, lib: o.Library, machine: o.Machine, images: map[string]*image{}, tags: map[string]string{}, blobs: map[string]*layer{},
		containers: map[string]*Container{}, execs: map[string]*execution{}, addresses: map[netip.Addr]bool{o.Bridge.Addr(): true}, docker0: o.Bridge,
	}
	e.bridge = o.Fabric.Segment("docker0 of "+o.Machine.Name, func(from, to *fabric.Space) fabric.Way {
		_, a := e.paused.Load(from)
		_, b := e.paused.Load(to)
		return fabric.Way{Open: !a && !b}
	})
	return e, os.MkdirAll(e.real(dataRoot), 0o711)
}

// real is where a path of the machine is on the real one.
func (e *Engine) real(path string) string { return e.machine.Root.Real(path) }

// paced is a delay at the engine's pace, at least a moment so that nothing
// turns without end.
func (e *Engine) paced(d time.Duration) time.Duration {
	factor := e.opt.Pace
	if e.opt.Haste != nil {
		factor *= e.opt.Haste()
	}
	return max(time.Duration(float64(d)*factor), time.Millisecond)
}

// wait takes a delay at the engine's pace, unless one of the others comes
// first; stop may be nil.
func (e *Engine) wait(d time.Duration, over, stop <-chan struct{}) bool {
	t := time.NewTimer(e.paced(d))
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-over:
		return false
	case <-stop:
		return false
	}
}

func newID() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// Find is the container of that name, id, or beginning of an id.
func (e *Engine) Find(ref string) (*Container, bool) {
	c, err := e.find(ref)
	return c, err == nil
}

// All are all containers, the newest first.
func (e *Engine) All() []*Container {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.newest()
}
