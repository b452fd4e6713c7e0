package commands

import (
	"net/netip"
	"strings"
	"time"

	"vmqbot/checks"
	"vmqbot/gate"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
	"vmqbot/shape"
	"vmqbot/vernemq"
)

var _ = register(Command{
	Name:    "leave",
	Summary: "Take one node out of the cluster for good, after its queues have moved",
	Help: `Leave closes a node's MQTT ports, moves its sessions and queues to the other
members, and takes it out of the cluster. It is done when no other node's view
names it any more (VerneMQ says Done also when nothing was done), and then its
container is stopped and stays stopped. Moving many queues takes minutes; the
answer of VerneMQ breaks off after one, and the views are asked instead.

A node that left is not empty: started again it is a broker of its own, and it
cannot join. replace brings it back; its data stays on its host until then.

It refuses while another member is not well, because a leave then hangs and is
done by half. A node that cannot be seen, or whose broker does not run, leaves
with --dead only, by the word of another member: the offline messages that are
stored on it are lost. One that the others still see running is not dead, and
is not touched.`,
	Target: NeedsTarget,
	Flags:  []Flag{deadFlag},
	Examples: []Example{
		{"leave eu-1", "move its queues to the others and take it out"},
		{"leave eu-1 --dead", "take it out although its host is lost, with what is stored there"},
	},
	Role:   ops.Operator,
	Undo:   func(r ops.Request) string { return "join " + r.Target },
	Look:   func(ops.Request) Look { return Look{Facts: workNeed, Fleet: true} },
	Plan:   planLeave,
	Refuse: oneAtATime,
})

var deadFlag = Flag{Name: "dead", Help: "the node does not come back as it was: give up the offline messages that are stored on it"}

// oneAtATime keeps a verb to one node: each move of queues needs those that
// stay.
func oneAtATime(r ops.Request) error {
	if len(r.Nodes) > 1 {
		return ops.Errorf(ops.Refused, r.Verb+" "+r.Nodes[0].Name, "%s takes one node at a time.", r.Verb)
	}
	return nil
}

const (
	// moveTime is what VerneMQ may take to move the queues of a node.
	moveTime = 5 * time.Minute
	// goneTime is how long the views are asked: longer than the move, and than the
	// minute after which VerneMQ's command line gives up.
	goneTime = moveTime + time.Minute
)

func planLeave(r ops.Request, w ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Leave " + r.Target}
	d, s, err := parting(r, w, &p)
	if err != nil {
		return p, err
	}
	how, err := d.wayOut(s)
	if err != nil {
		return p, err
	}
	n := s.node
	if len(d.peers(n)) == 0 && len(d.members) > 0 {
		return p, ops.Errorf(ops.Failed, "stop "+n.Name, "%s is the only member: there is nobody to whom its queues could move.", n.Name)
	}
	switch how {
	case isOut:
		return p, d.out(s)
	case drained:
		d.drain(s)
		d.add(stopLeft(s))
	case givenUp:
		d.giveUp(s)
	}
	if s.gated {
		d.add(shutDoors(n))
	}
	if s.exists {
		d.note("%s is not empty after it left: started again it is a broker of its own, and it cannot join. replace %[1]s brings it back", n.Name)
	}
	p.Locks = with(p.Locks, n.Region)
	d.forget(n)
	d.close()
	return p, nil
}

// out is a node that no other counts in: it may still have to be stopped.
func (d *deployment) out(s site) error {
	n := s.node
	b, _ := s.seen.Broker.Get()
	switch {
	case s.blind != "":
		d.note("%s is no member of the cluster; its host cannot be seen", n.Name)
	case !running(s):
		d.note("%s is no member of the cluster, and its container does not run", n.Name)
	case b.Process.OK():
		d.note("%s is no member of the cluster; its broker runs on its own. join %[1]s takes it in, stop %[1]s stops it", n.Name)
	case !noProcess(b.Process):
		return ops.Errorf(ops.Unseen, "diagnose "+n.Name, "%s is no member of the cluster, and whether its broker runs cannot be seen: %s.", n.Name, trim(b.Process.Why()))
	default: // a leave was interrupted before its end
		d.note("%s is no member of the cluster, and no broker runs in its container: what is missing is that it is stopped", n.Name)
		d.add(quiet(s)...)
		d.add(stopLeft(s))
		d.plan.Locks = with(d.plan.Locks, n.Region)
	}
	return nil
}

// drain moves what a living node holds to the others and takes it out. Nothing
// of it is undone once it is gone: a node that left must not serve again.
func (d *deployment) drain(s site) {
	n := s.node
	if d.r.Flag("dead") {
		d.note("%s is alive, so its queues move to the others all the same", n.Name)
	}
	d.openOthers(n)
	d.add(quiet(s)...)
	if s.gated {
		d.add(hold(n))
	}
	via := d.via(n)
	d.add(d.shut(s, via), ops.Step{
		Title: "Move the sessions and queues of " + n.Name + " to the others and take it out of the cluster", Node: n.Name, Drops: true,
		Do: leaveBy(via, n, vernemq.LeaveOptions{KillSessions: true, Timeout: moveTime}), Verify: []string{"gone"}, Among: d.peers(n), Timeout: goneTime,
		NoUndo: "replace " + n.Name + " brings it back", Final: true,
	})
}

// giveUp takes out a node that is not whole, by the word of another.
func (d *deployment) giveUp(s site) {
	n := s.node
	d.note("price: the offline messages that are stored on %s are lost, and sessions that lived there begin anew", n.Name)
	if s.blind != "" {
		d.note("%s cannot be seen: %s. If it comes back it takes itself for a member: replace it before clients reach it", n.Name, trim(s.blind))
	}
	d.add(quiet(s)...)
	d.add(lay(s)...)
	d.add(ops.Step{
		Title: "Take " + n.Name + " out of the cluster", Node: n.Name,
		Do: leaveBy(d.via(n), n, vernemq.LeaveOptions{}), Verify: []string{"gone"}, Among: d.peers(n), Timeout: goneTime,
		NoUndo: "replace " + n.Name + " brings it back", Final: true,
	})
}

// via is the member by whose word a node leaves: the answer of the node itself
// would end with its broker.
func (d *deployment) via(n regions.Node) regions.Node {
	via, _ := d.w.Fleet.Node(d.peers(n)[0])
	return via
}

func leaveBy(via, n regions.Node, how vernemq.LeaveOptions) ops.Action {
	return ops.On{Node: via.Name, Do: ops.Exec{Container: via.Container, Argv: mustWords(vernemq.Leave(erlang(n), how)), Judge: ops.Left}}
}

// release lets the gate start the broker again unless it has left meanwhile.
const release = `vernemq ping >/dev/null 2>&1 || exit 0
exec "$@"
`

// hold keeps the gate from taking the end of a broker that left for a crash.
func hold(n regions.Node) ops.Step {
	undo := append([]string{"sh", "-c", release, "vmqbot-release"}, gate.ReleaseArgv()...)
	return ops.Step{
		Title: "Keep the gate of " + n.Name + " from starting a broker that has left", Node: n.Name,
		Do:   ops.Exec{Container: n.Container, Argv: secret.Words(gate.HoldArgv()...)},
		Undo: ops.Exec{Container: n.Container, Argv: secret.Words(undo...)}, Timeout: dockerTime,
	}
}

// shut closes the MQTT ports: VerneMQ suspends them and says that the rest is
// still to do, which is no failure here.
func (d *deployment) shut(s site, via regions.Node) ops.Step {
	n := s.node
	step := ops.Step{
		Title: "Close the MQTT ports of " + n.Name + " to new clients", Node: n.Name,
		Do:      ops.On{Node: via.Name, Do: ops.Exec{Container: via.Container, Argv: mustWords(vernemq.Leave(erlang(n), vernemq.LeaveOptions{}))}},
		Timeout: bootTime, NoUndo: "it has none",
	}
	var again []ops.Step
	b, _ := s.seen.Broker.Get()
	listeners, _ := b.Listeners.Get()
	for _, l := range listeners {
		addr, err := netip.ParseAddr(l.Address)
		if err != nil || !strings.HasPrefix(l.Type, "mqtt") || l.Status != "running" {
			continue
		}
		at := netip.AddrPortFrom(addr, uint16(l.Port)) //nolint:gosec // a port that a broker told
		again = append(again, ops.Step{
			Title: "Open " + at.String() + " again", Node: n.Name, Timeout: dockerTime,
			Do: ops.Exec{Container: n.Container, Argv: mustWords(vernemq.RestartListener(at))}, NoUndo: "it was open",
		})
	}
	if len(again) == 0 {
		return step
	}
	step.NoUndo, step.Undo, step.Restore = "", again[0].Do, again[1:]
	if checks.One(d.w.Fleet, d.w.Seen, n, "doors").Verdict == checks.OK {
		step.Restore = append(step.Restore, ops.Step{
			Title: "Wait until the MQTT ports of " + n.Name + " are open again", Node: n.Name,
			Do: ops.Wait{For: "the ports to listen"}, Verify: []string{"doors"}, Timeout: bootTime,
		})
	}
	return step
}

const left = "it has left: started again it would be a broker of its own"

func stopLeft(s site) ops.Step {
	n, wait := s.node, shape.StopGrace
	if beside(s) {
		wait = shellGrace // only its shell is left
	}
	return ops.Step{
		Title: "Stop the container of " + n.Name + ", whose broker has left", Node: n.Name,
		Do: ops.StopContainer{Container: n.Container, Grace: wait}, Timeout: shape.StopGrace + dockerTime, NoUndo: left,
	}
}

// shutDoors lets no client in to a node that somebody starts again.
func shutDoors(n regions.Node) ops.Step {
	return ops.Step{
		Title: "Close the doors of " + n.Name + " for whoever starts it again", Node: n.Name,
		Do:     ops.PutFiles{Container: n.Container, Dir: shape.ConfDir, Files: []ops.File{{Name: gate.DoorsFile, Content: secret.New(closedDoors), Mode: 0o644}}},
		NoUndo: left, Timeout: dockerTime,
	}
}
