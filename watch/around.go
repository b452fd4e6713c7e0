package watch

import (
	"context"
	"strings"
	"time"

	"vmqbot/alerts"
	"vmqbot/commands"
)

// healer is the actor of everything that the watch repairs.
const healer = "autoheal"

// busy is the operation that works on a region, or worked there last.
type busy struct {
	what string
	seen time.Duration // when its lock was last seen, by the steady clock
}

// around reads what lies around a look: what people want, what works where,
// and what waits for consent. w.mu is held.
func (w *Watch) around(ctx context.Context) (alerts.Look, error) {
	f := w.Service.Fleet
	l := alerts.Look{Fleet: f, Busy: map[string]bool{}, Asked: map[string]bool{}, Around: alerts.Around{Busy: map[string]string{}}}
	wishes, err := w.Wishes.Wishes(ctx)
	if err != nil {
		return l, err
	}
	if w.Idle {
		wishes = append(wishes, alerts.Wish{Want: alerts.AutohealOff, By: "this watch"})
	}
	l.Around.Wishes = alerts.Heard(wishes)
	w.locked = map[string]bool{}
	for _, r := range f.Regions {
		lease, held, err := w.Service.Leases.Holder(ctx, f.Cluster+"/"+r.Name)
		if err != nil {
			return l, err
		}
		w.locked[r.Name] = held
		if held && !strings.Contains(lease.Reason, " by "+healer+",") {
			w.busyLast[r.Name] = busy{lease.Reason, w.steady()}
		}
		last, was := w.busyLast[r.Name]
		if was && w.steady()-last.seen < alerts.SettleAfter {
			l.Busy[r.Name], l.Around.Busy[r.Name] = true, last.what
		}
	}
	return l, w.asked(ctx, l.Asked)
}

// asked marks the regions for which a plan waits for somebody's consent.
func (w *Watch) asked(ctx context.Context, regions map[string]bool) error {
	if w.Service.Approvals == nil {
		return nil
	}
	waiting, err := w.Service.Approvals.WaitingApprovals(ctx)
	if err != nil {
		return err
	}
	for _, a := range waiting {
		_, r, err := commands.Parse(strings.Fields(a.Line), w.Service.Fleet)
		if err != nil {
			continue // of an older fleet file: it cannot be granted any more
		}
		for _, region := range r.Regions() {
			regions[region] = true
		}
	}
	return nil
}
