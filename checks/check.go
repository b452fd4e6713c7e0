package checks

import (
	"vmqbot/facts"
	"vmqbot/regions"
)

// Check is one question about one node, or about its links.
type Check struct {
	Name     string // as people type and read it: "ip"
	Summary  string // the question, one line
	Row      string // the row of the failure catalog it looks for first; "" when there is none
	Severity Severity
	Needs    []string   // checks that must be OK before this one can say anything
	Facts    facts.Need // what it reads beyond the base facts; left out of a round that did not ask for it
	Also     facts.Need // what makes its proof stronger when it was read
	Causes   []string   // beyond Needs: checks whose Bad, at either end, is what a Bad here comes from

	// Judge looks at one node and returns one observation, or one for each
	// peer when the check judges links. It does not ask for its needs; the
	// function of that name does.
	Judge func(Subject) []Observation

	Others bool // it judges the node by what the other nodes say, so these must be looked at as well
	Past   bool // it compares with earlier looks: judged where somebody names it or remembers them
	Named  bool // it is judged only where somebody names it: what it asks for is right only after some verbs, or costs more than a look should (FirstDay)

	// Symptom says that what is wrong is rather at another node: a broker that
	// throws messages for one away is no second node that is bad.
	Symptom bool

	near bool // of a link check: its needs are asked at the node only, not at the peer
	node func(Subject) Observation
	link func(s Subject, peer regions.Node) Observation
}

// Link reports whether the check judges the links from a node to its peers.
func (c *Check) Link() bool { return c.link != nil }

// Subject is one node among everything that was planned and seen.
type Subject struct {
	Fleet *regions.Fleet
	Node  regions.Node
	Seen  facts.Fleet

	round *round // of which this is a part, and which keeps what was found out; nil for none
}

// of turns to another node of the same round.
func (s Subject) of(n regions.Node) Subject {
	s.Node = n
	return s
}

// facts returns what was seen of the node: nothing, when it was not asked for.
func (s Subject) facts() facts.Node { return s.Seen.Nodes[s.Node.Name] }

// all judges a node's links one by one, or the node itself.
func (c *Check) all(s Subject) []Observation {
	if c.link == nil {
		return []Observation{c.stamp(s.Node, c.node(s))}
	}
	var out []Observation
	for _, p := range s.Fleet.Peers(s.Node) {
		out = append(out, c.toPeer(s, p))
	}
	return out
}

func (c *Check) toPeer(s Subject, peer regions.Node) Observation {
	o := c.stamp(s.Node, c.link(s, peer))
	o.Peer = peer.Name
	return o
}

func (c *Check) stamp(n regions.Node, o Observation) Observation {
	o.Check, o.Region, o.Node = c.Name, n.Region, n.Name
	if o.Severity == 0 {
		o.Severity = c.Severity
	}
	if o.Verdict != Bad {
		o.Row = ""
	} else if o.Row == "" {
		o.Row = c.Row
	}
	return o
}
