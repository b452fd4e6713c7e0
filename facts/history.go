package facts

import (
	"maps"
	"slices"
	"time"

	"vmqbot/weave"
)

// How much is kept: six hours of links and two of nodes, at a sweep every 30 s.
const (
	KeptLinks = 720
	KeptNodes = 240
)

// History is what the last looks saw of every link and every node, oldest
// first: what no single look can tell. It is bounded, and a value: With
// returns another and leaves the old as it was. The zero value is empty.
type History struct {
	links map[Pair][]LinkSample
	nodes map[string][]NodeSample
}

// Pair is one direction of a link, by the names of its nodes.
type Pair struct{ From, To string }

// LinkSample is one look at a link.
type LinkSample struct {
	At       time.Time     `json:"at"`
	Sent     int           `json:"sent"` // echo requests; 0 when none could be sent
	Received int           `json:"received"`
	RTT      time.Duration `json:"rtt_ns"`            // the mean of those that came back; 0 when none did
	MTU      int           `json:"mtu,omitempty"`     // of weave's connection between the hosts; 0 when there is none
	Carrier  string        `json:"carrier,omitempty"` // fastdp or sleeve
}

// NodeSample is one look at a node.
type NodeSample struct {
	At       time.Time `json:"at"`
	Known    bool      `json:"known"` // the container was seen: the next two count
	Restarts int       `json:"restarts"`
	OOM      bool      `json:"oom"`
	Counted  bool      `json:"counted"` // the broker's counters were read: the next four count
	Dropped  int64     `json:"dropped"` // bytes for other nodes, since the broker started
	Splits   int64     `json:"splits"`  // netsplits detected and not resolved
	In       int64     `json:"in"`      // messages put into queues since the broker started
	Queued   int64     `json:"queued"`  // of these, not delivered, dropped or expired
}

// Empty reports that there is nothing to compare with.
func (h History) Empty() bool { return len(h.nodes) == 0 && len(h.links) == 0 }

// Link is what was seen of a link in one direction, oldest first. Nobody may
// write into it.
func (h History) Link(from, to string) []LinkSample { return h.links[Pair{from, to}] }

// Node is the same of a node.
func (h History) Node(name string) []NodeSample { return h.nodes[name] }

// With adds one look, which must have asked for vitals, and what is kept of it
// is its time, not the text. Nodes and links that the look does not have are
// forgotten.
func (h History) With(seen Fleet) History {
	next := History{links: map[Pair][]LinkSample{}, nodes: map[string][]NodeSample{}}
	for name, n := range seen.Nodes {
		next.nodes[name] = added(h.nodes[name], n.sample(seen.At), KeptNodes)
		for peer := range seen.Nodes {
			old := h.links[Pair{name, peer}]
			if s, found := seen.link(name, peer); found || old != nil {
				next.links[Pair{name, peer}] = added(old, s, KeptLinks)
			}
		}
	}
	return next
}

// added copies, so that two histories never share what either may change.
func added[T any](old []T, s T, most int) []T {
	kept := old[max(0, len(old)+1-most):]
	return append(append(make([]T, 0, len(kept)+1), kept...), s)
}

func (n Node) sample(at time.Time) NodeSample {
	s := NodeSample{At: at}
	if c, ok := n.Container.Get(); ok {
		s.Known, s.Restarts, s.OOM = true, c.RestartCount, c.OOMKilled
	}
	v, _ := n.Vitals.Get()
	m, ok := v.Metrics.Get()
	if _, told := m["cluster_bytes_dropped"]; !ok || !told {
		return s
	}
	s.Counted, s.Dropped = true, int64(m["cluster_bytes_dropped"])
	s.Splits = int64(m["netsplit_detected"] - m["netsplit_resolved"])
	s.In = int64(m["queue_message_in"])
	s.Queued = int64(m["queue_message_in"] - m["queue_message_out"] - m["queue_message_drop"] - m["queue_message_expired"] - m["queue_message_unhandled"])
	return s
}

// link is one look at a link; found is false when neither its echoes nor
// weave's connection were seen.
func (f Fleet) link(from, to string) (s LinkSample, found bool) {
	s.At = f.At
	if from == to {
		return s, false
	}
	for _, p := range f.Pings {
		if e, ok := p.Echo.Get(); ok && p.From == from && p.To == to {
			s.Sent, s.Received, found = e.Sent, e.Received, true
			if e.Received > 0 {
				s.RTT = e.Avg
			}
		}
	}
	if c, up := f.Carried(from, to); up {
		s.MTU, s.Carrier, found = c.MTU, c.Carrier, true
	}
	return s, found
}

// Carried is weave's connection from one node's host to another's, where it is
// up.
func (f Fleet) Carried(from, to string) (weave.Connection, bool) {
	here, hereOK := f.Nodes[from].Weave.Get()
	there, thereOK := f.Nodes[to].Weave.Get()
	if !hereOK || !thereOK || there.Name == "" || here.Name == there.Name {
		return weave.Connection{}, false
	}
	i := slices.IndexFunc(here.Connections, func(c weave.Connection) bool { return c.PeerName == there.Name && c.State == weave.Established })
	if i < 0 {
		return weave.Connection{}, false
	}
	return here.Connections[i], true
}

// Pairs are the links of which something was seen, in the order of their names.
func (h History) Pairs() []Pair {
	return slices.SortedFunc(maps.Keys(h.links), func(a, b Pair) int {
		return slices.Compare([]string{a.From, a.To}, []string{b.From, b.To})
	})
}
