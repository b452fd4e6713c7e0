package commands

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/shape"
)

var _ = register(Command{
	Name:    "rollback",
	Summary: "Put the container back that a deploy replaced",
	Help: `Every deploy keeps the container that it replaced, stopped, under its name and the
first digits of its id; rollbacks lists them. Rollback stops the current
container cleanly and keeps it in the same way, puts the kept one back with the
vernemq.conf that it ran with, starts it, gives it its address, and waits until
messages have crossed both ways. So a second rollback goes forward again.

Before anything stops it refuses while a member that would be left to serve is
not well, and where the vernemq.conf of then names another metadata_plugin than the
data is in; it tries the image and the vernemq.conf of then in a throwaway
container. The data folder is the same for both containers: it is not turned
back. A container of the runbook that has its data inside comes back with the
messages of then.`,
	Target: NeedsTarget,
	Flags: []Flag{
		{Name: "to", Text: "ID", Help: "this kept container instead of the newest: the first digits of its id", Form: idForm},
		{Name: "soak", Number: true, Default: 10, Min: 0, Max: 3600, Help: "seconds that each node must stay well before the next one; the first has three times as long"},
	},
	Examples: []Example{
		{"rollback eu", "the container before, on every node of eu, one after the other"},
		{"rollback eu-1 --to 3f9c2a71b604", "this one"},
	},
	Role: ops.Operator,
	Undo: func(r ops.Request) string { return "rollback " + r.Target },
	Look: func(ops.Request) Look { return Look{Facts: rollbackNeed, Fleet: true} },
	Plan: planRollback,
	Refuse: func(r ops.Request) error {
		if r.Args["to"] != "" && len(r.Nodes) > 1 {
			return ops.Errorf(ops.Refused, "rollbacks "+r.Target, "A kept container belongs to one node: name the node with --to.")
		}
		return nil
	},
})

// rollbackNeed also looks for the images of the kept containers, and for the
// files that they ran with.
var rollbackNeed = workNeed.And(facts.Need{Images: true, Kept: true})

var containerID = regexp.MustCompile(`^[0-9a-f]{4,64}$`)

func idForm(s string) string {
	if containerID.MatchString(s) {
		return ""
	}
	return "is no container's id: four digits or more from 0 to f, as rollbacks shows them"
}

func planRollback(r ops.Request, w ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Roll back " + r.Target}
	d, sites, err := atWork(r, w, &p)
	if err != nil {
		return p, err
	}
	d.soaked = false
	var backs []back
	for _, s := range sites {
		b, err := d.choose(s)
		if err != nil {
			return p, err
		}
		if b.kept.ID != s.old.ID {
			backs = append(backs, b)
		}
	}
	for _, b := range backs {
		d.add(b.try())
	}
	for _, b := range backs {
		d.putBack(b)
		p.Locks = with(p.Locks, b.node.Region)
	}
	if len(backs) > 0 {
		d.close()
	}
	return p, nil
}

// back is one node and the container that comes back.
type back struct {
	site
	kept facts.Container
}

// choose finds the container that is to come back, and refuses when it cannot.
func (d *deployment) choose(s site) (back, error) {
	n, to := s.node, d.r.Args["to"]
	all := keptOf(s)
	if to != "" && s.exists && strings.HasPrefix(s.old.ID, to) {
		d.note("%s runs %s already", n.Name, shape.Short(s.old))
		return back{s, s.old}, nil
	}
	found := slices.DeleteFunc(slices.Clone(all), func(c facts.Container) bool { return !strings.HasPrefix(c.ID, to) })
	switch {
	case len(all) == 0:
		return back{}, ops.Errorf(ops.Failed, "ps "+n.Name, "There is nothing to go back to: no deploy has kept a container on the host of %s.", n.Name)
	case len(found) == 0:
		return back{}, ops.Errorf(ops.Failed, "rollbacks "+n.Name, "There is no kept container %s of %s; there is %s.", to, n.Name, listKept(all))
	case to != "" && len(found) > 1:
		return back{}, ops.Errorf(ops.Failed, "rollbacks "+n.Name, "%s is the beginning of several: %s.", to, listKept(found))
	}
	b := back{s, found[0]}
	return b, d.fitToReturn(b)
}

// keptOf are the kept containers of a node, the one that stopped last first.
func keptOf(s site) []facts.Container {
	all := slices.DeleteFunc(slices.Clone(s.ground.Kept), func(c facts.Container) bool {
		return c.ID == s.old.ID || c.Name != shape.KeptName(s.node, c)
	})
	slices.SortStableFunc(all, func(a, b facts.Container) int { return b.FinishedAt.Compare(a.FinishedAt) })
	return all
}

func listKept(all []facts.Container) string {
	var words []string
	for _, c := range all {
		words = append(words, fmt.Sprintf("%s (%s)", shape.Short(c), c.Image))
	}
	return strings.Join(words, ", ")
}

// fitToReturn refuses a container that cannot serve again.
func (d *deployment) fitToReturn(b back) error {
	n := b.node
	images, seen := b.seen.Images.Get()
	switch {
	case !seen:
		return ops.Errorf(ops.Unseen, "image list "+n.Name, "Nothing was done, because whether the image of %s is still on the host of %s cannot be seen: %s.", shape.Short(b.kept), n.Name, trim(b.seen.Images.Why()))
	case !slices.ContainsFunc(images, func(i facts.Image) bool { return i.ID == b.kept.ImageID }):
		return ops.Errorf(ops.Failed, "image list "+n.Name, "Nothing was done: the image of %s (%s, %s) is not on the host of %s any more; bring it back with docker load, or take another with --to.", shape.Short(b.kept), b.kept.Image, shortID(b.kept.ImageID), n.Name)
	case b.kept.Running:
		return ops.Errorf(ops.Failed, "ps "+n.Name, "Nothing was done: the kept container %s runs; two brokers of one node must not.", b.kept.Name)
	case !b.member && len(d.members) > 0:
		return ops.Errorf(ops.Failed, "replace "+n.Name, "Nothing was done: %s is no member of the cluster, and a container of before would come back as a broker of its own.", n.Name)
	}
	return d.readsData(b)
}
