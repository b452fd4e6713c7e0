package checks

import (
	"slices"

	"vmqbot/facts"
	"vmqbot/regions"
)

// Between is the worst observation of one check on a node and, for links, on
// its links with the peers among, both ways; no names mean every peer. A
// proof towards a node that nobody can see would never end, so the caller
// says which peers count. Nothing observed is Unknown.
func Between(f *regions.Fleet, seen facts.Fleet, n regions.Node, among []string, name string) Observation {
	nodes := []regions.Node{n}
	if len(f.Peers(n)) == 0 {
		return One(f, seen, n, name)
	}
	if Linked(name) {
		for _, p := range f.Peers(n) {
			if len(among) == 0 || slices.Contains(among, p.Name) {
				nodes = append(nodes, p)
			}
		}
	}
	var own []Observation
	for _, o := range Judge(f, seen, nodes, name) {
		counts := func(peer string) bool { return len(among) == 0 || slices.Contains(among, peer) }
		if (o.Node == n.Name && (o.Peer == "" || counts(o.Peer))) || (o.Peer == n.Name && counts(o.Node)) {
			own = append(own, o)
		}
	}
	if c, ok := Find(name); ok && c.Link() && len(nodes) == 1 && len(own) == 0 {
		return One(f, seen, n, name)
	}
	return Worst(own)
}

// Linked reports whether any of the named checks judges links, or the node by
// what others say, so that the peers must be looked at as well.
func Linked(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		c, ok := Find(name)
		return ok && (c.Link() || c.Others)
	})
}
