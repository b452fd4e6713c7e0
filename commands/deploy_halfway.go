package commands

import (
	"slices"

	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/shape"
)

// What an interrupted deploy leaves is known by the container that it prepared:
// no other verb makes one of that name.

// prepared is the container that an interrupted deploy has left.
func prepared(s site) (facts.Container, bool) {
	docker, _ := s.seen.Docker.Get()
	i := slices.IndexFunc(docker.Containers, func(c facts.Container) bool { return c.Name == shape.NextName(s.node) })
	if i < 0 {
		return facts.Container{}, false
	}
	return docker.Containers[i], true
}

// stranded is the container that an interrupted deploy has stopped and kept,
// with nothing in its place yet.
func stranded(s site) (facts.Container, bool) {
	if _, half := prepared(s); s.exists || !half {
		return facts.Container{}, false
	}
	kept := keptOf(s)
	if len(kept) == 0 {
		return facts.Container{}, false
	}
	return kept[0], true
}

// halfCopied reports that the data folder holds what an interrupted deploy has
// copied there: the folder was empty when that one began, and the broker whose
// data it is does not run.
func halfCopied(s site) bool {
	_, half := prepared(s)
	return half && s.exists && !s.old.Running
}

// clear moves an unfinished copy out of the way; nothing is deleted.
func (d *deployment) clear(s site) []ops.Step {
	next, _ := prepared(s)
	there, _ := s.ground.Data.Get()
	if there == 0 || !halfCopied(s) {
		return nil
	}
	step := d.moveAside(s, shape.Short(next))
	step.Title = "Move what an interrupted deploy has copied for " + s.node.Name + " aside"
	return []ops.Step{step}
}

// again makes a container of a member serve that does not run, because an
// interrupted deploy has stopped it: a failure must not leave the node without
// a broker.
func (d *deployment) again(s site) []ops.Step {
	if s.old.Running || !s.member {
		return nil
	}
	return append(append(policy(s), startContainer(s.node)), d.serveAgain(s)...)
}

// policy lets Docker start a container again that an interrupted verb has kept
// from that.
func policy(s site) []ops.Step {
	if !s.gated || s.old.RestartPolicy != "no" {
		return nil
	}
	return []ops.Step{startsAgain(s)}
}

// bringBack undoes what an interrupted deploy had done before this one.
func (d *deployment) bringBack(s site) []ops.Step {
	kept, ok := stranded(s)
	if !ok {
		return nil
	}
	s.old, s.gated = kept, shape.Gated(kept)
	back := ops.Step{
		Title: "Give the kept container of " + s.node.Name + " its name again", Node: s.node.Name, Timeout: dockerTime,
		Do: ops.RenameContainer{From: kept.Name, To: s.node.Container}, NoUndo: "it had this name",
	}
	return append([]ops.Step{back}, d.again(s)...)
}
