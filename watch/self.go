package watch

import (
	"context"

	"vmqbot/alerts"
	"vmqbot/checks"
)

// self asks first whether the bot reaches anything at all. While one host
// answers, it does. When none does, and nothing else either, everything that
// was found is about the bot's own network and proves nothing about the fleet.
func (w *Watch) self(ctx context.Context, found []checks.Observation) []checks.Observation {
	o := checks.Observation{Check: alerts.Self, Region: alerts.Self, Node: alerts.Self, Verdict: checks.OK, Severity: checks.Critical}
	for _, f := range found {
		if f.Check == "host" && f.Verdict == checks.OK {
			return append(found, o)
		}
	}
	if w.Reach != nil && w.Reach(ctx) {
		return append(found, o)
	}
	o.Verdict, o.Evidence = checks.Bad, "no host of the fleet answers, and nothing else was reached"
	o.Effect = "whether messages pass is not known"
	o.NoRepair = "look at the network of the machine on which the bot runs, then at the hosts"
	return []checks.Observation{o}
}
