package weavenet

import (
	"crypto/sha256"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"

	"vmqbot/sim/fabric"
	"vmqbot/sim/kernel"
)

// HostOptions are the properties of a machine that Weave depends on.
type HostOptions struct {
	// MachineID is where the peer's name comes from; "" takes the host's name.
	// Two hosts with one identifier are two peers with one name, as machines
	// are that were cloned.
	MachineID string
	// FastDP says that the kernel has openvswitch. Without it connections are
	// of the kind sleeve, and a router that was launched without
	// WEAVE_NO_FASTDP dies at its second start.
	FastDP bool
	// Upstream are the name servers of the host; nil is 127.0.0.11.
	Upstream []string
}

// Host is what Weave keeps on one machine, from boot to boot.
type Host struct {
	net  *Net
	name string
	o    HostOptions

	plugging sync.Mutex  // one interface is made at a time
	halved   atomic.Bool // see Halve

	mu     sync.Mutex
	docker Docker
	bridge *bridge
	db     *database
	last   string // the container in which a router started last
}

// database is the content of the volume of the container weavedb.
type database struct {
	container string
	ring      ring
	peers     []string
}

// Host makes a machine known that has not seen Weave before.
func (n *Net) Host(name string, d Docker, o HostOptions) *Host {
	if o.MachineID == "" {
		o.MachineID = name
	}
	if o.Upstream == nil {
		o.Upstream = []string{"127.0.0.11"}
	}
	return &Host{net: n, name: name, o: o, docker: d, db: &database{}}
}

// SetDocker says that the machine has another Docker daemon now.
func (h *Host) SetDocker(d Docker) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.docker = d
}

func (h *Host) containers() Docker {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.docker
}

// PowerOff forgets what is in the kernel: call it when the machine has halted.
func (h *Host) PowerOff() { h.dropBridge() }

// PeerName is the name that a router of this host gives itself.
func (h *Host) PeerName() string { return mac("peer " + h.o.MachineID) }

// mac makes a locally administered address out of words.
func mac(words ...any) string {
	b := sha256.Sum256([]byte(fmt.Sprint(words...)))
	b[0] = b[0]&^1 | 2
	return fmt.Sprintf("%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4], b[5])
}

// store is the database that the router may use: a new one when the container
// that held the last one was removed.
func (h *Host) store() *database {
	id := ""
	if c, err := h.containers().Find(dbName); err == nil {
		id = c.ID
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.db.container != id {
		h.db = &database{container: id}
	}
	return h.db
}

// restarted tells the start of a router whether the one before ran in the same
// container.
func (h *Host) restarted() bool {
	c, err := h.containers().Find(routerName)
	h.mu.Lock()
	defer h.mu.Unlock()
	same := err == nil && c.ID == h.last
	if err == nil {
		h.last = c.ID
	}
	return same
}

// routes are the networks that the host reaches by its own interfaces; weave's
// bridge is not counted.
func routes(space *fabric.Space) []netip.Prefix {
	var found []netip.Prefix
	for _, a := range space.Addresses() {
		if p := a.Prefix.Masked(); a.Dev != "lo" && a.Dev != bridgeDev && !slices.Contains(found, p) {
			found = append(found, p)
		}
	}
	return found
}

// current is the bridge on the machine as it runs now; nil when there is none.
func (h *Host) current(m *kernel.Machine) *bridge {
	h.mu.Lock()
	b := h.bridge
	h.mu.Unlock()
	if b != nil && b.machine != m {
		h.dropBridge()
		return nil
	}
	return b
}

// dockerBridge is the address of docker0.
func dockerBridge(space *fabric.Space) (netip.Addr, bool) {
	for _, a := range space.Addresses() {
		if a.Dev == "docker0" {
			return a.Prefix.Addr(), true
		}
	}
	return netip.Addr{}, false
}
