package metrics

import (
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
)

// Looked counts one look.
func (m *Metrics) Looked(l ops.Looked) {
	m.mu.Lock()
	defer m.mu.Unlock()
	lane := laneEvent
	if l.Why == ops.WhySweep {
		lane = laneSweep
	}
	m.sweepTook.WithLabelValues(lane).Observe(l.Took.Seconds())
	m.judged(l)
	m.links(l.Seen)
	if l.Err != nil {
		m.unkept.Inc()
		return
	}
	if lane == laneSweep {
		m.sweepLast.Set(seconds(l.Begun.Add(l.Took)))
	}
	m.moved(l, lane)
	m.standing(l)
}

// judged counts verdicts. Where a check could not see, what it saw before is
// not true any more.
func (m *Metrics) judged(l ops.Looked) {
	type place struct{ check, region, node string }
	worst := map[place]checks.Verdict{}
	for _, o := range l.Found {
		m.runs.WithLabelValues(o.Check, o.Region, o.Verdict.String()).Inc()
		m.lastRun.WithLabelValues(o.Check, o.Region).Set(seconds(l.Begun))
		at := place{o.Check, o.Region, o.Node}
		if before, is := worst[at]; !is || graver(o.Verdict, before) {
			worst[at] = o.Verdict
		}
		if o.Check == "host" {
			m.sshUp.WithLabelValues(o.Region, o.Node).Set(one(o.Verdict == checks.OK))
		}
	}
	for at, v := range worst {
		if v == checks.Unknown {
			m.checkOK.DeleteLabelValues(at.check, at.region, at.node)
			continue
		}
		m.checkOK.WithLabelValues(at.check, at.region, at.node).Set(one(v == checks.OK))
	}
}

// graver: of a node's links one that is bad is worse than one that is not seen.
func graver(a, b checks.Verdict) bool {
	rank := map[checks.Verdict]int{checks.OK: 0, checks.Unknown: 1, checks.Bad: 2}
	return rank[a] > rank[b]
}

// links keeps what was measured between nodes, as far as this look did.
func (m *Metrics) links(seen facts.Fleet) {
	for _, c := range seen.Crossings {
		if d, arrived := c.Delivered.Get(); arrived {
			m.crossing.WithLabelValues(c.From, c.To).Set(d.Seconds())
		} else {
			m.crossing.DeleteLabelValues(c.From, c.To)
		}
	}
	for _, p := range seen.Pings {
		e, ok := p.Echo.Get()
		if !ok || e.Sent == 0 {
			m.rtt.DeleteLabelValues(p.From, p.To)
			m.loss.DeleteLabelValues(p.From, p.To)
			continue
		}
		m.loss.WithLabelValues(p.From, p.To).Set(float64(e.Sent-e.Received) / float64(e.Sent))
		if e.Received > 0 {
			m.rtt.WithLabelValues(p.From, p.To).Set(e.Avg.Seconds())
		} else {
			m.rtt.DeleteLabelValues(p.From, p.To)
		}
	}
}

// moved counts what changed between two books.
func (m *Metrics) moved(l ops.Looked, lane string) {
	for k, a := range l.After.Alerts {
		was := l.Before.Alerts[k]
		if was.BadRun == 0 && a.BadRun > 0 {
			m.lanes[k] = lane
		}
		if a.Phase != was.Phase {
			m.transitions.WithLabelValues(k.Check, k.Region, a.Phase.String()).Inc()
			if a.Live() && !was.Live() && !a.BadSince.IsZero() {
				m.detection.WithLabelValues(k.Check, m.laneOf(k, lane)).Observe(max(a.Fired.Sub(a.BadSince), 0).Seconds())
			}
		}
		if word := refusalWords[a.Refusal]; a.Refusal != was.Refusal && word != "" {
			m.healsRefused.WithLabelValues(k.Check, k.Region, word).Inc()
		}
	}
	for k, was := range l.Before.Alerts {
		if _, is := l.After.Alerts[k]; !is {
			delete(m.lanes, k)
			if was.Phase != alerts.Fine {
				m.transitions.WithLabelValues(k.Check, k.Region, alerts.Fine.String()).Inc()
			}
		}
	}
}

func (m *Metrics) laneOf(k alerts.Key, now string) string {
	if lane, ok := m.lanes[k]; ok {
		return lane
	}
	return now
}

// standing shows what is true now.
func (m *Metrics) standing(l ops.Looked) {
	type group struct{ check, region, phase string }
	count, flapping, muted := map[group]int{}, map[group]int{}, map[alerts.Mute]int{}
	for k, a := range l.After.Alerts {
		if a.Phase != alerts.Fine {
			count[group{k.Check, k.Region, string(a.Phase)}]++
		}
		if a.Flapping {
			flapping[group{check: k.Check, region: k.Region}]++
		}
		if g := l.Gates[k]; a.Live() && g.Mute != "" {
			muted[g.Mute]++
		}
	}
	m.alerts.Reset()
	m.flapping.Reset()
	for _, r := range append(regionNames(l), alerts.Self) {
		for _, c := range checksIn(r) {
			for _, p := range phases {
				m.alerts.WithLabelValues(c, r, string(p)).Set(float64(count[group{c, r, string(p)}]))
			}
			m.flapping.WithLabelValues(c, r).Set(float64(flapping[group{check: c, region: r}]))
		}
	}
	for _, why := range mutes {
		m.suppressed.WithLabelValues(string(why)).Set(float64(muted[why]))
	}
	active, expired := 0, 0
	for _, w := range l.Wishes.Mutes {
		if now := l.Begun.Add(l.Took); now.Before(w.Until()) {
			active++
		} else {
			expired++
		}
	}
	m.silences.WithLabelValues("active").Set(float64(active))
	m.silences.WithLabelValues("expired").Set(float64(expired))
	for region, is := range l.Locked {
		m.locked.WithLabelValues(region).Set(one(is))
	}
}

func regionNames(l ops.Looked) []string {
	var names []string
	for _, r := range l.Fleet.Regions {
		names = append(names, r.Name)
	}
	return names
}

// checksIn are the checks that can alert in a region.
func checksIn(region string) []string {
	if region == alerts.Self {
		return []string{alerts.Self}
	}
	names := []string{alerts.Blind, alerts.Isolated}
	for _, c := range checks.All() {
		if !c.Named {
			names = append(names, c.Name)
		}
	}
	return names
}

// refusalWords are refusals as labels. What is none of interest has none:
// nothing fires, or there is nothing to repair.
var refusalWords = map[alerts.Refusal]string{
	alerts.ByPolicy: "policy", alerts.ByHand: "switched_off", alerts.Muted: "muted", alerts.Flaps: "flapping", alerts.Busy: "lock",
	alerts.Asked: "approval_pending", alerts.Exhausted: "budget", alerts.Waiting: "backoff", alerts.OneByOne: "concurrency", alerts.Stormy: "storm",
	alerts.NoEvidence: "evidence",
}

func one(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
