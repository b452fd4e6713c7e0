package fabric

import (
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Fabric is all networks of one simulated world. Its methods, and those of
// everything in it, may be used concurrently.
type Fabric struct {
	mu     sync.Mutex
	moved  chan struct{} // closed, and replaced, when something changed that may open or close a way
	inodes int
}

// New makes a world without networks.
func New() *Fabric { return &Fabric{moved: make(chan struct{})} }

// Way is what a segment says of the way from one namespace to another.
type Way struct {
	Open  bool          // false: packets are lost without a word
	Delay time.Duration // one way
}

// Passes decides about the way between two namespaces of a segment. It must
// not call back into the fabric.
type Passes func(from, to *Space) Way

// Segment is one Ethernet: those plugged into it reach each other's addresses.
type Segment struct {
	f      *Fabric
	name   string
	passes Passes
	ports  []*port
}

// port is one interface of a namespace that is plugged into a segment.
type port struct {
	space  *Space
	dev    string
	prefix netip.Prefix
	seg    *Segment
}

// Segment makes an Ethernet; passes may be nil, which lets everything pass.
func (f *Fabric) Segment(name string, passes Passes) *Segment {
	if passes == nil {
		passes = func(_, _ *Space) Way { return Way{Open: true} }
	}
	return &Segment{f: f, name: name, passes: passes}
}

// String is the segment's name.
func (s *Segment) String() string { return s.name }

// Changed must be called when Passes may answer otherwise than before: waiting
// packets try again.
func (f *Fabric) Changed() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stir()
}

// stir wakes everything that waits for a way; the caller holds the lock.
func (f *Fabric) stir() {
	close(f.moved)
	f.moved = make(chan struct{})
}

// Reach asks for the way from one namespace to an address, as a packet would
// take it now, and who has the address there; nobody is nil.
func (s *Space) Reach(to netip.Addr) (Way, *Space) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	r := s.route(to)
	return r.way(), r.to
}

// Echo is what becomes of a ping at this moment.
type Echo struct {
	Routed bool          // an interface or a gateway takes it
	Source netip.Addr    // the own address that it leaves with
	There  bool          // somebody has the address
	Open   bool          // it arrives, and its answer comes back
	RTT    time.Duration // there and back
}

// Echo asks for the way to an address and back.
func (s *Space) Echo(to netip.Addr) Echo {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	r := s.route(to)
	e := Echo{Routed: r.source.IsValid(), Source: r.source, There: r.to != nil}
	there := r.way()
	back := there
	if r.seg != nil && r.to != nil {
		back = r.seg.passes(r.to, r.from)
	}
	e.Open, e.RTT = there.Open && back.Open, there.Delay+back.Delay
	return e
}

// route is how packets of a namespace get to an address.
type route struct {
	from, to *Space
	source   netip.Addr // own address on that way
	dest     netip.Addr
	seg      *Segment // nil on the way to oneself
}

// route finds the way; to is nil when nobody has the address. The caller holds
// the lock.
func (s *Space) route(to netip.Addr) route {
	if s.gone {
		return route{from: s, dest: to}
	}
	if to.IsLoopback() || s.has(to) {
		return route{from: s, to: s, source: to, dest: to}
	}
	for _, p := range s.ports {
		if p.seg != nil && p.prefix.Contains(to) {
			return route{from: s, to: p.seg.owner(to, s), source: p.prefix.Addr(), dest: to, seg: p.seg}
		}
	}
	if s.gateway != nil {
		return s.gateway.route(to)
	}
	return route{from: s, dest: to}
}

// owner is who has the address on the segment: the one plugged in last, when
// two have it and the way to both is open, as the last gratuitous ARP decides.
func (s *Segment) owner(a netip.Addr, from *Space) *Space {
	var found *Space
	for _, p := range slices.Backward(s.ports) {
		if p.prefix.Addr() != a {
			continue
		}
		if s.passes(from, p.space).Open {
			return p.space
		}
		if found == nil {
			found = p.space
		}
	}
	return found
}

// way asks the segment; the caller holds the lock.
func (r route) way() Way {
	switch {
	case r.to == nil:
		return Way{}
	case r.seg == nil:
		return Way{Open: true}
	}
	return r.seg.passes(r.from, r.to)
}
