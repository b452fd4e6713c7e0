package alerts

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vmqbot/checks"
)

// blindLooks and blindSweeps are how long something may not be seen before
// that is told: silence must not be mistaken for health.
const (
	blindLooks  = 3
	blindSweeps = 3
)

// blindness judges for each node whether something about it could not be
// looked at for a while, for a reason that no other check tells.
func blindness(in Places, all map[Key]Alert, sweep time.Duration, now time.Time) []checks.Observation {
	unseen := map[string][]string{}
	for k, a := range all {
		if a.BlindRun > blindLooks && now.Sub(a.BlindFrom) >= blindSweeps*sweep && !Derived(k.Check) {
			unseen[k.Node] = append(unseen[k.Node], k.Check+": "+a.Blind)
		}
	}
	var out []checks.Observation
	for node, region := range in {
		o := checks.Observation{Check: Blind, Region: region, Node: node, Verdict: checks.OK, Severity: checks.Warning}
		if what := unseen[node]; len(what) > 0 {
			slices.Sort(what)
			o.Verdict, o.Evidence = checks.Bad, strings.Join(what, "; ")
			o.Effect = "whether " + node + " is well is not known"
			o.Repair = "diagnose " + node
		}
		out = append(out, o)
	}
	return out
}

// linkChecks are those that judge whether two nodes reach each other.
var linkChecks = []string{"peer", "channel", "mqtt"}

// isolation judges for each node of a fleet of three or more whether every one
// of its links is bad by one check, which is then told of the node and not of
// each link. Where all links of all nodes are bad it is not one node.
func isolation(in Places, all map[Key]Alert) []checks.Observation {
	if len(in) < 3 {
		return nil
	}
	cut := map[string]string{}
	for _, check := range linkChecks {
		bad := map[string]int{}
		for k, a := range all {
			if k.Check == check && a.Live() && a.Bad() {
				for _, end := range k.Ends() {
					bad[end]++
				}
			}
		}
		var whole []string
		for node := range in {
			if bad[node] == len(in)-1 {
				whole = append(whole, node)
			}
		}
		if len(whole) == 1 {
			cut[whole[0]] = check
		}
	}
	var out []checks.Observation
	for node, region := range in {
		o := checks.Observation{Check: Isolated, Region: region, Node: node, Verdict: checks.OK, Severity: checks.Critical}
		if check := cut[node]; check != "" {
			o.Verdict = checks.Bad
			o.Evidence = fmt.Sprintf("%s is bad on every one of its %d links", check, len(in)-1)
			o.Effect = "no message enters or leaves " + node
			o.NoRepair = "the links have " + node + " in common, so look there first: diagnose " + node
		}
		out = append(out, o)
	}
	return out
}
