package watch

import (
	"context"
	"slices"
	"sync"
	"time"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/regions"
)

// together is how many hosts are looked at at the same moment. A larger fleet
// is spread over a part of the interval.
const together = 8

// everything is what a sweep reads: VerneMQ's own views, one message from every
// node to every node, and how the nodes and the ways between them fare. The
// switches change so rarely that now and then is often enough: each question
// costs the host a quarter of a second.
var (
	everything = facts.Need{Broker: facts.AskPing | facts.AskView | facts.AskListeners, Crossings: true, Vitals: true, Pings: true}
	nowAndThen = facts.Need{Broker: facts.AskAll, Crossings: true, Vitals: true, Pings: true}
)

// rarely is how many sweeps there are between two that ask for everything.
const rarely = 10

// round looks at every host once. Links have two ends, so even a look that one
// host asked for sees all of them.
func (w *Watch) round(ctx context.Context, need facts.Need) facts.Fleet {
	nodes := w.Service.Fleet.Nodes()
	if len(nodes) <= together || need.Broker == 0 {
		return w.Service.Looker.Look(ctx, nodes, need)
	}
	return w.spread(ctx, nodes, facts.Need{Broker: need.Broker, Vitals: need.Vitals})
}

// spread begins with one host after the other, at even distances over a third
// of the interval at most, and sends no messages and pings across: their number
// grows with the square of the nodes.
func (w *Watch) spread(ctx context.Context, nodes []regions.Node, need facts.Need) facts.Fleet {
	begun := w.Service.Clock.Now()
	gap := min(w.Service.Fleet.Checks.Sweep/3/time.Duration(len(nodes)), 20*time.Millisecond)
	seen := make([]facts.Fleet, len(nodes))
	var all sync.WaitGroup
	for i := range nodes {
		all.Go(func() { seen[i] = w.Service.Looker.Look(ctx, nodes[i:i+1], need) })
		select {
		case <-ctx.Done():
		case <-w.Service.Clock.After(gap):
		}
	}
	all.Wait()
	whole := facts.Fleet{At: begun, Took: w.Service.Clock.Now().Sub(begun), Nodes: map[string]facts.Node{}}
	for i, n := range nodes {
		whole.Nodes[n.Name] = seen[i].Nodes[n.Name]
	}
	return whole
}

// judged is what a look proves. A look that did not ask the brokers judges only
// what needs none: half an answer must not pass for a whole one.
func judged(f *regions.Fleet, seen facts.Fleet, need facts.Need) []checks.Observation {
	if need.Broker != 0 {
		return checks.Judge(f, seen, f.Nodes())
	}
	return checks.Judge(f, seen, f.Nodes(), quick()...)
}

// quick are the checks that a look without brokers and messages can answer.
var quick = sync.OnceValue(func() []string {
	var names []string
	for _, c := range checks.All() {
		if !c.Named && checks.Need(append(checks.Causes(c.Name), c.Name)...) == (facts.Need{}) {
			names = append(names, c.Name)
		}
	}
	return names
})

// hosts are the nodes of a fleet, one for each host.
func hosts(f *regions.Fleet) []regions.Node {
	var one []regions.Node
	for _, n := range f.Nodes() {
		if !slices.ContainsFunc(one, func(o regions.Node) bool { return o.Host == n.Host && o.SSH == n.SSH }) {
			one = append(one, n)
		}
	}
	return one
}
