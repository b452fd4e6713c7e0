package commands

import (
	"fmt"
	"path"
	"slices"

	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
	"vmqbot/shape"
	"vmqbot/vernemq"
)

// adopt copies a broker's data from one container to another, both stopped,
// through Docker alone, and compares names and contents afterwards. The
// containers and the folder come as arguments. Nothing read is not the same as
// nothing there: of a folder at least its own name is read, and two readings
// that both failed would be equal.
const adopt = `set -e
for t in tar sha256sum; do command -v "$t" >/dev/null || { echo "this host has no $t, by which a copy is compared: install it" >&2; exit 1; }; done
sum() { docker cp "$1:$3/." - | tar -tf - | sort; docker cp "$1:$3/." - | tar -xOf - | sha256sum; }
docker cp "$1:$3/." - | docker cp - "$2:$3"
was=$(sum "$1" x "$3")
case $was in */*) ;; *) echo "$3 of the original could not be read again" >&2; exit 1 ;; esac
[ "$was" = "$(sum "$2" x "$3")" ] || { echo "the copy of $3 differs from the original" >&2; exit 1; }
`

// emptied takes a copy away again: the folder was empty before.
const emptied = `rm -rf "$1"/* "$1"/.[!.]*`

// retire stops the old container for good and keeps it under another name.
// Its undo starts it again, and is over when it serves.
func (d *deployment) retire(s site) []ops.Step {
	steps := append(quiet(s), d.halt(s)...)
	if _, inLayer := s.ground.InLayer.Get(); inLayer {
		steps = append(steps, d.clear(s)...)
		steps = append(steps, d.adopt(s))
	}
	last := keep(s)
	last.Restore = d.again(s)
	return append(steps, last)
}

// quiet keeps Docker from starting a container again that is taken out of
// service.
func quiet(s site) []ops.Step {
	n := s.node
	if s.old.RestartPolicy == "" || s.old.RestartPolicy == "no" {
		return nil
	}
	return []ops.Step{{
		Title: "Keep Docker from starting the old container of " + n.Name + " again", Node: n.Name,
		Do:   ops.SetRestart{Container: n.Container, Policy: "no"},
		Undo: ops.SetRestart{Container: n.Container, Policy: s.old.RestartPolicy}, Timeout: dockerTime,
	}}
}

// keep gives the container of a node the name under which it is kept.
func keep(s site) ops.Step {
	n, kept := s.node, shape.KeptName(s.node, s.old)
	return ops.Step{
		Title: "Keep the old container of " + n.Name + " as " + kept, Node: n.Name,
		Do:   ops.RenameContainer{From: n.Container, To: kept},
		Undo: ops.RenameContainer{From: kept, To: n.Container}, Timeout: dockerTime,
	}
}

// stopLoose stops a broker that runs beside a shell, and has no undo of its
// own: it is started when its container is.
func stopLoose(n regions.Node) ops.Step {
	return ops.Step{
		Title: "Stop the broker of " + n.Name + " cleanly", Node: n.Name, Drops: true,
		Do: ops.Exec{Container: n.Container, Argv: secret.Words(vernemq.Stop()...)}, Timeout: bootTime,
		NoUndo: "it is started again with its container",
	}
}

// beside reports a container whose first process is a shell, and the broker is
// started beside it by hand, as the runbook does.
func beside(s site) bool {
	shells := []string{"sh", "bash", "ash", "dash"}
	words := append(slices.Clone(s.old.Entrypoint), s.old.Cmd...)
	return !s.gated && len(words) > 0 && slices.Contains(shells, path.Base(words[0]))
}

// loose reports a broker that docker stop would kill in the middle of a write:
// Docker ends the shell, and the broker with it.
func loose(s site) bool {
	b, _ := s.seen.Broker.Get()
	return beside(s) && b.Process.OK()
}

// serveAgain is what an old container needs after it was started again: it has
// lost its address like after any restart.
func (d *deployment) serveAgain(s site) []ops.Step {
	if !s.member && len(d.members) > 0 && !serves(d.w, s.node) {
		return nil // it did not serve before
	}
	return append(d.revive(s), proofs(s.node, d.peers(s.node))...)
}

// revive is what a container needs after its start: the address that it has
// lost, and without a gate the broker's start and its port.
func (d *deployment) revive(s site) []ops.Step {
	n := s.node
	steps := []ops.Step{attach(d.w, n)}
	if s.gated {
		return append(steps, awaitBroker(n))
	}
	if beside(s) {
		steps = append(steps, startBroker(n))
	}
	return append(steps, ops.Step{
		Title: "Wait until the broker of " + n.Name + " answers", Node: n.Name,
		Do: ops.Wait{For: "vernemq ping to say pong"}, Verify: []string{"broker"}, Timeout: bootTime,
	}, rebind(d.w, n, false))
}

// awaitBroker waits behind the gate. Nobody starts the container again when it
// ends meanwhile, as with its host: Docker may not before the last step.
func awaitBroker(n regions.Node) ops.Step {
	return ops.Step{
		Title: "Wait until the broker of " + n.Name + " answers and has bound " + n.ClusterAddr().String(), Node: n.Name,
		Do: ops.Wait{For: "the broker behind the gate"}, Verify: []string{"broker", "port"}, GiveUp: []string{"container", "loop", "ip"}, Timeout: bootTime,
	}
}

// adopt copies what lies in the old container's own layer to the data folder.
func (d *deployment) adopt(s site) ops.Step {
	n := s.node
	return ops.Step{
		Title: fmt.Sprintf("Copy the data of %s from the old container to %s and compare", n.Name, n.Volumes.Data), Node: n.Name,
		Do: ops.Run{Argv: secret.Words("sh", "-c", adopt, "vmqbot-adopt", n.Container, shape.NextName(n), shape.DataDir)},
		Undo: ops.TryContainer{Spec: ops.ContainerSpec{
			Name: "vmqbot-try-" + n.Name, Image: s.image, Network: "none", Mounts: []ops.Mount{{From: n.Volumes.Data, To: shape.DataDir}},
			Entrypoint: []string{"sh", "-c", emptied, "vmqbot-empty"}, Cmd: []string{shape.DataDir},
		}},
		Litter:  true, // the old container has its data, and the next deploy moves a half copy aside
		Timeout: copyTime,
	}
}

// mend repairs a node whose container is the planned one.
func (d *deployment) mend(s site) {
	n := s.node
	is := judge(d.w, n)
	steps := append(policy(s), repairNode(d.r, d.w, n, is)...)
	d.add(steps...)
	if !s.member {
		d.enter(s)
	}
	switch {
	case len(steps) > 0 || (!s.member && len(d.members) > 0):
		d.prove(s)
	case !proven(d.w, n, d.seenPeers(n), whole):
		d.prove(s)
	default:
		d.note("%s runs %s as planned, and messages cross", n.Name, s.image)
	}
}

// seenPeers are the members that were there before the plan: only with them
// can anything have been proven.
func (d *deployment) seenPeers(n regions.Node) []string {
	before := members(d.w)
	return slices.DeleteFunc(d.peers(n), func(p string) bool { return !slices.Contains(before, p) })
}
