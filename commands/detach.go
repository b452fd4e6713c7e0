package commands

import (
	"fmt"
	"strings"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/network"
	"vmqbot/ops"
)

var _ = register(Command{
	Name:    "detach",
	Summary: "Take a container's weave address away",
	Help: `Takes the planned address off the container: for a container that must not take part
while somebody works on it, and for the wrong one of two that have one address. While
it is away, no message enters or leaves the node, and where the netsplit switches are
off, every other node refuses clients. reattach gives it back. The watch does so by
itself within a sweep, and a guard on the host too, unless they were told not to:
autoheal off REGION first, guard remove TARGET.`,
	Target: NeedsTarget,
	Examples: []Example{
		{"detach sg-1", "one node"},
	},
	Role: ops.Operator,
	Look: func(ops.Request) Look { return Look{Facts: facts.Need{}} },
	Plan: planDetach,
	Undo: func(r ops.Request) string { return "reattach " + r.Target },
	Refuse: func(r ops.Request) error {
		if len(r.Regions()) > 1 {
			return ops.Errorf(ops.Refused, "detach "+r.Nodes[0].Region, "Two regions must not lose their addresses at the same time.")
		}
		return nil
	},
})

func planDetach(r ops.Request, w ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Detach " + r.Target}
	driver, err := network.Of(w.Fleet)
	if err != nil {
		return p, err
	}
	for _, n := range r.Nodes {
		o := judge(w, n)("detached")
		switch o.Verdict {
		case checks.OK:
			p.Notes = append(p.Notes, n.Name+": "+trim(o.Evidence))
			continue
		case checks.Unknown:
			p.Unseen = append(p.Unseen, n.Name)
			p.Notes = append(p.Notes, n.Name+" is not touched, because its addresses cannot be seen: "+trim(o.Evidence))
			continue
		case checks.Bad:
		}
		take, err := driver.Detach(n)
		if err != nil {
			return p, about(n, err)
		}
		give, err := driver.Attach(n)
		if err != nil {
			return p, about(n, err)
		}
		p.Notes = append(p.Notes, fmt.Sprintf("price: messages neither enter nor leave %s until reattach %[1]s; unless the netsplit switches are on, every other node refuses clients meanwhile; a watch with heal ip gives it back within a sweep", n.Name))
		p.Steps = append(p.Steps, ops.Step{
			Title: fmt.Sprintf("Take %s off the container of %s", n.Address, n.Name), Node: n.Name,
			Do: take, Verify: []string{"detached"}, Timeout: attachTimeout, Undo: give,
		})
		p.Locks = with(p.Locks, n.Region)
	}
	if len(p.Unseen) == len(r.Nodes) {
		return p, ops.Errorf(ops.Unseen, "diagnose "+r.Target, "Nothing was done: %s.", strings.Join(p.Notes, "; "))
	}
	return p, nil
}
