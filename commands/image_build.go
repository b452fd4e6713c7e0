package commands

import (
	"cmp"
	"regexp"
	"time"

	"vmqbot/facts"
	"vmqbot/images/vernemq"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

var _ = register(Command{
	Name:    "image build",
	Summary: "Build VerneMQ's image on a host from a release archive",
	Help: `Builds an image on the host of one node, with its own Docker, from an archive of a
VerneMQ release that lies there (--archive, an absolute path): four layers that
change at different times, the system, what VerneMQ needs of it, the release and
its configuration, so that image ship sends only what is new. The base is --base,
which must be on the host already; --bare installs no package into it.

Of the same base, packages and archive comes the same image, whoever builds it:
its files are all of one time and root's, and what Docker notes of the build goes.
What runs is not touched. The files of the build are in images/vernemq of this
program's sources, with an unproven way from VerneMQ's sources to an archive.`,
	Target: NeedsTarget,
	Flags: []Flag{
		{Name: "archive", Text: "PATH", Help: "the release, as .tar.gz, on that host", Form: pathForm},
		{Name: "image", Text: "REF", Help: "call it this; the tag is the version", Form: imageForm},
		{Name: "base", Text: "REF", Help: "the image to stand on; " + vernemq.Base + " when it is left out", Form: imageForm},
		{Name: "bare", Help: "the base has everything that VerneMQ needs"},
	},
	Examples: []Example{
		{"image build cn-1 --archive /srv/vernemq-2.1.4.tar.gz --image airdroid/vernemq:2.1.4", "then image ship and deploy"},
		{"image build cn-1 --archive /srv/vernemq.tar.gz --image airdroid/vernemq:try --base almalinux:9 --bare", "on another system"},
	},
	Role: ops.Operator,
	Look: func(ops.Request) Look { return Look{Facts: facts.Need{Library: true}} },
	Plan: planBuild,
})

var plainPath = regexp.MustCompile(`^(/[A-Za-z0-9_+][A-Za-z0-9._+-]*)+$`)

func pathForm(s string) string {
	if plainPath.MatchString(s) {
		return ""
	}
	return "is no absolute path of plain names, like /srv/vernemq-2.1.3.tar.gz"
}

const (
	buildFolder = ".vmqbot-build" // in the login user's folder
	buildTime   = time.Hour
	buildRoom   = 2 << 30 // what a build may take of a disk, in bytes
)

// building is a reference that nobody else uses, until the image has its own.
const building = "vmqbot-build:latest"

func planBuild(r ops.Request, w ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Build an image on the host of " + r.Target}
	if len(r.Nodes) != 1 {
		return p, ops.Errorf(ops.Invalid, "help image build", "%s are %d nodes; an image is built on one host: name a node.", r.Target, len(r.Nodes))
	}
	n := r.Nodes[0]
	p.Title = "Build an image on the host of " + n.Name
	archive := r.Args["archive"]
	ref := r.Args["image"]
	switch {
	case archive == "":
		return p, ops.Errorf(ops.Invalid, "help image build", "There is no archive to build of: say --archive /PATH on the host of %s.", n.Name)
	case ref == "":
		return p, ops.Errorf(ops.Invalid, "help image build", "The image has no name: say --image REF, with the version as its tag.")
	}
	ref = facts.Canonical(ref)
	have, err := library(w, n)
	if err != nil {
		return p, err
	}
	base := facts.Canonical(cmp.Or(r.Args["base"], vernemq.Base))
	image, there := have.Tagged(base)
	disk, seen := have.Disk.Get()
	home, homeSeen := have.Home.Get()
	switch {
	case !there:
		return p, ops.Errorf(ops.Failed, "image list "+n.Name, "The base %s is not on the host of %s: docker pull it there, or name one that is with --base.", base, n.Name)
	case !seen || !homeSeen:
		return p, ops.Errorf(ops.Unseen, "diagnose "+n.Name, "%s.", trim(cmp.Or(have.Disk.Why(), have.Home.Why())))
	case disk.Free < buildRoom || home.Free < buildRoom:
		return p, ops.Errorf(ops.Failed, "image prune "+n.Name, "The host of %s has %d MB free under %s and %d MB in the login user's folder, want %d in both.", n.Name, disk.Free>>20, have.Root, home.Free>>20, int64(buildRoom)>>20)
	}
	p.Notes = append(p.Notes, "the base "+base+" is "+shortID(image.ID)+" on the host of "+n.Name)
	var undo ops.Action = ops.RemoveImage{Ref: ref}
	if old, there := have.Tagged(ref); there {
		p.Notes = append(p.Notes, ref+" is "+shortID(old.ID)+" there now: that one loses the reference and stays, unless the build makes the same")
		undo = ops.TagImage{ID: old.ID, Ref: ref}
	}
	p.Steps = buildSteps(n, ref, undo, vernemq.Build{Folder: buildFolder, Ref: building, Base: base, Bare: r.Flag("bare")}, []string{buildFolder, archive, ""})
	return p, nil
}

func buildSteps(n regions.Node, ref string, undo ops.Action, b vernemq.Build, layOut []string) []ops.Step {
	tidy := ops.Run{Argv: secret.Words("rm", "-rf", buildFolder)}
	file := func(name, content string, mode uint32) ops.Step {
		return ops.Step{Title: "Put " + name + " beside it", Node: n.Name, Timeout: time.Minute, NoUndo: "it goes with the folder",
			Do: ops.WriteFile{Path: buildFolder + "/" + name, Content: []byte(content), Mode: mode}}
	}
	return []ops.Step{
		{Title: "Lay out the build in " + buildFolder, Node: n.Name, Timeout: 10 * time.Minute, Undo: tidy, Litter: true,
			Do: ops.Script{Says: "copy the archive " + layOut[1] + " into a folder of its own", Text: vernemq.LayOut, Args: layOut}},
		file("Dockerfile", vernemq.Dockerfile, 0o644),
		file("start_vernemq", vernemq.Start, 0o755),
		{Title: "Build the image", Node: n.Name, Timeout: buildTime, Do: ops.Run{Argv: secret.Words(b.Argv()...)},
			Undo: ops.RemoveImage{Ref: building}, Litter: true},
		{Title: "Call it " + ref, Node: n.Name, Timeout: 10 * time.Minute, Do: ops.SettleImage{Built: building, Ref: ref, Epoch: vernemq.Epoch}, Undo: undo, Litter: true},
		{Title: "Clear up", Node: n.Name, Timeout: time.Minute, Do: tidy, NoUndo: "nothing needs it any more", Final: true},
	}
}
