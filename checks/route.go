package checks

import "strings"

func init() {
	register(Check{
		Name: "route", Row: "F14", Summary: "is the plan's network free of the host's own routes?", Severity: Warning,
		Needs: []string{"host"}, Facts: machineNeed, Named: true, node: judgeRoute,
	})
}

// judgeRoute looks for a route of the host, as that of a cloud's network, that
// holds planned addresses or lies among them. Docker's networks are bridge's.
func judgeRoute(s Subject) Observation {
	plan := planOf(s)
	m, why := machineOf(s)
	switch {
	case why != "":
		return unknown("%s", why)
	case !plan.IsValid():
		return unknown("the fleet file plans no address for %s", s.Node.Name)
	}
	var clash []string
	for _, r := range m.Routes {
		if !weaves(r.Dev) && !dockers(r.Dev) && r.To.Overlaps(plan) {
			clash = append(clash, r.To.String()+" dev "+r.Dev)
		}
	}
	if len(clash) == 0 {
		return ok("no route of %s touches %s", s.Node.Host, plan)
	}
	return bad("%s has the route %s, and the plan is %s", s.Node.Host, strings.Join(clash, ", "), plan).
		effect("what %s sends to machines of that route goes into the container's network, and the other way round", s.Node.Host).
		byHand("plan other addresses in the fleet file, as 10.244.77.0/24; every node is then renamed: leave, replace, one after the other")
}
