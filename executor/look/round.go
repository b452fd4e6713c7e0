package look

import (
	"slices"
	"time"

	"vmqbot/facts"
	"vmqbot/regions"
)

// round is one look while it goes on. Each node is written by its own
// goroutine; base[i] is closed when what others may read of it is there.
type round struct {
	nodes []regions.Node
	need  facts.Need
	seen  []facts.Node
	base  []chan struct{}
	pings [][]facts.Ping
	cross []facts.Crossing
}

func newRound(nodes []regions.Node, need facts.Need) *round {
	r := &round{
		nodes: nodes, need: need, seen: make([]facts.Node, len(nodes)), base: make([]chan struct{}, len(nodes)),
		pings: make([][]facts.Ping, len(nodes)),
	}
	for i := range r.base {
		r.base[i] = make(chan struct{})
	}
	return r
}

func (r *round) fleet(at time.Time, took time.Duration) facts.Fleet {
	f := facts.Fleet{At: at, Took: took, Nodes: make(map[string]facts.Node, len(r.nodes)), Crossings: r.cross}
	for i, n := range r.nodes {
		f.Nodes[n.Name] = r.seen[i]
		for _, p := range r.pings[i] {
			if p.Size == 0 {
				f.Pings = append(f.Pings, p)
			} else {
				f.Sized = append(f.Sized, p)
			}
		}
	}
	return f
}

// peers are the other nodes of the round.
func (r *round) peers(of regions.Node) []regions.Node {
	return slices.DeleteFunc(slices.Clone(r.nodes), func(n regions.Node) bool { return n.Name == of.Name })
}
