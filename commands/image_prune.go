package commands

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
)

var _ = register(Command{
	Name:    "image prune",
	Summary: "Remove broker images that nothing needs",
	Help: `Removes, on each host of the target, images of the fleet file's repositories, and
images without any reference, that nothing needs. Never: what a container is made
of, whether it runs or was kept for rollback; what the fleet file names for any
node; the newest --keep of the others, which may have been shipped for the next
deploy; and other people's images, weave's among them. Nothing is forced, so
Docker itself refuses what came into use meanwhile.

An image that another host keeps can be brought back with image ship. The plan
says which are the last of their kind.`,
	Target: NeedsTarget,
	Flags: []Flag{
		{Name: "keep", Number: true, Default: 2, Min: 0, Max: 20, Help: "so many of the newest that nothing needs stay"},
	},
	Examples: []Example{
		{"image prune eu", "the hosts of one region"},
		{"image prune all --keep 0", "everything that nothing needs"},
	},
	Role: ops.Operator,
	Look: func(ops.Request) Look { return Look{Facts: facts.Need{Library: true}, Fleet: true} },
	Plan: planPrune,
})

func planPrune(r ops.Request, w ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Prune the images of " + r.Target}
	var unseen []string
	gone := map[string][]facts.Stored{} // by host
	for _, n := range r.Nodes {
		l, err := library(w, n)
		docker, ok := w.Seen.Nodes[n.Name].Docker.Get()
		switch {
		case err != nil:
			unseen = append(unseen, n.Name+": "+trim(said(err)))
		case !ok: // which containers there are decides everything
			unseen = append(unseen, n.Name+": "+trim(w.Seen.Nodes[n.Name].Docker.Why()))
		default:
			gone[machine(n)] = idle(w, l, docker, r.Number("keep"))
		}
	}
	if len(unseen) > 0 {
		return p, notReady(r, unseen, nil, "")
	}
	done := map[string]bool{}
	for _, n := range r.Nodes {
		switch {
		case done[machine(n)]: // two nodes of one host share its images
			continue
		case len(gone[machine(n)]) == 0:
			p.Notes = append(p.Notes, n.Name+" has no image that nothing needs")
		default:
			p.Locks = with(p.Locks, n.Region)
		}
		done[machine(n)] = true
		for _, i := range gone[machine(n)] {
			p.Steps = append(p.Steps, removal(w, n, i, gone)...)
		}
	}
	return p, nil
}

// idle are the images that nothing needs, but for the newest ones.
func idle(w ops.World, l facts.Library, docker facts.Docker, keep int) []facts.Stored {
	var repos, planned []string
	for _, n := range w.Fleet.Nodes() {
		ref := facts.Canonical(n.Image)
		planned, repos = append(planned, ref), append(repos, repository(ref))
	}
	var free []facts.Stored
	for _, i := range newestFirst(l.Images) {
		ours := !slices.ContainsFunc(i.Tags, func(t string) bool { return !slices.Contains(repos, repository(t)) })
		switch {
		case !ours:
		case slices.ContainsFunc(i.Tags, func(t string) bool { return slices.Contains(planned, t) }):
		case slices.ContainsFunc(docker.Containers, func(c facts.Container) bool { return c.ImageID == i.ID || c.ImageID == "" }):
		case len(i.Tags) > 0 && keep > 0:
			keep--
		default:
			free = append(free, i)
		}
	}
	return free
}

// repository is a reference without its tag or digest.
func repository(ref string) string {
	ref, _, _ = strings.Cut(ref, "@")
	if at := strings.LastIndex(ref, ":"); at > strings.LastIndex(ref, "/") {
		return ref[:at]
	}
	return ref
}

// removal takes one image away, reference by reference. gone are all that go, by
// host: what goes as well brings nothing back.
func removal(w ops.World, n regions.Node, i facts.Stored, gone map[string][]facts.Stored) []ops.Step {
	back := "no other host that can be seen keeps this image"
	for _, o := range w.Fleet.Nodes() {
		l, _ := w.Seen.Nodes[o.Name].Library.Get()
		s, there := l.Of(i.ID)
		goes := slices.ContainsFunc(gone[machine(o)], func(g facts.Stored) bool { return g.ID == i.ID })
		if there && !goes && machine(o) != machine(n) && len(s.Tags) > 0 {
			back = fmt.Sprintf("image ship %s --image %s --from %s brings it back", n.Name, s.Tags[0], o.Name)
			break
		}
	}
	names := i.Tags
	if len(names) == 0 {
		names = []string{i.ID}
	}
	var steps []ops.Step
	for _, name := range names {
		steps = append(steps, ops.Step{
			Title: fmt.Sprintf("Remove %s (%s, %s) from the host of %s", ops.ShortID(name), shortID(i.ID), size(i.Size), n.Name), Node: n.Name,
			Do: ops.RemoveImage{Ref: name}, NoUndo: back, Timeout: time.Minute,
		})
	}
	return steps
}
