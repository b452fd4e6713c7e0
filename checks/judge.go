package checks

import (
	"slices"

	"vmqbot/facts"
	"vmqbot/regions"
)

// Judge runs the named checks, or all of them, for the nodes: node by node,
// each in dependency order. A check whose needs are not OK is Unknown without
// being run. Without names, those that want to be named and those whose facts
// this round did not ask for are left out.
func Judge(f *regions.Fleet, seen facts.Fleet, nodes []regions.Node, names ...string) []Observation {
	r := newRound(f, seen)
	wanted := slices.DeleteFunc(All(), func(c *Check) bool {
		return len(names) > 0 && !slices.Contains(names, c.Name) || len(names) == 0 && (c.Named || !asked(c, seen))
	})
	var parts [][]Observation
	for _, n := range nodes {
		for _, c := range wanted {
			parts = append(parts, r.judge(c, n))
		}
	}
	return slices.Concat(parts...)
}

// One returns the worst observation of one check on one node and its links to
// its peers. A check that judges links is OK on the only node of a fleet.
func One(f *regions.Fleet, seen facts.Fleet, node regions.Node, name string) Observation {
	c, found := Find(name)
	switch {
	case !found:
		return Observation{Check: name, Region: node.Region, Node: node.Name, Evidence: "no check is named " + name}
	case c.Link() && len(f.Peers(node)) == 0:
		return c.stamp(node, ok("%s is the only node of the fleet, so it has no links", node.Name))
	default:
		return Worst(Judge(f, seen, []regions.Node{node}, name))
	}
}

// Need returns the facts that the named checks and everything they need read,
// including those that only make their proof stronger. Without names it
// speaks of all checks but those that only prove a verb (Named).
func Need(names ...string) facts.Need {
	var need facts.Need
	for _, c := range inOrder() {
		if len(names) > 0 && !slices.Contains(names, c.Name) || len(names) == 0 && c.Named {
			continue
		}
		need = need.And(c.Facts).And(c.Also)
		for _, a := range ancestors(c) {
			need = need.And(a.Facts)
		}
	}
	return need
}

// asked reports whether this round looked for what a check reads, at any node:
// a node that could not be reached has no facts either, and is not left out.
func asked(c *Check, seen facts.Fleet) bool {
	if c.Facts.Crossings && len(seen.Crossings) == 0 || c.Facts.Pings && len(seen.Pings) == 0 || c.Past && seen.Past.Empty() {
		return false
	}
	if c.Facts.Vitals && !vitalsAsked(seen) {
		return false
	}
	if c.Facts.Broker == 0 {
		return true
	}
	for _, n := range seen.Nodes {
		if n.Broker.Blind() != facts.NotAsked && c.Facts.Broker&^answered(n) == 0 {
			return true
		}
	}
	return false
}

func vitalsAsked(seen facts.Fleet) bool {
	for _, n := range seen.Nodes {
		if n.Vitals.Blind() != facts.NotAsked {
			return true
		}
	}
	return false
}

// answered are the questions that a look put to a node's broker, whatever came
// of them; all of them when it had no broker to ask.
func answered(n facts.Node) facts.Questions {
	b, ok := n.Broker.Get()
	if !ok {
		return facts.AskAll
	}
	var q facts.Questions
	for of, blind := range map[facts.Questions]facts.Blind{
		facts.AskPing: b.Ping.Blind(), facts.AskView: b.View.Blind(), facts.AskListeners: b.Listeners.Blind(), facts.AskSwitches: b.Switches.Blind(),
	} {
		if blind != facts.NotAsked {
			q |= of
		}
	}
	return q
}
