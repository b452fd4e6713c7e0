package alerts

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"vmqbot/checks"
)

// calmFor is how long nothing may be stormy before repairs go on.
const calmFor = 10 * time.Minute

// stormNow reports whether so much is bad that the cause is probably not in
// the nodes: more than a third of them (two at least), or two regions. Only
// what is critical, about a node and bad by the last look counts: every link has
// two ends, and what was repaired a moment ago is no storm. Nor does
// what is made from others: it outlives its cause by a look or two; nor what a
// node suffers from another.
// What is explained by another alert counts through that one alone: it is judged less
// often, and may stand as bad for some looks after its cause was repaired.
func stormNow(all map[Key]Alert, nodes int, c causes) bool {
	_, is := badNodes(all, nodes, func(a Alert) bool { return !c.explain(a.Key) })
	return is
}

// badNodes are those about which something counts, and whether they are a storm.
func badNodes(all map[Key]Alert, nodes int, counts func(Alert) bool) (names []string, storm bool) {
	bad, in := map[string]bool{}, map[string]bool{}
	for k, a := range all {
		if k.Peer != "" || Derived(k.Check) || symptom(k.Check) || a.Severity != checks.Critical || !a.Bad() || !counts(a) {
			continue
		}
		bad[k.Node], in[k.Region] = true, true
	}
	return slices.Sorted(maps.Keys(bad)), len(in) >= 2 || len(bad) >= 2 && 3*len(bad) > nodes
}

// stormKey is the one alert of the whole fleet.
var stormKey = Key{Check: Storm, Region: wholeFleet, Node: wholeFleet}

// wholeFleet stands where an alert is about no single node.
const wholeFleet = "fleet"

// stormy judges whether so much of what people are told of is bad that this is
// told as one thing, which alone calls them. What a silence, a window or an
// operation mutes is no part of it, nor what is only suspected.
func stormy(b Book, in Places, g gatekeeper) checks.Observation {
	o := checks.Observation{Check: Storm, Region: wholeFleet, Node: wholeFleet, Verdict: checks.OK, Severity: checks.Critical}
	bad, is := badNodes(b.Alerts, len(in), func(a Alert) bool { return a.Live() && !g.causes.explain(a.Key) && g.of(a).Mute == "" })
	if !is {
		return o
	}
	o.Verdict = checks.Bad
	o.Evidence = fmt.Sprintf("%d of %d nodes are bad: %s", len(bad), len(in), few(bad))
	o.Effect = fmt.Sprintf("the bot repairs nothing by itself until %d minutes after it is over, and nobody is called for the single ones", int(calmFor.Minutes()))
	o.NoRepair = "look first at what these nodes have in common, such as the network, a provider or a change of today; then type diagnose all. What repairs each stands in its own message"
	return o
}

// few are names, as many as are read at a glance.
func few(names []string) string {
	const most = 8
	if n := len(names); n > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", n-most)
	}
	return strings.Join(names, ", ")
}

// holdsCalls reports that a storm calls for an alert, so that it does not call
// by itself. A storm that nothing is said about calls for nobody.
func (g gatekeeper) holdsCalls(k Key, storm Alert) bool {
	return k.Check != Storm && k.Check != Self && k.Check != Scheduled && storm.Live() && g.of(storm).Mute == ""
}

func symptom(check string) bool {
	c, found := checks.Find(check)
	return found && c.Symptom
}

// storm remembers when it was stormy last, and says whether it is calm by now.
func storm(last time.Time, is bool, now time.Time) (time.Time, bool) {
	switch {
	case is:
		return now, true
	case last.IsZero():
		return last, false
	case last.After(now): // the clock was set back
		return now, true
	default:
		return last, now.Sub(last) < calmFor
	}
}
