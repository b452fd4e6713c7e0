package checks

import (
	"vmqbot/facts"
	"vmqbot/regions"
)

// round judges one look, every check at most once for each node.
type round struct {
	fleet  *regions.Fleet
	seen   facts.Fleet
	nodes  []regions.Node // of the fleet, in the order of the file
	judged map[spot][]Observation
	shut   map[spot]shut

	crossings map[[2]string]facts.Crossing // by both ends, the last of each; nil before somebody asked
	plugins   map[string]plugin            // by node
	planned   map[string]bool              // the names of the nodes among brokers; nil before somebody asked
}

// shut is what keeps a check from being judged at a node; no need is nothing.
type shut struct {
	need    string
	verdict Verdict
}

// spot is one check at one node.
type spot struct{ check, node string }

func newRound(f *regions.Fleet, seen facts.Fleet) *round {
	return &round{fleet: f, seen: seen, nodes: f.Nodes(), judged: map[spot][]Observation{}, shut: map[spot]shut{}, plugins: map[string]plugin{}}
}

// inRound is the round of a subject; one that was judged by itself begins one.
func (s Subject) inRound() *round {
	if s.round == nil {
		return newRound(s.Fleet, s.Seen)
	}
	return s.round
}

// erlangNames are those of every node of the fleet.
func (r *round) erlangNames() map[string]bool {
	if r.planned == nil {
		r.planned = make(map[string]bool, len(r.nodes))
		for _, n := range r.nodes {
			r.planned[n.ErlangName()] = true
		}
	}
	return r.planned
}

func (r *round) judge(c *Check, n regions.Node) []Observation {
	key := spot{c.Name, n.Name}
	if out, done := r.judged[key]; done {
		return out
	}
	var out []Observation
	s := Subject{Fleet: r.fleet, Node: n, Seen: r.seen, round: r}
	switch {
	case c.link != nil:
		out = r.links(c, s)
	default:
		o, closed := r.gate(c, n, "")
		if !closed {
			o = c.node(s)
		}
		out = []Observation{c.stamp(n, o)}
	}
	r.judged[key] = out
	return out
}

func (r *round) links(c *Check, s Subject) []Observation {
	out := make([]Observation, 0, len(r.nodes))
	for _, p := range r.nodes {
		if p.Name == s.Node.Name {
			continue
		}
		o, closed := r.gate(c, s.Node, "")
		if !closed && !c.near {
			o, closed = r.gate(c, p, " of "+p.Name)
		}
		if !closed {
			o = c.link(s, p)
		}
		o = c.stamp(s.Node, o)
		o.Peer = p.Name
		out = append(out, o)
	}
	return out
}

// gate asks for everything a check needs at one end of what it judges,
// nearest to the host first, and names the first that is not OK. Each end is
// asked once: a node stands at as many links as there are others.
func (r *round) gate(c *Check, n regions.Node, ofWhom string) (Observation, bool) {
	key := spot{c.Name, n.Name}
	s, done := r.shut[key]
	if !done {
		s = r.first(c, n)
		r.shut[key] = s
	}
	if s.need == "" {
		return Observation{}, false
	}
	return unknown("not checked: %s%s is %s", s.need, ofWhom, s.verdict).closed(s.need), true
}

// first is the need nearest to the host that is not OK at a node.
func (r *round) first(c *Check, n regions.Node) shut {
	for _, need := range ancestors(c) {
		if o := r.judge(need, n)[0]; o.Verdict != OK {
			return shut{need.Name, o.Verdict}
		}
	}
	return shut{}
}
