package weavenet

import (
	"math"
	"sync"
	"sync/atomic"
	"time"

	"vmqbot/sim/fabric"
)

// Options are the settings of an overlay.
type Options struct {
	// Pace is how long one second of Weave's own delays lasts, in seconds; 0 is
	// 1. Delays of the networks below are not its own.
	Pace float64
	// Underlay decides about the way between two hosts, as the segment that
	// joins them does; nil lets everything pass. It may be asked at any time and
	// must not call into the fabric.
	Underlay fabric.Passes
	// UDP decides about Weave's UDP ports where they fare worse than the rest
	// of the underlay; nil means that they do not.
	UDP fabric.Passes
	// Resolve finds the address of a host name; nil finds none.
	Resolve func(name string) (address string, ok bool)
}

// Net is the overlay of one world: what the Weave routers of all its hosts
// make together. Its methods may be used concurrently.
type Net struct {
	f       *fabric.Fabric
	o       Options
	pace    atomic.Uint64
	segment *fabric.Segment
	seeding sync.Mutex // one ring is seeded at a time
	records library

	mu       sync.RWMutex // the innermost lock: nothing is called while it is held
	ends     map[*fabric.Space]*bridge
	stations map[*bridge]*station
	names    map[string]*station
}

// station is a running router as packets meet it.
type station struct {
	router *router
	bridge *bridge
	routes map[string]string // peer: the neighbor on the way to it
}

// New makes an overlay without hosts.
func New(f *fabric.Fabric, o Options) *Net {
	n := &Net{f: f, o: o, ends: map[*fabric.Space]*bridge{}, stations: map[*bridge]*station{}, names: map[string]*station{}, records: library{last: map[string]*peer{}}}
	n.SetPace(o.Pace)
	n.segment = f.Segment("weave", n.passes)
	return n
}

// SetPace changes Options.Pace for delays that begin from now on.
func (n *Net) SetPace(pace float64) {
	if pace <= 0 {
		pace = 1
	}
	n.pace.Store(math.Float64bits(pace))
}

// after is how long one of Weave's own delays lasts here.
func (n *Net) after(d time.Duration) time.Duration {
	return time.Duration(float64(d) * math.Float64frombits(n.pace.Load()))
}

// passes is the data path: within one bridge always; between two when their
// routers run and have a way to each other.
func (n *Net) passes(from, to *fabric.Space) fabric.Way {
	hops, ok := n.hops(from, to)
	if !ok {
		return fabric.Way{}
	}
	way := fabric.Way{Open: true}
	for i := 1; i < len(hops); i++ {
		w := n.below(hops[i-1], hops[i])
		if !w.Open {
			return fabric.Way{}
		}
		way.Delay += w.Delay
	}
	return way
}

// hops are the hosts that a packet between two namespaces visits.
func (n *Net) hops(from, to *fabric.Space) (hosts []*fabric.Space, ok bool) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	a, b := n.ends[from], n.ends[to]
	if a == nil || b == nil || a == b {
		return nil, a != nil && a == b
	}
	at, goal := n.stations[a], n.stations[b]
	if goal == nil {
		return nil, false
	}
	for range len(n.stations) {
		if at == nil {
			return nil, false
		}
		hosts = append(hosts, at.bridge.space)
		if at == goal {
			return hosts, true
		}
		at = n.names[at.routes[goal.router.name]]
	}
	return nil, false
}

// below asks for the way between two hosts as Weave's packets take it.
func (n *Net) below(from, to *fabric.Space) fabric.Way {
	way := fabric.Way{Open: true}
	if n.o.Underlay != nil {
		way = n.o.Underlay(from, to)
	}
	if way.Open && n.o.UDP != nil {
		way = n.o.UDP(from, to)
	}
	return way
}

// join makes a router known to packets; leave is its end.
func (n *Net) join(r *router, b *bridge) {
	n.mu.Lock()
	s := &station{router: r, bridge: b}
	n.stations[b], n.names[r.name] = s, s
	n.mu.Unlock()
	n.f.Changed()
}

func (n *Net) leave(r *router) {
	n.mu.Lock()
	for b, s := range n.stations {
		if s.router == r {
			delete(n.stations, b)
		}
	}
	if s := n.names[r.name]; s != nil && s.router == r {
		delete(n.names, r.name)
	}
	n.mu.Unlock()
	n.f.Changed()
}

// reroute gives a router's packets new ways.
func (n *Net) reroute(r *router, routes map[string]string) {
	n.mu.Lock()
	for _, s := range n.stations {
		if s.router == r {
			s.routes = routes
		}
	}
	n.mu.Unlock()
	n.f.Changed()
}

// station finds a running router.
func (n *Net) station(name string) *station {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.names[name]
}

// heard are the routers that a broadcast of this one reaches, itself first.
func (n *Net) heard(r *router) []*router {
	n.mu.RLock()
	defer n.mu.RUnlock()
	list := []*router{r}
	for _, s := range n.stations {
		if s.router == r {
			for name := range s.routes {
				if o := n.names[name]; o != nil && o.router != r {
					list = append(list, o.router)
				}
			}
		}
	}
	return list
}

// udp reports whether a heartbeat passes to the host of a peer.
func (n *Net) udp(from *bridge, peer string) bool {
	s := n.station(peer)
	return s == nil || n.o.UDP == nil || n.o.UDP(from.space, s.bridge.space).Open
}
