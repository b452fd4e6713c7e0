package alerts

import (
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
func stormNow(all map[Key]Alert, nodes int) bool {
	bad, in := map[string]bool{}, map[string]bool{}
	for k, a := range all {
		if k.Peer != "" || Derived(k.Check) || symptom(k.Check) || a.Severity != checks.Critical || !a.Bad() {
			continue
		}
		bad[k.Node], in[k.Region] = true, true
	}
	return len(in) >= 2 || len(bad) >= 2 && 3*len(bad) > nodes
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
