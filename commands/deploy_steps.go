package commands

import (
	"fmt"
	"time"

	"vmqbot/conf"
	"vmqbot/gate"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
	"vmqbot/shape"
	"vmqbot/vernemq"
)

const (
	dockerTime = 60 * time.Second
	bootTime   = 120 * time.Second // a broker with a large store is slow to start
	copyTime   = 10 * time.Minute
)

// closedDoors lets no client in.
const closedDoors = ""

// trial says what an image lacks of what the gate uses, in the words that people
// look for, before VerneMQ itself judges the configuration. The sh is the one
// that runs it. chkconfig names no cause, config generate does.
const trial = `for p in "$1" sleep rm; do
command -v "$p" >/dev/null 2>&1 || { echo "[error] the image has no $p"; exit 3; }
done
while read -r line; do break; done </proc/net/fib_trie || { echo "[error] its sh cannot read /proc/net/fib_trie"; exit 3; }
"$1" chkconfig && exit 0
"$1" config generate
exit 1
`

// try proves before anything stops that the image runs on the host, has what
// the gate needs, and accepts the configuration.
func (d *deployment) try(s site) ops.Step {
	return ops.Step{
		Title: fmt.Sprintf("Try %s and the vernemq.conf of %s in a throwaway container", s.image, s.node.Name), Node: s.node.Name,
		Do: ops.TryContainer{
			Spec: ops.ContainerSpec{
				Name: "vmqbot-try-" + s.node.Name, Image: s.image, Network: "none",
				Entrypoint: []string{"sh", "-c", trial, "vmqbot-try"}, Cmd: []string{"vernemq"},
			},
			Dir: shape.ConfDir, Files: []ops.File{{Name: shape.ConfFile, Content: s.want.Conf, Mode: 0o644}},
		},
		NoUndo: "it leaves nothing", Timeout: dockerTime,
	}
}

// replace makes a new container and puts it in the place of the old one.
func (d *deployment) replace(s site) {
	n := s.node
	d.note("%s: %s", n.Name, s.why)
	for _, problem := range conf.Problems(n, conf.ParseVersion(s.image), nil) {
		if !problem.Early { // told as a price
			d.note("%s: %s", n.Name, trim(problem.String())) // what stops has refused the plan
		}
	}
	d.tellAttach(s)
	d.tellEarly(s)
	d.shield(s)
	d.add(d.prepare(s)...)
	if s.exists {
		d.add(d.retire(s)...)
	}
	d.install(s)
}

// install puts the prepared container to work and proves it.
func (d *deployment) install(s site) {
	n := s.node
	next := n
	next.Container = shape.NextName(n)
	d.add(
		ops.Step{
			Title: "Put the new container of " + n.Name + " in its place", Node: n.Name,
			Do: ops.RenameContainer{From: next.Container, To: n.Container}, Timeout: dockerTime,
			Undo: ops.RenameContainer{From: n.Container, To: next.Container}, Restore: d.bringBack(s),
		},
		d.configure(s),
		ops.Step{
			Title: "Start it: the gate waits for the address", Node: n.Name,
			Do: ops.StartContainer{Container: n.Container}, Verify: []string{"container"}, Timeout: dockerTime,
			Undo: ops.StopContainer{Container: n.Container, Grace: shape.StopGrace},
		},
		attach(d.w, n),
		awaitBroker(n),
	)
	d.enter(s)
	d.prove(s)
	d.add(startsAgain(s))
}

// startsAgain comes when nothing is undone any more. Until then a host that
// restarts must not start the new container: it would hold the ports that the old
// one needs to come back.
func startsAgain(s site) ops.Step {
	return ops.Step{
		Title: "Let Docker start the container of " + s.node.Name + " again when the host restarts", Node: s.node.Name, Timeout: dockerTime,
		Do: ops.SetRestart{Container: s.node.Container, Policy: s.want.Spec.Restart}, NoUndo: "it belongs so",
	}
}

// prepare makes the new container beside the old one.
func (d *deployment) prepare(s site) []ops.Step {
	var steps []ops.Step
	name := shape.NextName(s.node)
	if _, half := prepared(s); half {
		steps = append(steps, ops.Step{
			Title: "Remove what an interrupted deploy prepared on " + s.node.Name, Node: s.node.Name,
			Do: ops.RemoveContainer{Container: name}, NoUndo: "it never ran", Timeout: dockerTime,
		})
	}
	spec := s.want.Spec
	spec.Name, spec.Restart = name, "no"
	steps = append(steps, ops.Step{
		Title: "Prepare the new container of " + s.node.Name, Node: s.node.Name,
		Do: ops.CreateContainer{Spec: spec}, Undo: ops.RemoveContainer{Container: name}, Timeout: dockerTime,
	})
	if old, ok := s.ground.Conf.Get(); ok && s.exists {
		steps = append(steps, backUp(s, name, old))
	}
	return steps
}

// backUp keeps the vernemq.conf of the old container beside it while that one
// still runs: a rollback finds it whatever interrupts the deploy, and a disk
// without room for a file is told before anything stops.
func backUp(s site, through string, old secret.Text) ops.Step {
	file := ops.File{Name: shape.Backup(s.old), Content: old, Mode: 0o600}
	return ops.Step{
		Title: "Keep the vernemq.conf of " + s.node.Name + " as " + file.Name, Node: s.node.Name, Timeout: dockerTime,
		Do: ops.PutFiles{Container: through, Dir: shape.ConfDir, Files: []ops.File{file}}, NoUndo: "it is a copy",
	}
}

// configure writes vernemq.conf. The MQTT ports of a node that is not yet a
// member stay closed: a client that comes before the join makes the join
// impossible (vernemq-real.md E6).
func (d *deployment) configure(s site) ops.Step {
	doors := s.want.Doors
	if !s.member && len(d.members) > 0 {
		doors = closedDoors
	}
	put := ops.PutFiles{Container: s.node.Container, Dir: shape.ConfDir, Files: []ops.File{
		{Name: shape.ConfFile, Content: s.want.Conf, Mode: 0o644},
		{Name: gate.DoorsFile, Content: secret.New(doors), Mode: 0o644},
	}}
	step := ops.Step{Title: "Write its vernemq.conf", Node: s.node.Name, Timeout: dockerTime, NoUndo: "there was none"}
	if old, ok := s.ground.Conf.Get(); ok {
		before, _ := s.ground.Doors.Get()
		step.NoUndo, step.Undo = "", ops.PutFiles{Container: s.node.Container, Dir: shape.ConfDir, Files: []ops.File{
			{Name: shape.ConfFile, Content: old, Mode: 0o644},
			{Name: gate.DoorsFile, Content: secret.New(before), Mode: 0o644},
		}}
	}
	step.Do = put
	return step
}

// enter joins a node that the cluster does not know yet, and opens its doors.
func (d *deployment) enter(s site) {
	if s.member || len(d.members) == 0 {
		return
	}
	d.add(d.join(s), d.openDoors(s))
}

// join is done from the node that joins, which must be empty.
func (d *deployment) join(s site) ops.Step {
	n := s.node
	via, _ := d.w.Fleet.Node(d.peers(n)[0])
	return ops.Step{
		Title: fmt.Sprintf("Join %s to the cluster of %s", n.Name, via.Name), Node: n.Name,
		Do:      ops.Exec{Container: n.Container, Argv: mustWords(vernemq.Join(erlang(via))), Judge: ops.Joined},
		Undo:    ops.On{Node: via.Name, Do: ops.Exec{Container: via.Container, Argv: mustWords(vernemq.Leave(erlang(n), vernemq.LeaveOptions{KillSessions: true})), Judge: ops.Left}},
		Timeout: bootTime,
	}
}

// openDoors lets clients in to a node behind a gate.
func (d *deployment) openDoors(s site) ops.Step {
	n := s.node
	return ops.Step{
		Title: "Open the MQTT ports of " + n.Name, Node: n.Name,
		Do:      ops.PutFiles{Container: n.Container, Dir: shape.ConfDir, Files: []ops.File{{Name: gate.DoorsFile, Content: secret.New(s.want.Doors), Mode: 0o644}}},
		Undo:    ops.PutFiles{Container: n.Container, Dir: shape.ConfDir, Files: []ops.File{{Name: gate.DoorsFile, Content: secret.New(closedDoors), Mode: 0o644}}},
		Timeout: dockerTime,
	}
}

// prove ends only when clients are served and messages have crossed both ways
// for the time of the soak.
func (d *deployment) prove(s site) {
	d.add(doorsOpen(s.node))
	d.watch(s, inWork...)
}

func doorsOpen(n regions.Node) ops.Step {
	return ops.Step{
		Title: "Wait until the MQTT ports of " + n.Name + " are open", Node: n.Name,
		Do: ops.Wait{For: "the gate to open them, once the plugins answer"}, Verify: []string{"doors"}, GiveUp: []string{"container"}, Timeout: bootTime,
	}
}

// watch proves a node with its peers, and then that it stays as it is.
func (d *deployment) watch(s site, verify ...string) {
	n, peers := s.node, d.peers(s.node)
	d.add(proofs(n, peers)...)
	end := well(n, peers, d.soak(), verify...)
	end.Final = true
	d.add(end)
}

// well is that everything is as it should be on a node for a while.
func well(n regions.Node, peers []string, hold time.Duration, verify ...string) ops.Step {
	if len(peers) > 0 {
		verify = append(verify, "channel", "mqtt")
	}
	title, what := fmt.Sprintf("Watch %s for %s", n.Name, hold), fmt.Sprintf("%s without a fault", hold)
	if hold == 0 {
		title, what = "See that all is well on "+n.Name, "everything at once"
	}
	return ops.Step{Title: title, Node: n.Name, Among: peers, Do: ops.Wait{For: what, Hold: hold}, Verify: verify, Timeout: bootTime}
}

// inWork are the checks of a node that deploy made and that serves.
var inWork = []string{"container", "gate", "ip", "broker", "port", "doors"}

// soak is how long a node is watched: the first one, which tells whether the
// rest should follow, three times as long.
func (d *deployment) soak() time.Duration {
	hold := time.Duration(d.r.Number("soak")) * time.Second
	if !d.soaked && len(d.r.Nodes) > 1 {
		hold *= 3
	}
	d.soaked = true
	return hold
}

func erlang(n regions.Node) vernemq.NodeName {
	name, err := vernemq.ParseNodeName(n.ErlangName())
	if err != nil {
		panic("a validated fleet has no such node: " + err.Error())
	}
	return name
}
