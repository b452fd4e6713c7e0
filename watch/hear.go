package watch

import (
	"context"
	"time"

	"vmqbot/ops"
	"vmqbot/regions"
)

// longest is the longest pause before a stream of events is opened again.
const longest = 20 * time.Second

// listen hears what happens on one host until ctx ends. An event proves
// nothing: it asks for a look. After every beginning of a stream the fleet is
// looked at as well, for what happened in between may be forgotten.
func (w *Watch) listen(ctx context.Context, n regions.Node) {
	var since time.Time
	pause := time.Second
	for ctx.Err() == nil {
		err := w.Hints.Hear(ctx, n, since, func() {
			pause = time.Second
			w.notice(ops.Noticed{Notice: ops.StreamUp, Region: n.Region, Node: n.Name})
			w.ask("the events of " + n.Host + " can be heard")
		}, func(h ops.Hint) {
			if h.At.After(since) { // events may come out of their order, and twice
				since = h.At
			}
			w.notice(ops.Noticed{Notice: ops.Hinted, Region: n.Region, Node: n.Name, What: h.What})
			if w.ours(n, h.Name) {
				w.ask(h.What + " of " + h.Name)
			}
		})
		if ctx.Err() != nil {
			return
		}
		w.notice(ops.Noticed{Notice: ops.StreamDown, Region: n.Region, Node: n.Name})
		w.Logger.Debug("the events of a host cannot be heard", "host", n.Host, "err", err)
		select {
		case <-ctx.Done():
		case <-w.Service.Clock.After(pause):
		}
		pause = min(pause*3/2, longest)
	}
}

// ours reports whether a container of a host is one that the fleet file names,
// or Weave's: others come and go as they like.
func (w *Watch) ours(at regions.Node, container string) bool {
	if container == "weave" {
		return true
	}
	for _, n := range w.Service.Fleet.Nodes() {
		if n.Host == at.Host && n.Container == container {
			return true
		}
	}
	return false
}
