package alerts

import (
	"slices"
	"time"

	"vmqbot/checks"
	"vmqbot/regions"
)

// Rule is the timing of one check. It is quick to say that something is wrong
// and slow to say that it is right again.
type Rule struct {
	FireAfter  int           // bad looks in a row
	Recheck    time.Duration // how soon it is looked at again while in doubt
	ClearAfter int           // good looks in a row ...
	ClearFor   time.Duration // ... lasting at least this long
	ReopenFor  time.Duration // a relapse this soon is the same alert
	FlapEdges  int           // beginnings and ends ...
	FlapWindow time.Duration // ... within this time are flapping
	HealVerify time.Duration // how long a repair has to show effect
}

var (
	// fact is what a look reads from /proc and from Docker: it is not noisy,
	// so a second look a second later is enough.
	fact = Rule{
		FireAfter: 2, Recheck: time.Second, ClearAfter: 2, ClearFor: 30 * time.Second, ReopenFor: 15 * time.Minute,
		FlapEdges: 4, FlapWindow: 30 * time.Minute, HealVerify: 30 * time.Second,
	}
	// measured is what depends on the network between: one loss is no news.
	measured = fact.with(3, 5*time.Second, 60*time.Second)
	// distant is what a border or a reboot takes away for a while.
	distant = fact.with(5, 5*time.Second, 60*time.Second)
	// trend compares with what was before, so a look a moment later has nothing
	// new to say: it waits for the next sweep.
	trend = fact.with(3, time.Hour, 5*time.Minute)
	// counted has waited for its run already.
	counted = fact.with(1, 5*time.Second, 30*time.Second)
)

func (r Rule) with(fireAfter int, recheck, clearFor time.Duration) Rule {
	r.FireAfter, r.Recheck, r.ClearFor = fireAfter, recheck, clearFor
	return r
}

var rules = map[string]Rule{
	"host": distant, "router": distant, "peer": distant,
	"port": distant, "doors": distant, // a broker that starts needs its time
	"container": measured, "docker": measured, "broker": measured, "channel": measured, "cluster": measured, "mqtt": measured, "clash": measured, "clock": measured,
	"webhook": measured,
	"loss":    trend, "latency": trend, "mtu": trend, "queue": trend, "netsplit": trend, "disk": trend, "conf": trend, "cert": trend,
	"dropped": trend.with(2, time.Hour, 5*time.Minute), // it waits for three minutes of rest itself
	Blind:     counted, Isolated: counted, Storm: counted, Self: measured, Scheduled: counted,
}

// RuleOf is the timing of a check by its name.
func RuleOf(check string) Rule {
	if r, ok := rules[check]; ok {
		return r
	}
	return fact
}

// ruleIn is the same as a fleet file wants it.
func ruleIn(f *regions.Fleet, check string) Rule {
	r := RuleOf(check)
	if n := f.Checks.Flapping; n > 0 {
		r.FlapEdges = n
	}
	return r
}

// The checks that are made from others and have no file in checks.
const (
	Blind    = "blind"    // something about the node could not be judged for a while
	Isolated = "isolated" // every link of the node is bad: it is the node, not its links
	Self     = "self"     // the bot reaches nothing, so it can tell nothing
	Storm    = "storm"    // so much is bad at once that the cause is probably not in the nodes

	Scheduled = "schedule" // what was to be done at a time was missed, or failed; its node is the schedule
)

// Derived reports one of these.
func Derived(check string) bool {
	return slices.Contains([]string{Blind, Isolated, Self, Storm, Scheduled}, check)
}

// SeverityOf is how loudly a check is told.
func SeverityOf(check string) checks.Severity {
	if c, ok := checks.Find(check); ok {
		return c.Severity
	}
	if check == Blind {
		return checks.Warning
	}
	return checks.Critical
}

// Recheck says how soon an alert must be looked at again; false when the next
// sweep is soon enough, as when what is in doubt cannot be seen.
func Recheck(r Rule, a Alert) (time.Duration, bool) {
	switch {
	case a.Verdict == checks.Unknown && a.Phase != Healing:
		return 0, false
	case a.Phase == Suspect, a.Phase == Resolved && a.BadRun > 0, a.Live() && a.Worse > 0:
		return r.Recheck, true
	case a.Phase == Healing, a.Phase == Firing && a.GoodRun > 0:
		return 5 * time.Second, true
	default:
		return 0, false
	}
}
