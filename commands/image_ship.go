package commands

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
)

var _ = register(Command{
	Name:    "image ship",
	Summary: "Bring an image to hosts from one that has it",
	Help: `Brings the fleet file's image, or --image, to each host of the target that does not
have it, from the nearest host that does, or from --from. The bot reads it there
once, keeps its layers on its own disk, and sends only those that the target
lacks, through the relay of the fleet file where there is one. A host that has
nothing of the image fetches it from the bot through the ssh connection; every
other one, and one whose sshd forwards no port, is brought a file of the missing
layers and loads it. What is cut goes on where it ended, also after the bot was
killed. It is done when the engine there knows the image by its identity.

Nothing that runs is touched and no region is locked. Where the reference is
another image's there, that one loses it and stays. Refused beforehand: a reference
that is several images (say --from), another processor, a disk without room.`,
	Target: NeedsTarget,
	Flags: []Flag{
		{Name: "image", Text: "REF", Help: "this image instead of the fleet file's", Form: imageForm},
		{Name: "from", Text: "NODE", Help: "the node whose host has it, instead of the nearest"},
	},
	Examples: []Example{
		{"image ship eu", "the planned image"},
		{"image ship all --image airdroid/vernemq:2.1.3 --from cn-1", "before deploy all --image airdroid/vernemq:2.1.3"},
	},
	Role: ops.Operator,
	Look: func(ops.Request) Look { return Look{Facts: facts.Need{Library: true}, Fleet: true} },
	Plan: planShip,
})

// carryTime is how long one image may take to one host: some hundred megabytes
// through a poor line.
const carryTime = 2 * time.Hour

// roomAfter is what a disk must have free beside the image.
const roomAfter = 256 << 20

func planShip(r ops.Request, w ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Ship " + cmp.Or(r.Args["image"], "the planned image") + " to " + r.Target}
	var unseen, wrong []string
	hosts := map[string]bool{}
	for _, n := range r.Nodes {
		if hosts[machine(n)] { // two nodes of one host share its images
			continue
		}
		hosts[machine(n)] = true
		c, err := carry(r, w, n)
		switch {
		case ops.CodeOf(err) == ops.Unseen:
			unseen = append(unseen, n.Name+": "+trim(said(err)))
			continue
		case err != nil:
			wrong = append(wrong, n.Name+": "+trim(said(err)))
			continue
		}
		p.Notes = append(p.Notes, c.notes...)
		p.Steps = append(p.Steps, c.steps...)
	}
	return p, notReady(r, unseen, wrong, "image list")
}

// machine is what makes two nodes share a host: where ssh dials.
func machine(n regions.Node) string { return fmt.Sprintf("%s:%d", n.Host, n.SSH.Port) }

// said is an error's sentence without what to type.
func said(err error) string {
	var e *ops.Error
	if errors.As(err, &e) {
		return e.Msg
	}
	return err.Error()
}

// cargo is what one host wants.
type cargo struct {
	notes []string
	steps []ops.Step
}

// carry plans one host.
func carry(r ops.Request, w ops.World, n regions.Node) (c cargo, err error) {
	ref := facts.Canonical(cmp.Or(r.Args["image"], n.Image))
	have, err := library(w, n)
	if err != nil {
		return c, err
	}
	from, image, err := whence(r, w, n, ref)
	if err != nil {
		return c, err
	}
	if old, there := have.Tagged(ref); there && old.ID == image.ID {
		c.notes = append(c.notes, fmt.Sprintf("%s has %s, %s", n.Name, ref, shortID(image.ID)))
		return c, nil
	}
	if err := fits(n, have, image); err != nil {
		return c, err
	}
	if image.Commandless() {
		c.notes = append(c.notes, fmt.Sprintf("%s on the host of %s says nothing of how it starts (no CMD): deploy gives its own command, docker run needs one", ref, from.Name))
	}
	s := ops.Step{
		Title: fmt.Sprintf("Bring %s to the host of %s, proven by its identity", ref, n.Name), Node: n.Name, Timeout: carryTime, Final: true,
		Do: ops.ShipImage{Image: ref, ID: image.ID, From: from.Name, Layers: len(image.Layers), Shared: have.Shared(image.Layers), Size: lacking(have, image)},
	}
	s.Undo, s.Litter = ops.RemoveImage{Ref: ref}, true
	if have.Holds(image.ID) {
		s.Title = fmt.Sprintf("Call %s on the host of %s %s", shortID(image.ID), n.Name, ref)
		s.Do, s.Timeout = ops.TagImage{ID: image.ID, Ref: ref}, time.Minute
		s.Undo, s.Litter, s.NoUndo = nil, false, "to take its only reference away could remove it"
	}
	if old, there := have.Tagged(ref); there {
		s.Undo, s.Litter, s.NoUndo = ops.TagImage{ID: old.ID, Ref: ref}, true, ""
		c.notes = append(c.notes, fmt.Sprintf("%s is %s on the host of %s now: that one loses the reference and stays", ref, shortID(old.ID), n.Name))
	}
	c.steps = append(c.steps, s)
	return c, nil
}

// library is what a host has, or why it cannot be said.
func library(w ops.World, n regions.Node) (facts.Library, error) {
	seen := w.Seen.Nodes[n.Name]
	l, ok := seen.Library.Get()
	switch {
	case !seen.Host.OK():
		return l, ops.Errorf(ops.Unseen, "diagnose "+n.Name, "%s.", trim(seen.Host.Why()))
	case !ok:
		return l, ops.Errorf(ops.Unseen, "diagnose "+n.Name, "%s.", trim(seen.Library.Why()))
	case l.Containerd:
		return l, ops.Errorf(ops.Refused, "image list "+n.Name, "containerd keeps the images of its host, and what it calls an image's id is no proof of what is in it.")
	}
	return l, nil
}

// whence finds the host that the image comes from: the one that was named, or the
// nearest. Hosts that are not to be changed are believed first.
func whence(r ops.Request, w ops.World, to regions.Node, ref string) (regions.Node, facts.Stored, error) {
	if name := r.Args["from"]; name != "" {
		n, known := w.Fleet.Node(name)
		if !known {
			return n, facts.Stored{}, ops.Errorf(ops.Invalid, "image list", "the fleet file names no node %q", name)
		}
		l, err := library(w, n)
		if err != nil {
			return n, facts.Stored{}, err
		}
		image, there := l.Tagged(ref)
		if !there {
			err = ops.Errorf(ops.Failed, "image list", "%s is not on the host of %s", ref, name)
		}
		return n, image, err
	}
	var dark []string
	holders := map[bool][]regions.Node{} // by whether they are to be changed
	for _, n := range w.Fleet.Nodes() {
		l, err := library(w, n)
		if err != nil {
			dark = append(dark, n.Name)
		} else if _, there := l.Tagged(ref); there {
			target := slices.ContainsFunc(r.Nodes, func(t regions.Node) bool { return machine(t) == machine(n) })
			holders[target] = append(holders[target], n)
		}
	}
	for _, targets := range []bool{false, true} {
		if len(holders[targets]) > 0 {
			return nearest(w, holders[targets], to, ref)
		}
	}
	text := ref + " is on no host that can be seen"
	if len(dark) > 0 {
		text += " (not seen: " + strings.Join(dark, ", ") + ")"
	}
	return to, facts.Stored{}, ops.Errorf(ops.Failed, "image list", "%s: build it on one, or docker load it there", text)
}

// nearest chooses among hosts that have the same image. The target itself wins:
// then there is nothing to bring.
func nearest(w ops.World, holders []regions.Node, to regions.Node, ref string) (regions.Node, facts.Stored, error) {
	of := map[string][]string{}
	for _, n := range holders {
		l, _ := w.Seen.Nodes[n.Name].Library.Get()
		image, _ := l.Tagged(ref)
		of[image.ID] = append(of[image.ID], n.Name)
	}
	if len(of) > 1 {
		return to, facts.Stored{}, ops.Errorf(ops.Failed, "image list", "%s is %d images, %s: say which with --from NODE", ref, len(of), each(of))
	}
	best := slices.MinFunc(holders, func(a, b regions.Node) int {
		return cmp.Or(cmp.Compare(away(w, a, to), away(w, b, to)), cmp.Compare(a.Name, b.Name))
	})
	l, _ := w.Seen.Nodes[best.Name].Library.Get()
	image, _ := l.Tagged(ref)
	return best, image, nil
}

func away(w ops.World, n, to regions.Node) time.Duration {
	if machine(n) == machine(to) {
		return -1
	}
	h, _ := w.Seen.Nodes[n.Name].Host.Get()
	return h.RTT.Round(10 * time.Millisecond) // so that two looks choose alike
}

// lacking is how many bytes of the image's layers are not on a host, unpacked; 0
// when the engine did not tell the size of each.
func lacking(have facts.Library, image facts.Stored) (n int64) {
	shared := have.Shared(image.Layers)
	if image.Sizes == nil || shared > len(image.Sizes) {
		return 0
	}
	for _, s := range image.Sizes[shared:] {
		n += s
	}
	return n
}

// fits refuses an image that could not run or be kept there.
func fits(n regions.Node, have facts.Library, image facts.Stored) error {
	if have.Arch != "" && image.Arch != "" && have.Arch != image.Arch {
		return ops.Errorf(ops.Failed, "image list", "it is built for %s and the host is %s", image.Arch, have.Arch)
	}
	if have.Holds(image.ID) {
		return nil
	}
	root, ok := have.Disk.Get()
	if !ok {
		return ops.Errorf(ops.Unseen, "diagnose "+n.Name, "%s", trim(have.Disk.Why()))
	}
	home, ok := have.Home.Get()
	if !ok {
		return ops.Errorf(ops.Unseen, "diagnose "+n.Name, "%s", trim(have.Home.Why()))
	}
	size := cmp.Or(lacking(have, image), image.Size)
	need := size + roomAfter
	if home == root { // the file and what it becomes lie on one disk
		need += size
	}
	switch {
	case root.Free < need:
		return ops.Errorf(ops.Failed, "image prune "+n.Name, "%s has %d MB free, want %d: image prune %s takes what nothing needs", have.Root, root.Free>>20, need>>20, n.Name)
	case home.Free < size:
		return ops.Errorf(ops.Failed, "diagnose "+n.Name, "the login user's folder has %d MB free, want %d: make room there", home.Free>>20, size>>20)
	}
	return nil
}
