package commands

import (
	"vmqbot/checks"
	"vmqbot/gate"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

var _ = register(Command{
	Name:    "start",
	Summary: "Put nodes that are stopped back to work, and prove that they serve",
	Help: `Start starts a node's container where it is stopped, gives it its address, and
waits until messages have crossed both ways. What runs already is only proven.
When every node is back, netsplit switches that were turned on for its absence
are put back to what the fleet file says.`,
	Target: NeedsTarget,
	Flags: []Flag{
		{Name: "soak", Number: true, Default: 0, Min: 0, Max: 3600, Help: "seconds that each node must stay well before the next one"},
	},
	Examples: []Example{{"start eu-1", "put eu-1 back to work"}},
	Role:     ops.Operator,
	Undo:     func(r ops.Request) string { return "stop " + r.Target },
	Look:     func(ops.Request) Look { return Look{Facts: workNeed, Fleet: true} },
	Deeper:   deployDeeper,
	Plan:     planStart,
})

func planStart(r ops.Request, w ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Start " + r.Target}
	d, sites, err := atWork(r, w, &p)
	if err != nil {
		return p, err
	}
	for _, s := range sites {
		if !s.exists {
			return p, ops.Errorf(ops.Failed, "deploy "+s.node.Name, "%s has no container to start.", s.node.Name)
		}
	}
	for _, s := range sites {
		before := len(p.Steps)
		if held(s) {
			d.add(unhold(s.node), awaitBroker(s.node))
			d.prove(s)
		} else if judge(w, s.node)("container").Verdict == checks.OK {
			d.mend(s)
		} else {
			d.add(startContainer(s.node))
			d.add(d.revive(s)...)
			d.prove(s)
		}
		if len(p.Steps) > before {
			p.Locks = with(p.Locks, s.node.Region)
		}
	}
	d.close()
	return p, nil
}

// held reports a broker that was stopped on purpose behind its gate.
func held(s site) bool {
	state, err := gate.ParseState(s.old.HealthSays)
	return s.gated && s.old.Running && err == nil && state.Phase == gate.Held
}

func unhold(n regions.Node) ops.Step {
	return ops.Step{
		Title: "Let the gate of " + n.Name + " start its broker", Node: n.Name, Timeout: dockerTime,
		Do: ops.Exec{Container: n.Container, Argv: secret.Words(gate.ReleaseArgv()...)}, NoUndo: "the broker belongs running",
	}
}
