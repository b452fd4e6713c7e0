package watch

import (
	"context"
	"maps"
	"slices"
	"time"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/regions"
)

// A quick look waits so long for the hosts, and a little more for each of them, before it
// judges what the others have told: what was lost elsewhere must not wait for a host that
// hangs, which ends only with its own deadline.
const (
	patience = 2 * time.Second
	patient  = 20 * time.Millisecond
)

// glance is a quick look, whose hosts answer one by one. It is folded in two parts where
// some of them are late.
type glance struct {
	sight
	answers  chan answer
	whole    bool            // every host of the fleet is asked
	answered map[string]bool // nodes whose hosts have answered
}

// answer is what one host told.
type answer struct {
	nodes []regions.Node
	seen  facts.Fleet
}

// glance looks at every host, except those that another one still waits for. Links have
// two ends, so even a look that one host asked for sees all of them. It returns when what
// the hosts told in time was folded; what is late is folded when it comes.
func (w *Watch) glance(ctx context.Context, why string) {
	all := byHost(w.Service.Fleet.Nodes())
	asked := w.notOut(all)
	if len(asked) == 0 {
		return // they are waited for, and asked again after that
	}
	g := &glance{
		sight:   sight{number: w.numbered(), why: why, begun: w.Service.Clock.Now()},
		answers: make(chan answer, len(asked)), whole: len(asked) == len(all), answered: map[string]bool{},
	}
	g.seen.Nodes = map[string]facts.Node{}
	reaches, giveUp := w.asking(ctx)
	for _, nodes := range asked {
		w.jobs.Go(func() {
			a := answer{nodes: nodes}
			defer func() { g.answers <- a }()
			w.guarded("a look", func() { a.seen = w.Service.Looker.Look(ctx, nodes, g.need) })
		})
	}
	late := g.gather(asked, w.Service.Clock.After(patience+time.Duration(len(asked))*patient))
	if len(late) == 0 {
		defer giveUp()
		w.part(ctx, g, asked, reaches)
		return
	}
	early, late := w.early(g, asked)
	w.mark(late, true)
	w.part(ctx, g, early, nil)
	w.jobs.Go(func() {
		defer giveUp()
		defer w.mark(late, false) // after it was folded: a newer look must not come first
		g.gather(late, nil)
		w.guarded("a look", func() { w.part(ctx, g, asked, reaches) })
	})
}

// early are the hosts that have let us in, while others are late: of those that did not
// the late ones are witnesses.
func (w *Watch) early(g *glance, asked [][]regions.Node) (early, late [][]regions.Node) {
	for _, nodes := range asked {
		if g.answered[nodes[0].Name] && checks.One(w.Service.Fleet, g.seen, nodes[0], "host").Verdict == checks.OK {
			early = append(early, nodes)
		} else {
			late = append(late, nodes)
		}
	}
	return early, late
}

// part folds what some hosts have told. Where not every host of the fleet has answered,
// and none of these did, that proves nothing.
func (w *Watch) part(ctx context.Context, g *glance, of [][]regions.Node, reaches func() bool) {
	if ctx.Err() != nil {
		return // a look that was cut proves nothing
	}
	s := g.sight
	s.took, s.part = w.Service.Clock.Now().Sub(s.begun), names(slices.Concat(of...))
	s.seen.Nodes = map[string]facts.Node{}
	for _, n := range s.part {
		s.seen.Nodes[n] = g.seen.Nodes[n]
	}
	if w.answers(s.seen) || g.whole && reaches != nil {
		w.follow(ctx, s, w.self(s.seen, reaches))
	}
}

// notOut leaves out the hosts that a look still waits for.
func (w *Watch) notOut(all [][]regions.Node) [][]regions.Node {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(all), func(nodes []regions.Node) bool { return w.out[nodes[0].Name] })
}

// mark notes that hosts are waited for, or no longer.
func (w *Watch) mark(hosts [][]regions.Node, out bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, nodes := range hosts {
		w.out[nodes[0].Name] = out
	}
}

// gather takes in what hosts tell until all have, or too late comes; it returns those that
// have not.
func (g *glance) gather(hosts [][]regions.Node, tooLate <-chan time.Time) (late [][]regions.Node) {
	for {
		late = nil
		for _, nodes := range hosts {
			if !g.answered[nodes[0].Name] {
				late = append(late, nodes)
			}
		}
		if len(late) == 0 {
			return nil
		}
		select {
		case a := <-g.answers:
			maps.Copy(g.seen.Nodes, a.seen.Nodes)
			if g.seen.At.IsZero() || a.seen.At.Before(g.seen.At) {
				g.seen.At = a.seen.At // they all began together
			}
			for _, n := range a.nodes {
				g.answered[n.Name] = true
			}
		case <-tooLate:
			return late
		}
	}
}
