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
are put back to what the fleet file says. A node that has left is refused, because
it would be a broker of its own: replace brings it back.`,
	Target: NeedsTarget,
	Flags: []Flag{
		{Name: "soak", Number: true, Default: 0, Min: 0, Max: 3600, Help: "seconds that each node must stay well before the next one"},
	},
	Examples: []Example{{"start eu-1", "put eu-1 back to work"}},
	Role:     ops.Operator,
	Undo:     func(r ops.Request) string { return "stop " + r.Target },
	Look:     func(ops.Request) Look { return Look{Facts: workNeed, Fleet: true} },
	Deeper:   messagesToo,
	Plan:     planStart,
})

func planStart(r ops.Request, w ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Start " + r.Target}
	d, sites, err := atWork(r, w, &p)
	if err != nil {
		return p, err
	}
	for _, s := range sites {
		if err := d.startable(s); err != nil {
			return p, err
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
			d.add(policy(s)...)
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

// startable refuses a node whose start would not bring it back to work: one
// that left is no member, and its broker would be one of its own.
func (d *deployment) startable(s site) error {
	n := s.node
	switch {
	case !s.exists:
		return ops.Errorf(ops.Failed, "deploy "+n.Name, "%s has no container to start.", n.Name)
	case !running(s) && !s.member && len(d.members) > 0:
		return ops.Errorf(ops.Failed, "replace "+n.Name, "Nothing was done: %s is no member of the cluster, because it has left or never joined. Started as it is, it would be a broker of its own; replace %[1]s begins it anew.", n.Name)
	}
	return nil
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
