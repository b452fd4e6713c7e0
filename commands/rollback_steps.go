package commands

import (
	"fmt"
	"maps"
	"path"

	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/shape"
)

// tryBefore proves that an image still runs and takes the vernemq.conf of then.
// Without a second argument that file has stayed in the container itself.
const tryBefore = `command -v vernemq >/dev/null 2>&1 || { echo "[error] the image has no vernemq"; exit 3; }
[ -n "$2" ] || exit 0
mkdir -p "${1%/*}"
cp "$2" "$1" || { echo "[error] the vernemq.conf of then is not kept"; exit 3; }
vernemq chkconfig && exit 0
vernemq config generate
exit 1
`

// confBack puts the vernemq.conf of then in the place of the current one, which
// is kept. The file keeps its owner and its mode.
const confBack = `set -e
umask 077
cp "$1" "$2"
cp "$3" "$1"
`

// confForth undoes it.
const confForth = `cp "$2" "$1"
`

// inFolder is a folder of the host as a throwaway container of the node sees it.
func (b back) inFolder(folder, script string, args ...string) ops.TryContainer {
	t := ops.TryContainer{Spec: ops.ContainerSpec{
		Name: "vmqbot-try-" + b.node.Name, Image: b.kept.ImageID, Network: "none", User: "0",
		Entrypoint: []string{"sh", "-c", script, "vmqbot-back"}, Cmd: args,
	}}
	if folder != "" {
		t.Spec.Mounts = []ops.Mount{{From: folder, To: onHost}}
	}
	return t
}

// confFolder is the folder of the host in which the deploy replaced the kept
// container's vernemq.conf, or "" when that has stayed where it was.
func (b back) confFolder() string {
	now := b.node.Volumes.Conf
	if b.exists {
		now = b.old.Mounts[shape.ConfDir]
	}
	if b.kept.Mounts[shape.ConfDir] != now {
		return ""
	}
	return now
}

func (b back) try() ops.Step {
	folder, then := b.confFolder(), ""
	if folder != "" {
		then = path.Join(onHost, shape.Backup(b.kept))
	}
	return ops.Step{
		Title: fmt.Sprintf("Try %s and the vernemq.conf of then in a throwaway container of %s", b.kept.Image, b.node.Name), Node: b.node.Name,
		Do: b.inFolder(folder, tryBefore, path.Join(shape.ConfDir, shape.ConfFile), then), NoUndo: "it leaves nothing", Timeout: dockerTime,
	}
}

// putBack exchanges the two containers.
func (d *deployment) putBack(b back) {
	n, kept := b.node, shape.KeptName(b.node, b.kept)
	d.tell(b)
	d.shield(b.site)
	if b.exists {
		d.add(quiet(b.site)...)
		d.add(d.halt(b.site)...)
		d.add(keep(b.site))
	}
	d.add(ops.Step{
		Title: "Put the container of before back", Node: n.Name,
		Do: ops.RenameContainer{From: kept, To: n.Container}, Undo: ops.RenameContainer{From: n.Container, To: kept}, Timeout: dockerTime,
	})
	if folder := b.confFolder(); folder != "" {
		d.add(b.restoreConf(folder))
	}
	d.add(
		ops.Step{
			Title: "Let Docker start it again when the host restarts", Node: n.Name,
			Do: ops.SetRestart{Container: n.Container, Policy: "unless-stopped"}, Undo: ops.SetRestart{Container: n.Container, Policy: "no"}, Timeout: dockerTime,
		},
		ops.Step{
			Title: "Start it", Node: n.Name,
			Do: ops.StartContainer{Container: n.Container}, Verify: []string{"container"}, Timeout: dockerTime,
			Undo: ops.StopContainer{Container: n.Container, Grace: shape.StopGrace},
		},
	)
	then := b.site
	then.old, then.gated = b.kept, shape.Gated(b.kept)
	before := *d
	before.w = withoutBroker(d.w, n.Name)
	d.add(before.revive(then)...)
	if then.gated {
		d.prove(then)
	} else {
		d.watch(then, "container", "ip", "broker", "port")
	}
}

// restoreConf is done while no container of the node runs.
func (b back) restoreConf(folder string) ops.Step {
	current := shape.ConfFile + ".next"
	if b.exists {
		current = shape.Backup(b.old)
	}
	at := func(name string) string { return path.Join(onHost, name) }
	return ops.Step{
		Title: "Put the vernemq.conf of then back and keep the current one as " + current, Node: b.node.Name,
		Do:      b.inFolder(folder, confBack, at(shape.ConfFile), at(current), at(shape.Backup(b.kept))),
		Undo:    b.inFolder(folder, confForth, at(shape.ConfFile), at(current)),
		Timeout: dockerTime,
	}
}

// tell says what comes back, and what does not.
func (d *deployment) tell(b back) {
	n := b.node
	d.note("%s: back to %s, %s, which stopped on %s", n.Name, shape.Short(b.kept), b.kept.Image, b.kept.FinishedAt.UTC().Format("2006-01-02 15:04 UTC"))
	if b.kept.Mounts[shape.DataDir] == "" {
		d.note("price: the data of %s lies in that container: messages since then are not in it, and who has joined or left since then is not known to it", n.Name)
	} else if b.exists && b.kept.ImageID != b.old.ImageID {
		warning := ""
		if why := formats(b.old.Image, b.kept.Image); why != "" {
			warning = ", and " + why
		}
		d.note("the data of %s has been written by %s since then; %s must be able to read it%s", n.Name, b.old.Image, b.kept.Image, warning)
	}
	if b.kept.ExitCode != 0 && b.kept.ExitCode != 143 {
		d.note("it had ended with exit status %d: see that it was well before it was replaced", b.kept.ExitCode)
	}
	if n.Image != b.kept.Image {
		d.note("the fleet file still says %s for %s: change it, or the next deploy goes forward again", n.Image, n.Name)
	}
}

// withoutBroker forgets what a broker said of itself: the one that comes back
// may lie in another folder of its image.
func withoutBroker(w ops.World, name string) ops.World {
	w.Seen.Nodes = maps.Clone(w.Seen.Nodes)
	n := w.Seen.Nodes[name]
	n.Broker = facts.Missed[facts.Broker](facts.NotAsked, "")
	w.Seen.Nodes[name] = n
	return w
}
