package fabric

import (
	"fmt"
	"net/netip"
	"slices"
)

// Space is a network namespace: interfaces, addresses and sockets. A new one
// has the loopback only.
type Space struct {
	f    *Fabric
	name string

	ports   []*port
	devs    []string // interfaces without an address
	gateway *Space   // where packets go that no own interface takes; they leave it under its address
	gone    bool
	after   []func() // what happens when it is gone

	listeners []*listener
	conns     []*conn
	published map[uint16]target // ports that are handed on to another namespace
	ephemeral uint16
}

type target struct {
	space *Space
	port  uint16
}

// Address is one address of a namespace.
type Address struct {
	Dev    string
	Prefix netip.Prefix
}

// Space makes a network namespace.
func (f *Fabric) Space(name string) *Space {
	return &Space{f: f, name: name, published: map[uint16]target{}, ephemeral: 32767}
}

// String is the namespace's name.
func (s *Space) String() string { return s.name }

// Plug gives the namespace an address on an interface of a segment. Further
// addresses may be given to one interface; the same one twice is fine.
func (s *Space) Plug(dev string, seg *Segment, p netip.Prefix) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	for _, old := range s.ports {
		if old.dev == dev && old.prefix == p && old.seg == seg {
			return
		}
	}
	n := &port{space: s, dev: dev, prefix: p, seg: seg}
	s.ports = append(s.ports, n)
	seg.ports = append(seg.ports, n)
	s.f.stir()
}

// Add gives an interface one more address, in the segment that it is plugged
// into. It reports whether there is such an interface.
func (s *Space) Add(dev string, p netip.Prefix) bool {
	s.f.mu.Lock()
	var seg *Segment
	for _, old := range s.ports {
		if old.dev == dev {
			seg = old.seg
		}
	}
	s.f.mu.Unlock()
	if seg != nil {
		s.Plug(dev, seg, p)
	}
	return seg != nil
}

// Unplug takes an address away, and its interface with the last one. Sockets
// that are bound to it stay, and hear nothing until it is back. It reports
// whether the address was there.
func (s *Space) Unplug(p netip.Prefix) bool {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	found := false
	for _, old := range slices.Clone(s.ports) {
		if old.prefix == p {
			s.unplug(old)
			found = true
		}
	}
	s.f.stir()
	return found
}

func (s *Space) unplug(old *port) {
	same := func(p *port) bool { return p == old }
	s.ports = slices.DeleteFunc(s.ports, same)
	old.seg.ports = slices.DeleteFunc(old.seg.ports, same)
}

// UnplugDev takes an interface away with all its addresses.
func (s *Space) UnplugDev(dev string) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	for _, old := range slices.Clone(s.ports) {
		if old.dev == dev {
			s.unplug(old)
		}
	}
	s.devs = slices.DeleteFunc(s.devs, func(d string) bool { return d == dev })
	s.f.stir()
}

// AddDev adds an interface without an address, as the host's side of a pair is.
func (s *Space) AddDev(dev string) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	if !slices.Contains(s.devs, dev) {
		s.devs = append(s.devs, dev)
	}
}

// Devs are the names of all interfaces, lo first.
func (s *Space) Devs() []string {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	devs := []string{"lo"}
	for _, p := range s.ports {
		if !slices.Contains(devs, p.dev) {
			devs = append(devs, p.dev)
		}
	}
	return append(devs, s.devs...)
}

// Addresses are all addresses, the loopback's first.
func (s *Space) Addresses() []Address {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	all := []Address{{"lo", netip.MustParsePrefix("127.0.0.1/8")}}
	for _, p := range s.ports {
		all = append(all, Address{p.dev, p.prefix})
	}
	return all
}

// Has reports whether the namespace has the address.
func (s *Space) Has(a netip.Addr) bool {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	return s.has(a)
}

func (s *Space) has(a netip.Addr) bool {
	return a.IsLoopback() || slices.ContainsFunc(s.ports, func(p *port) bool { return p.prefix.Addr() == a })
}

// SetGateway makes packets that no own interface takes leave through another
// namespace, under its address.
func (s *Space) SetGateway(g *Space) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	s.gateway = g
}

// Publish hands connections to a port of this namespace on to a port of
// another one, as `docker run -p` does. A port that is taken is an error.
func (s *Space) Publish(port uint16, to *Space, toPort uint16) error {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	if at, taken := s.published[port]; taken && at.space != to {
		return fmt.Errorf("bind for 0.0.0.0:%d failed: port is already allocated", port)
	}
	s.published[port] = target{to, toPort}
	return nil
}

// Unpublish takes back what was published of that namespace.
func (s *Space) Unpublish(to *Space) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	for port, t := range s.published {
		if t.space == to {
			delete(s.published, port)
		}
	}
}

// OnClose makes f run when the namespace has ended; at once when it has already.
func (s *Space) OnClose(f func()) {
	s.f.mu.Lock()
	if !s.gone {
		s.after = append(s.after, f)
		s.f.mu.Unlock()
		return
	}
	s.f.mu.Unlock()
	f()
}

// Close ends the namespace: its sockets close, its interfaces vanish.
func (s *Space) Close() {
	for _, f := range s.end() {
		f()
	}
}

func (s *Space) end() []func() {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	for _, l := range slices.Clone(s.listeners) {
		l.shut()
	}
	for _, c := range slices.Clone(s.conns) {
		c.shut()
	}
	for _, p := range slices.Clone(s.ports) {
		s.unplug(p)
	}
	after := s.after
	s.gone, s.devs, s.after = true, nil, nil
	s.f.stir()
	return after
}

// Listens reports whether a socket listens at exactly that address,
// "host:port".
func (s *Space) Listens(address string) bool {
	at, err := parse(address)
	if err != nil {
		return false
	}
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	return slices.ContainsFunc(s.listeners, func(l *listener) bool { return l.at == at })
}
