package checks

import (
	"vmqbot/facts"
	"vmqbot/regions"
)

// round judges one look, every check at most once for each node.
type round struct {
	fleet  *regions.Fleet
	seen   facts.Fleet
	judged map[string][]Observation // by check and node
}

func (r *round) judge(c *Check, n regions.Node) []Observation {
	key := c.Name + " " + n.Name
	if out, done := r.judged[key]; done {
		return out
	}
	var out []Observation
	s := Subject{Fleet: r.fleet, Node: n, Seen: r.seen}
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
	var out []Observation
	for _, p := range r.fleet.Peers(s.Node) {
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
// nearest to the host first, and names the first that is not OK.
func (r *round) gate(c *Check, n regions.Node, ofWhom string) (Observation, bool) {
	for _, need := range ancestors(c) {
		if o := r.judge(need, n)[0]; o.Verdict != OK {
			return unknown("not checked: %s%s is %s", need.Name, ofWhom, o.Verdict).closed(need.Name), true
		}
	}
	return Observation{}, false
}
