package commands

import (
	"fmt"
	"slices"
	"strings"

	"vmqbot/checks"
	"vmqbot/ops"
	"vmqbot/regions"
)

// provable are the peers with which n can be proven: those that are seen, and
// whole or about to be repaired by this plan. The others are noted once.
func provable(p *ops.Plan, r ops.Request, w ops.World, n regions.Node) (names []string) {
	for _, peer := range w.Fleet.Peers(n) {
		inTarget := slices.ContainsFunc(r.Nodes, func(t regions.Node) bool { return t.Name == peer.Name }) &&
			!slices.Contains(p.Unseen, peer.Name) && !slices.Contains(p.Left, peer.Name)
		why := blind(w.Seen.Nodes[peer.Name])
		if why == "" && !inTarget {
			why = brokenPeer(w, peer)
		}
		switch {
		case why == "":
			names = append(names, peer.Name)
		case !slices.Contains(p.Unproven, peer.Name):
			p.Unproven = append(p.Unproven, peer.Name)
			p.Notes = append(p.Notes, fmt.Sprintf("nothing can be proven towards %s: %s", peer.Name, trim(why)))
		}
	}
	return names
}

// brokenPeer says what keeps a node from taking part in a proof, or "".
func brokenPeer(w ops.World, peer regions.Node) string {
	for _, c := range []string{"container", "ip", "port"} {
		if o := checks.One(w.Fleet, w.Seen, peer, c); o.Verdict == checks.Bad {
			return o.Evidence
		}
	}
	return ""
}

// unproven are the nodes that need no repair and are not proven all the same.
// What lies between such a node and a repaired one is proven with the latter.
func unproven(p *ops.Plan, r ops.Request, w ops.World, repaired, untouched []regions.Node) (nodes []regions.Node) {
	names := whole
	if len(repaired) > 0 {
		names = repairs // no message was sent while something else is wrong
	}
	for _, n := range untouched {
		peers := slices.DeleteFunc(provable(p, r, w, n), func(peer string) bool {
			return slices.ContainsFunc(repaired, func(m regions.Node) bool { return m.Name == peer })
		})
		if proven(w, n, peers, names) {
			p.Notes = append(p.Notes, wholeNote(n, peers, len(repaired) == 0))
		} else {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// proven reports whether the named checks are OK on n and between n and its
// seen peers.
func proven(w ops.World, n regions.Node, peers, names []string) bool {
	for _, c := range names {
		if len(peers) == 0 && checks.Linked(c) {
			continue // nobody can be seen with whom it could be proven
		}
		if checks.Between(w.Fleet, w.Seen, n, peers, c).Verdict != checks.OK {
			return false
		}
	}
	return true
}

// wholeNote is what is told of a node that needs nothing.
func wholeNote(n regions.Node, peers []string, messages bool) string {
	if len(peers) == 0 || !messages {
		return fmt.Sprintf("%s holds %s and 44053 listens", n.Name, n.Address)
	}
	return fmt.Sprintf("%s is whole: %s is there, 44053 listens; channels, views and messages are proven with %s", n.Name, n.Address, strings.Join(peers, ", "))
}
