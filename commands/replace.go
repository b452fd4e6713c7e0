package commands

import (
	"path"

	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/shape"
)

var _ = register(Command{
	Name:    "replace",
	Summary: "Begin one node anew: out of the cluster, empty, deployed, in again",
	Help: `Replace is for a node whose data is lost, broken, or of no use any more: one that
left, one that was removed and started again, one that VerneMQ calls
non_empty_node. The node leaves first, as leave does it: its queues move to the
others. Then its data is moved aside on its host (into a folder beside it, named
after the old container; nothing is deleted), a new container is made as deploy
makes it, joins while its MQTT ports are closed, and is watched until messages
cross. Retained messages and subscriptions come back from the others.

A node whose broker does not run, or that is not whole, needs --dead: what is
stored on it is lost. A node whose host cannot be seen cannot be replaced: leave
it with --dead, name the new host in the fleet file, and deploy.

A failure before the node has left puts it back; afterwards it stays out, with
its data where it was, and replace can be typed again.`,
	Target: NeedsTarget,
	Flags: []Flag{
		deadFlag,
		{Name: "image", Text: "REF", Help: "this image instead of the fleet file's", Form: imageForm},
		{Name: "soak", Number: true, Default: 10, Min: 0, Max: 3600, Help: "seconds that the node must stay well"},
	},
	Examples: []Example{
		{"replace eu-1", "move its queues away, and begin it anew"},
		{"replace eu-1 --dead", "the same for a node that has lost its data or does not start"},
	},
	Role:   ops.Operator,
	Look:   func(r ops.Request) Look { return Look{Facts: deployNeed(r), Fleet: true} },
	Plan:   planReplace,
	Refuse: oneAtATime,
})

func planReplace(r ops.Request, w ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Replace " + r.Target}
	if s := survey(r, w, r.Nodes[0]); s.blind != "" {
		return p, ops.Errorf(ops.Unseen, "diagnose "+s.node.Name,
			"Nothing was done: %s cannot be seen: %s. If its host is lost for good: leave %[1]s --dead, name the new host in the fleet file, deploy %[1]s.", s.node.Name, trim(s.blind))
	}
	d, s, err := parting(r, w, &p)
	if err != nil {
		return p, err
	}
	n := s.node
	if len(d.peers(n)) == 0 {
		return p, ops.Errorf(ops.Failed, "deploy "+n.Name, "There is no other member from which the data of %s could come back; deploy keeps it.", n.Name)
	}
	s.renew, s.why = true, "it begins anew, without its data"
	s.ground.InLayer = facts.Missed[int64](facts.Absent, "it stays with the old container")
	if err := groundRefusal(r, w, []site{s}); err != nil {
		return p, err
	}
	how, err := d.wayOut(s)
	if err != nil {
		return p, err
	}
	d.note("%s: %s", n.Name, s.why)
	d.add(d.try(s))
	d.add(d.prepare(s)...)
	d.partFor(s, how)
	if s.node.Volumes.Data != "" {
		d.add(d.aside(s))
	}
	if s.exists {
		d.add(keep(s))
	}
	s.member = false
	d.install(s)
	p.Locks = with(p.Locks, n.Region)
	d.close()
	return p, nil
}

// partFor takes the old container out of the cluster and out of service.
func (d *deployment) partFor(s site, how way) {
	switch how {
	case drained:
		d.drain(s)
		d.add(stopLeft(s))
	case givenUp:
		d.giveUp(s)
	case isOut:
		d.add(quiet(s)...)
		d.add(lay(s)...)
	}
}

// lay stops a container that serves nobody of the cluster, where it runs.
func lay(s site) []ops.Step {
	n := s.node
	if !running(s) {
		return nil
	}
	var steps []ops.Step
	if loose(s) {
		steps = append(steps, stopLoose(n))
	}
	return append(steps, ops.Step{
		Title: "Stop the container of " + n.Name, Node: n.Name, Drops: true,
		Do: ops.StopContainer{Container: n.Container, Grace: grace(s)}, Timeout: shape.StopGrace + dockerTime,
		Undo: ops.StartContainer{Container: n.Container},
	})
}

// moveAll moves everything in one folder to another. The folder itself stays,
// with its owner, and with its disk when it is one.
const moveAll = `set -e
mkdir -p -m 700 "$2"
for f in "$1"/* "$1"/.[!.]* "$1"/..?*; do
if [ -e "$f" ] || [ -L "$f" ]; then
[ ! -e "$2/${f##*/}" ] || { echo "$2/${f##*/} is there already: move it away first" >&2; exit 1; }
mv "$f" "$2/"
fi
done
`

// moveBack moves everything back and ends with the folder that moveAll made.
// What a broker left meanwhile goes to a folder of its own, of the third name
// and a number: it is nobody's here to delete.
const moveBack = `set -e
n=1
while [ -e "$3.$n" ]; do n=$((n + 1)); done
(set -- "$2" "$3.$n"
` + moveAll + `rmdir "$2" 2>/dev/null || true
)
` + moveAll + `rmdir "$1"
`

// onHost is where a throwaway container sees a folder of the host.
const onHost = "/mnt/vmqbot"

// aside moves a node's data into a folder beside it: whoever needs it again
// finds it there.
func (d *deployment) aside(s site) ops.Step {
	if s.exists {
		return d.moveAside(s, shape.Short(s.old))
	}
	return d.moveAside(s, "left")
}

func (d *deployment) moveAside(s site, name string) ops.Step {
	n := s.node
	data := path.Clean(n.Volumes.Data)
	kept := data + "." + name
	in := func(script, from, to string) ops.Action {
		return ops.TryContainer{Spec: ops.ContainerSpec{
			Name: "vmqbot-try-" + n.Name, Image: s.image, Network: "none", User: "0", Mounts: []ops.Mount{{From: path.Dir(data), To: onHost}},
			Entrypoint: []string{"sh", "-c", script, "vmqbot-move"}, Cmd: []string{path.Join(onHost, path.Base(from)), path.Join(onHost, path.Base(to)), path.Join(onHost, path.Base(data)+".undone")},
		}}
	}
	return ops.Step{
		Title: "Move the data of " + n.Name + " aside, to " + kept, Node: n.Name,
		Do: in(moveAll, data, kept), Undo: in(moveBack, kept, data), Timeout: copyTime,
	}
}
