package commands

import (
	"time"

	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/secret"
)

// Demo adds the verb that only the demo has. It must be called before anybody
// looks for a verb; again, it does nothing.
func Demo() {
	if _, there := Find(demoBreak.Name); !there {
		register(demoBreak)
	}
}

var demoBreak = Command{
	Name:    "demo break",
	Summary: "Break a node of the simulated fleet, as a bad night does",
	Help: `Demo break restarts the container of a node with plain docker, so that it comes
back without its weave address; with --stop it stops it. The watch notices by
itself, tells, and repairs what it may. Only the demo has this verb.`,
	Target: NeedsTarget,
	Flags:  []Flag{{Name: "stop", Help: "docker stop instead of docker restart"}},
	Examples: []Example{
		{"demo break cn", "take the address of cn-1 away"},
		{"demo break us --stop", "stop the container of us-1"},
	},
	Role: ops.Operator,
	Look: func(ops.Request) Look { return Look{Facts: facts.Need{}} },
	Plan: planDemoBreak,
}

func planDemoBreak(r ops.Request, _ ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Break " + r.Target} // no lock: what the bot does itself is no alert for some minutes
	how, title := "restart", "Restart the container of "
	if r.Flag("stop") {
		how, title = "stop", "Stop the container of "
	}
	for _, n := range r.Nodes {
		p.Steps = append(p.Steps, ops.Step{
			Title: title + n.Name + " with plain docker", Node: n.Name, Drops: true,
			Do: ops.Run{Argv: secret.Words("docker", how, "-t", "1", n.Container)}, Timeout: 30 * time.Second,
			NoUndo: "that is what the watch is for",
		})
	}
	return p, nil
}
