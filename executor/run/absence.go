package run

import (
	"context"
	"maps"
	"slices"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
)

// absence is a node that this run has taken away, and what its peers had
// thrown away for others until then.
type absence struct {
	node   regions.Node
	before facts.Fleet
}

// leaves looks at the peers of a node before a step that takes it away. One
// that is away already keeps its first look. The fence comes after it: nothing may
// stand between that and the effect.
func (x *execution) leaves(ctx context.Context, s ops.Step) {
	n, ok := x.Fleet.Node(s.Node)
	if _, gone := x.away[s.Node]; !ok || gone || !s.Drops || len(x.peers(n)) == 0 {
		return
	}
	if x.away == nil {
		x.away = map[string]absence{}
	}
	x.away[s.Node] = absence{n, x.count(ctx, n)}
}

// returned looks at them again, and tells what they have thrown away meanwhile:
// a loss that no proof shows.
func (x *execution) returned(ctx context.Context, seq int, name string) {
	a, was := x.away[name]
	if !was {
		return
	}
	delete(x.away, name)
	if text := checks.Lost(a.node, x.peers(a.node), a.before, x.count(ctx, a.node)); text != "" {
		x.say(ops.Event{Kind: ops.Remark, Step: seq, Node: name, Text: text})
	}
}

// allReturned ends the absences that nothing else has ended: the run is over.
func (x *execution) allReturned(ctx context.Context) {
	for _, name := range slices.Sorted(maps.Keys(x.away)) {
		x.returned(ctx, len(x.plan.Steps), name)
	}
}

// count reads the counters also when the run was interrupted: what was lost is
// lost.
func (x *execution) count(ctx context.Context, away regions.Node) facts.Fleet {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookTime)
	defer cancel()
	return x.Looker.Look(ctx, x.peers(away), checks.LostNeed)
}

// peers are those that can hold something back: not those whose hosts the plan
// does without.
func (x *execution) peers(n regions.Node) []regions.Node {
	return slices.DeleteFunc(slices.Clone(x.Fleet.Peers(n)), func(p regions.Node) bool { return slices.Contains(x.plan.Without, p.Name) })
}
