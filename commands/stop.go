package commands

import (
	"vmqbot/ops"
)

var _ = register(Command{
	Name:    "stop",
	Summary: "Take one node out of work cleanly, until it is started",
	Help: `Stop ends a node's broker cleanly and stops its container. It stays stopped until
start, also when Docker or the host restarts. The others go on serving clients:
where VerneMQ's netsplit switches are off, they are turned on and stay on until
the node is started. Offline messages stay in the node's data; what others
publish for it meanwhile waits in their buffers and is lost beyond these. One
node can be stopped at a time.`,
	Target:   NeedsTarget,
	Examples: []Example{{"stop eu-1", "take eu-1 out of work"}},
	Role:     ops.Operator,
	Undo:     func(r ops.Request) string { return "start " + r.Target },
	Look:     func(ops.Request) Look { return Look{Facts: workNeed, Fleet: true} },
	Plan:     planStop,
	Refuse: func(r ops.Request) error {
		if len(r.Nodes) > 1 {
			return ops.Errorf(ops.Refused, "stop "+r.Nodes[0].Name, "Two nodes must not be stopped at the same time.")
		}
		return nil
	},
})

func planStop(r ops.Request, w ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Stop " + r.Target}
	d, sites, err := atWork(r, w, &p)
	if err != nil {
		return p, err
	}
	for _, s := range sites {
		if !s.exists || !s.old.Running {
			d.note("%s does not run", s.node.Name)
			continue
		}
		d.shield(s)
		d.add(d.halt(s)...)
		p.Locks = with(p.Locks, s.node.Region)
	}
	return p, nil
}
