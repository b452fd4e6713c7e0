package commands

import (
	"slices"

	"vmqbot/checks"
	"vmqbot/ops"
	"vmqbot/regions"
)

var _ = register(Command{
	Name:    "join",
	Summary: "Take nodes whose broker runs on its own into the cluster",
	Help: `Join tells each node that the cluster does not know to join it, one after the
other and from the node itself, opens its MQTT ports, and waits until every view
names it and messages have crossed both ways. deploy does it for nodes that it
makes; join is for one that was started by hand. Nodes that are members already
are left alone.

VerneMQ takes in an empty node only. When it answers non_empty_node, that node
was a member once, or a client has reached it (the message names the other
node): replace it, which empties it and joins it before clients come.`,
	Target: NeedsTarget,
	Flags: []Flag{
		{Name: "soak", Number: true, Default: 0, Min: 0, Max: 3600, Help: "seconds that each node must stay well before the next one"},
	},
	Examples: []Example{
		{"join eu-1", "take eu-1 in"},
		{"join all", "make one cluster of nodes that run on their own"},
	},
	Role: ops.Operator,
	Look: func(ops.Request) Look { return Look{Facts: workNeed, Fleet: true} },
	Plan: planJoin,
})

func planJoin(r ops.Request, w ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Join " + r.Target}
	d, sites, err := atWork(r, w, &p)
	if err != nil {
		return p, err
	}
	if len(d.members) == 0 {
		d.members = founder(w)
		for _, name := range d.members {
			d.note("there is no cluster yet: %s founds it", name)
		}
	}
	if err := unsettled(w, d.settled(), regions.Node{}); err != nil {
		return p, err
	}
	for _, s := range sites {
		if err := d.takeIn(s); err != nil {
			p.Steps = nil
			return p, err
		}
	}
	return p, nil
}

// founder is the first node of the file whose broker runs on its own.
func founder(w ops.World) []string {
	for _, n := range w.Fleet.Nodes() {
		if view, ok := viewOf(w.Seen.Nodes[n.Name]).Get(); ok && len(view) == 1 && notHealthy(w, n) == "" {
			return []string{n.Name}
		}
	}
	return nil
}

// settled are the members but those of the target about whom the views differ:
// what is wrong with these is told one by one.
func (d *deployment) settled() []string {
	return slices.DeleteFunc(slices.Clone(d.members), func(name string) bool {
		n, _ := d.w.Fleet.Node(name)
		st := standingOf(d.w, n)
		asked := slices.ContainsFunc(d.r.Nodes, func(t regions.Node) bool { return t.Name == name })
		return asked && st.believes != (len(st.namedBy) > 0)
	})
}

// takeIn plans the join of one node, or says why there is nothing to do.
func (d *deployment) takeIn(s site) error {
	n := s.node
	st := standingOf(d.w, n)
	fail := func(fix, format string, args ...any) error {
		return ops.Errorf(ops.Failed, fix, "Nothing was done: "+format, args...)
	}
	if !running(s) || !st.alive {
		if o := judge(d.w, n)("broker"); running(s) && o.Verdict != checks.Bad {
			return ops.Errorf(ops.Unseen, "diagnose "+n.Name, "Nothing was done, because whether the broker of %s runs cannot be seen: %s.", n.Name, trim(o.Evidence))
		}
		return fail("deploy "+n.Name, "the broker of %s does not run; deploy makes the node and joins it.", n.Name)
	}
	if why := notHealthy(d.w, n); why != "" {
		return fail("reattach "+n.Name, "%s is not well: %s.", n.Name, why)
	}
	switch {
	case !st.answers:
		return ops.Errorf(ops.Unseen, "diagnose "+n.Name, "Nothing was done, because whom %s counts as a member cannot be seen.", n.Name)
	case st.believes && len(st.namedBy) == 0:
		return fail("replace "+n.Name+" --dead", "%s counts itself a member, and no other node does. If it joined a moment ago wait 20 s; if it was removed and started again it must begin anew.", n.Name)
	case !st.believes && len(st.namedBy) > 0:
		return fail("replace "+n.Name+" --dead", "%s a member, and it knows none of them: it has lost its data. Such a node finds back by itself in half a minute; else it must begin anew.", count(len(st.namedBy), "node")+" call "+n.Name)
	case slices.Contains(d.members, n.Name):
		d.member(s)
		return nil
	}
	d.note("%s must be empty: when VerneMQ says non_empty_node, it was a member once or a client has reached it, and replace %[1]s is the way", n.Name)
	d.add(d.join(s))
	if s.gated {
		d.add(d.openDoors(s))
		d.prove(s)
	} else {
		d.watch(s, "container", "ip", "broker", "port")
	}
	d.members = append(d.members, n.Name)
	d.plan.Locks = with(d.plan.Locks, n.Region)
	return nil
}

// member says that a node is in already, and opens its ports when an
// interrupted join has left them closed.
func (d *deployment) member(s site) {
	n := s.node
	doors, _ := s.ground.Doors.Get()
	if !s.gated || doors == s.want.Doors {
		if len(d.peers(n)) == 0 {
			d.note("%s is the whole cluster so far", n.Name)
		} else {
			d.note("%s is a member already", n.Name)
		}
		return
	}
	d.note("%s is a member, and its MQTT ports are not the fleet file's yet", n.Name)
	d.add(d.openDoors(s))
	d.prove(s)
	d.plan.Locks = with(d.plan.Locks, n.Region)
}
