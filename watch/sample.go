package watch

import (
	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/regions"
)

const (
	// block is how many nodes stay together in a large fleet while messages are sent
	// across: two blocks meet in each sweep.
	block = together / 2
	// doubted is how many links in doubt are asked again in each look, beside the
	// sample.
	doubted = 16
)

// sample puts the nodes of a large fleet into groups, in each of which every node
// sends a message to every other one. As in a tournament every two blocks meet
// once in as many sweeps as there are blocks, so every pair of nodes is asked by
// then; and a sweep sends together-1 messages from each node however many there
// are. Nodes of one host stay together: it is looked at once.
func sample(nodes []regions.Node, sweep int) [][]regions.Node {
	blocks := blocksOf(nodes)
	if len(blocks)%2 == 1 {
		blocks = append(blocks, nil) // whoever meets it has a rest
	}
	n := len(blocks)
	turning := n - 1 // the first stays, the others walk round
	at := func(i int) []regions.Node {
		if i == 0 || turning == 0 {
			return blocks[i]
		}
		return blocks[1+(i-1+sweep)%turning]
	}
	var groups [][]regions.Node
	for i := range n / 2 {
		groups = append(groups, append(append([]regions.Node(nil), at(i)...), at(n-1-i)...))
	}
	return groups
}

// blocksOf fills blocks with whole hosts.
func blocksOf(nodes []regions.Node) [][]regions.Node {
	var blocks [][]regions.Node
	var now []regions.Node
	for _, host := range byHost(nodes) {
		if now = append(now, host...); len(now) >= block {
			blocks, now = append(blocks, now), nil
		}
	}
	if len(now) > 0 {
		blocks = append(blocks, now)
	}
	return blocks
}

// inDoubt are the links whose messages were bad when they were last asked: a sample
// would come to them again only much later.
func inDoubt(f *regions.Fleet, b alerts.Book) [][]regions.Node {
	var pairs [][]regions.Node
	for _, a := range b.Sorted() {
		if a.Key.Check != "mqtt" || !a.Live() && !a.Bad() && (a.Phase != alerts.Resolved || a.BadRun == 0) || len(pairs) == doubted {
			continue
		}
		from, known := f.Node(a.Key.Node)
		to, knownToo := f.Node(a.Key.Peer)
		if known && knownToo {
			pairs = append(pairs, []regions.Node{from, to})
		}
	}
	return pairs
}

// asked drops what is said about messages between nodes that were in no group
// together: nobody asked, so there is nothing to judge.
func asked(found []checks.Observation, seen facts.Fleet) []checks.Observation {
	sent := map[[2]string]bool{}
	for _, c := range seen.Crossings {
		sent[[2]string{c.From, c.To}] = true
	}
	kept := found[:0]
	for _, o := range found {
		if o.Check != "mqtt" || sent[[2]string{o.Node, o.Peer}] {
			kept = append(kept, o)
		}
	}
	return kept
}
