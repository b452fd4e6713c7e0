package watch

import (
	"context"
	"maps"
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

// round looks at every host once, brokers and all.
func (w *Watch) round(ctx context.Context, need facts.Need) facts.Fleet {
	nodes := w.Service.Fleet.Nodes()
	if len(nodes) <= together {
		return w.Service.Looker.Look(ctx, nodes, need)
	}
	book, _ := w.Snapshot()
	need.Pings = false // their histories would be too thin to judge by
	return w.spread(ctx, append(sample(nodes, w.sampled()), inDoubt(w.Service.Fleet, book)...), need)
}

// sampled counts the looks that took a sample.
func (w *Watch) sampled() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.samples++
	return w.samples - 1
}

// spread begins with one group of hosts after the other, at even distances over a
// third of the interval at most.
func (w *Watch) spread(ctx context.Context, groups [][]regions.Node, need facts.Need) facts.Fleet {
	begun := w.Service.Clock.Now()
	gap := min(w.Service.Fleet.Checks.Sweep/3/time.Duration(len(groups)), together*20*time.Millisecond)
	seen := make([]facts.Fleet, len(groups))
	var all sync.WaitGroup
	for i := range groups {
		all.Go(func() { w.guarded("a look", func() { seen[i] = w.Service.Looker.Look(ctx, groups[i], need) }) })
		select {
		case <-ctx.Done():
		case <-w.Service.Clock.After(gap):
		}
	}
	all.Wait()
	whole := facts.Fleet{At: begun, Took: w.Service.Clock.Now().Sub(begun), Nodes: map[string]facts.Node{}}
	for _, s := range seen {
		maps.Copy(whole.Nodes, s.Nodes)
		whole.Crossings = append(whole.Crossings, s.Crossings...)
	}
	return whole
}

// said is what a look proves, without the secrets that may stand in what could
// not be read: it is kept, counted and shown.
func (w *Watch) said(found []checks.Observation) []checks.Observation {
	for i := range found {
		for _, text := range []*string{&found[i].Evidence, &found[i].Effect, &found[i].Repair, &found[i].NoRepair} {
			*text = w.Service.Redactor.Text(*text)
		}
	}
	return found
}

// judged is what a look proves, or its part about some nodes: of the links to the others
// it has seen one end. A look that did not ask the brokers judges only what needs none:
// half an answer must not pass for a whole one.
func judged(f *regions.Fleet, seen facts.Fleet, need facts.Need, part []string) []checks.Observation {
	if need.Broker != 0 {
		found := checks.Judge(f, seen, f.Nodes())
		if len(f.Nodes()) > together {
			found = asked(found, seen)
		}
		return found
	}
	in := map[string]bool{}
	for _, n := range part {
		in[n] = true
	}
	return slices.DeleteFunc(checks.Judge(f, seen, f.Nodes(), quick()...), func(o checks.Observation) bool {
		return !in[o.Node] || o.Peer != "" && !in[o.Peer]
	})
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

func names(nodes []regions.Node) []string {
	names := make([]string, len(nodes))
	for i, n := range nodes {
		names[i] = n.Name
	}
	return names
}

// byHost are nodes together with those of their host.
func byHost(nodes []regions.Node) [][]regions.Node {
	type host struct {
		name string
		ssh  regions.SSH
	}
	at := map[host]int{}
	var groups [][]regions.Node
	for _, n := range nodes {
		h := host{n.Host, n.SSH}
		i, known := at[h]
		if !known {
			i = len(groups)
			at[h], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], n)
	}
	return groups
}
