package sim

import (
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/go-connections/nat"

	"vmqbot/sim/dockerd"
	"vmqbot/sim/images"
	"vmqbot/sim/kernel"
	"vmqbot/sim/shell"
	"vmqbot/sim/tools"
	"vmqbot/sim/weavenet"
)

// equip gives a region host Docker with its images, and Weave Net.
func (h *host) equip() (err error) {
	f := h.f
	h.engine, err = dockerd.New(dockerd.Options{
		Machine: kernel.Boot(h.site.Name, f.fabric.Space(h.site.Name), h.root), // until it is switched on
		Fabric:  f.fabric, Library: f.library, Pace: f.o.Pace, Haste: f.haste,
	})
	if err != nil {
		return err
	}
	for _, i := range f.images {
		if _, err := h.engine.AddImage(i); err != nil {
			return err
		}
	}
	h.weave = f.overlay.Host(h.site.Name, weaveDocker{h.engine}, weavenet.HostOptions{FastDP: true})
	h.install(map[string]kernel.Program{
		"/usr/bin/docker": dockerd.CLI, weaveProgram: h.weave.Script, "/usr/sbin/service": h.service, "/usr/bin/umount": h.umount,
	})
	return h.writeWeave()
}

// weaveProgram is what the script weave runs here: the real one is the script.
const weaveProgram = "/usr/lib/weave/weave"

// writeWeave puts the script on the host, as a file that can be copied and lost.
func (h *host) writeWeave() error {
	return h.writeAs("/usr/local/bin/weave", 0o755, "#!/bin/sh\nset -e\n\nSCRIPT_VERSION=\""+images.WeaveVersion+"\"\nDOCKERHUB_USER=${DOCKERHUB_USER:-weaveworks}\nexec "+weaveProgram+" \"$@\"\n")
}

// service is Debian's program of that name, for Docker.
func (h *host) service(p *kernel.Process) int {
	down := func(kill bool) error { return h.turn(p, func() error { h.engine.Down(kill); return nil }) }
	up := func() error {
		if err := h.turn(p, h.engine.Up); err != nil {
			return err
		}
		return h.engine.Await(p.Context())
	}
	var err error
	verb := strings.Join(p.Argv[1:], " ")
	switch verb {
	case "docker stop":
		err = down(false)
	case "docker kill":
		err = down(true)
	case "docker restart":
		if err = down(false); err == nil {
			err = up()
		}
	case "docker start":
		err = up()
	default:
		p.Errorf("%s: unrecognized service\n", path.Base(strings.TrimSpace(verb)))
		return 1
	}
	if err != nil {
		p.Errorf("service: %v\n", err)
		return 1
	}
	return 0
}

// turn starts or ends the daemon for a program of the machine that runs now: one
// whose machine has gone off meanwhile is too late.
func (h *host) turn(p *kernel.Process, do func() error) error {
	h.turning.Lock()
	defer h.turning.Unlock()
	if h.live.Load() != p.Machine {
		return errOff
	}
	return do()
}

var errOff = errors.New("the machine is going off")

// imagesOf makes the images that every region host has, for Docker.
func (f *Fleet) imagesOf() []dockerd.Image {
	byName := map[string]kernel.Program{}
	for at, main := range tools.Programs() {
		byName[path.Base(at)] = main
	}
	byName["sh"] = shell.Main
	weaver := func(p *kernel.Process) int { return f.host(p.Machine).weave.Router(p) }
	script := func(p *kernel.Process) int { return f.host(p.Machine).weave.Script(p) }
	all := images.All(images.Options{Tools: byName, Pace: f.o.Pace, Haste: f.haste, Halved: f.halves, Weave: map[string]kernel.Program{"/home/weave/weaver": weaver, "/home/weave/weave": script}})
	list := make([]dockerd.Image, len(all))
	for i, image := range all {
		list[i] = imageOf(image)
	}
	return list
}

// imageOf writes an image down for Docker. A layer that takes something away
// has no form here: such an image is one layer.
func imageOf(i images.Image) dockerd.Image {
	layers := i.Layers
	if slices.ContainsFunc(layers, func(l images.Layer) bool { return len(l.Removed) > 0 }) {
		layers = []images.Layer{i.Flat()}
	}
	made := dockerd.Image{Tags: i.Tags, Arch: i.Arch, Created: i.Created, Comment: i.Comment}
	for _, l := range layers {
		n := dockerd.Layer{CreatedBy: l.CreatedBy, Dirs: l.Dirs, Links: l.Links, Files: map[string]dockerd.File{}, Programs: map[string]dockerd.Program{}}
		for at, file := range l.Files {
			n.Files[at] = dockerd.File(file)
		}
		for at, program := range l.Programs {
			n.Programs[at] = dockerd.Program(program)
		}
		made.Layers = append(made.Layers, n)
	}
	c := i.Config
	made.Config = container.Config{Cmd: c.Cmd, Entrypoint: c.Entrypoint, Env: c.Env, User: c.User, WorkingDir: c.WorkingDir, Labels: c.Labels}
	for _, v := range c.Volumes {
		if made.Config.Volumes == nil {
			made.Config.Volumes = map[string]struct{}{}
		}
		made.Config.Volumes[v] = struct{}{}
	}
	for _, p := range c.ExposedPorts {
		if made.Config.ExposedPorts == nil {
			made.Config.ExposedPorts = nat.PortSet{}
		}
		made.Config.ExposedPorts[nat.Port(p)] = struct{}{}
	}
	return made
}
