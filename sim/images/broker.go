package images

import (
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"vmqbot/lab/world"
	"vmqbot/sim/kernel"
)

// Where the release has its programs: one binary that the others are links to,
// as in the lab, and a second name of it for images with something else there.
const (
	beam  = world.Release + "/erts-10/bin/beam.smp"
	twin  = world.Release + "/lib/standin"
	tools = "/usr/bin"
)

var (
	releaseLinks = []string{
		world.Release + "/erts-10/bin/escript", world.Release + "/bin/nodetool", world.Release + "/bin/vernemq", world.Release + "/bin/vmq-admin",
		"/usr/sbin/vernemq", "/usr/sbin/vmq-admin", "/usr/sbin/start_vernemq",
	}
	dirs = []string{"/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64", "/etc", "/tmp", "/var/log", "/var/lib", "/root", "/run"}

	searchPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
	built      = time.Date(2025, 11, 3, 9, 20, 11, 0, time.UTC)
)

// baseSize is what busybox and the release take, in bytes.
const baseSize = 11_534_336

// Broker are the images of airdroid/vernemq: the two versions, and those with
// which a deploy goes wrong.
func Broker(o Options) []Image {
	base := o.base()
	return []Image{base, older(base), newer(base), broken(base, o), badConf(base), noBroker(base), noShell(base), foreign(base), imported(base)}
}

// base is 2.1.2, which all others are made from.
func (o Options) base() Image {
	i := Image{
		Tags: []string{world.BrokerImage}, Arch: "amd64", Created: built, Dirs: dirs, Files: map[string]File{},
		Config: Config{
			Cmd: []string{"start_vernemq"}, Env: []string{searchPath, "VERNEMQ_VERSION=2.1.2"},
			ExposedPorts: []string{"1883/tcp", "1889/tcp", "1900/tcp"},
		},
		Layers:   []Layer{layer("busybox and the release", baseSize)},
		Programs: map[string]kernel.Program{beam: o.standin, twin: o.standin},
		Links:    map[string]string{},
	}
	for _, at := range releaseLinks {
		i.link(at, beam)
	}
	o.addTools(i)
	return i
}

// addTools puts the tools where busybox has its links; /bin is /usr/bin.
func (o Options) addTools(i Image) {
	for name, main := range o.Tools {
		i.Programs[path.Join(tools, name)] = main
		i.Links[path.Join("/bin", name)] = path.Join(tools, name)
	}
}

// link makes another name of a program; /sbin is /usr/sbin.
func (i Image) link(at, to string) {
	i.Links[at] = to
	if short, ok := strings.CutPrefix(at, "/usr/sbin/"); ok {
		i.Links["/sbin/"+short] = to
	}
}

// from is an image that begins as another one, with maps of its own.
func (i Image) from(tag string, more ...Layer) Image {
	i.Tags = []string{tag}
	i.Created = i.Created.Add(time.Minute)
	i.Layers = append(slices.Clone(i.Layers), more...)
	i.Config.Env = slices.Clone(i.Config.Env)
	i.Files, i.Programs, i.Links = maps.Clone(i.Files), maps.Clone(i.Programs), maps.Clone(i.Links)
	return i
}

// remove takes what lies below a path out of the image.
func (i Image) remove(below string) {
	within := func(at string) bool { return at == below || strings.HasPrefix(at, below+"/") }
	maps.DeleteFunc(i.Programs, func(at string, _ kernel.Program) bool { return within(at) })
	maps.DeleteFunc(i.Links, func(at, to string) bool { return within(at) || within(to) })
	maps.DeleteFunc(i.Files, func(at string, _ File) bool { return within(at) })
}
