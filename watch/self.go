package watch

import (
	"context"
	"slices"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/facts"
)

// asking begins to ask, before any host is looked at, whether the bot reaches
// anything outside the fleet. The answer is waited for only when it is wanted;
// giveUp ends the asking and waits for that.
func (w *Watch) asking(ctx context.Context) (reaches func() bool, giveUp func()) {
	if w.Reach == nil {
		return func() bool { return false }, func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	answer := make(chan bool, 1)
	go func() {
		reached := false
		defer func() { answer <- reached; close(answer) }()
		w.guarded("the self check", func() { reached = w.Reach(ctx) })
	}()
	return func() bool { return <-answer }, func() {
		cancel()
		for range answer { //nolint:revive // what nobody wanted to know is drained
		}
	}
}

// self says whether the bot reaches anything at all. While one host answers, it
// does. When none does, and nothing else either, everything that was found is about
// the bot's own network and proves nothing about the fleet.
func (w *Watch) self(seen facts.Fleet, reaches func() bool) checks.Observation {
	o := checks.Observation{Check: alerts.Self, Region: alerts.Self, Node: alerts.Self, Verdict: checks.OK, Severity: checks.Critical}
	if w.answers(seen) || reaches() {
		return o
	}
	o.Verdict, o.Evidence = checks.Bad, "no host of the fleet answers, and nothing else was reached"
	o.Effect = "whether messages pass is not known"
	o.NoRepair = "look at the network of the machine on which the bot runs, then at the hosts"
	return o
}

// answers reports whether any host of the fleet answered in a look.
func (w *Watch) answers(seen facts.Fleet) bool {
	return slices.ContainsFunc(checks.Judge(w.Service.Fleet, seen, w.Service.Fleet.Nodes(), "host"), func(o checks.Observation) bool {
		return o.Check == "host" && o.Verdict == checks.OK
	})
}
