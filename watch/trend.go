package watch

import (
	"context"
	"fmt"

	"vmqbot/alerts"
	"vmqbot/facts"
	"vmqbot/picture"
)

// remember adds a look that measured to what is remembered, and returns it. A
// look that only read facts leaves it as it was.
func (w *Watch) remember(seen facts.Fleet, need facts.Need) facts.History {
	w.mu.Lock()
	defer w.mu.Unlock()
	if need.Vitals {
		w.past = w.past.With(seen)
	}
	return w.past
}

// Graph draws the latency and the loss of the last hours as a PNG: of the link
// of an alert in both directions, or of every link of its node. The key is that
// of an alert as it is typed, "loss/cn/cn-1--sg-1". The error says what is not
// known, or that nothing was measured yet; it is fit for people.
func (w *Watch) Graph(_ context.Context, key string) ([]byte, error) {
	k, ok := alerts.ParseKey(key)
	if !ok {
		return nil, fmt.Errorf("%q names no alert: write CHECK/REGION/NODE, or CHECK/REGION/NODE--NODE for a link", key)
	}
	w.mu.Lock()
	past := w.past
	w.mu.Unlock()
	var links []picture.Link
	for _, p := range past.Pairs() {
		if (p.From == k.Node || p.To == k.Node) && (k.Peer == "" || p.From == k.Peer || p.To == k.Peer) {
			links = append(links, picture.Link{Name: p.From + " to " + p.To, Samples: past.Link(p.From, p.To)})
		}
	}
	if len(links) == 0 {
		return nil, fmt.Errorf("no link of %s was measured since the watch began: it measures with each sweep, every %s", k.Where(), w.Service.Fleet.Checks.Sweep)
	}
	return picture.Links(w.Service.Fleet.Cluster+": "+k.Where(), links, w.now())
}
