package images

import (
	"path"
	"slices"
	"strings"
	"time"

	"vmqbot/lab/world"
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

// Broker are the images of airdroid/vernemq: the versions, and those with
// which a deploy goes wrong.
func Broker(o Options) []Image {
	base := o.base()
	return []Image{base, older(base), newer(base), broken(base, o), badConf(base), noBroker(base), noShell(base), foreign(base), imported(base)}
}

// base is 2.1.2, which all others are made from.
func (o Options) base() Image {
	standin := Program{"vernemq", o.standin}
	l := Layer{
		CreatedBy: "COPY tree / # buildkit", Size: baseSize, Dirs: dirs,
		Programs: map[string]Program{beam: standin, twin: standin}, Links: linksTo(beam),
	}
	o.addTools(l)
	return Image{
		Tags: []string{world.BrokerImage}, Arch: "amd64", Created: built, Layers: []Layer{l},
		Config: Config{
			Cmd: []string{"start_vernemq"}, Env: []string{searchPath, "VERNEMQ_VERSION=2.1.2"},
			ExposedPorts: []string{"1883/tcp", "1889/tcp", "1900/tcp"},
		},
	}
}

// addTools puts the tools where busybox has its links; /bin is /usr/bin.
func (o Options) addTools(l Layer) {
	for name, main := range o.Tools {
		name = path.Base(name)
		l.Programs[path.Join(tools, name)] = Program{"tool " + name, main}
		l.Links[path.Join("/bin", name)] = path.Join(tools, name)
	}
}

// linksTo are the release's other names of a program; /sbin is /usr/sbin.
func linksTo(program string) map[string]string {
	links := map[string]string{}
	for _, at := range releaseLinks {
		links[at] = program
		if short, ok := strings.CutPrefix(at, "/usr/sbin/"); ok {
			links["/sbin/"+short] = program
		}
	}
	return links
}

// from is an image that begins as another one.
func (i Image) from(tag string, more ...Layer) Image {
	i.Tags = []string{tag}
	i.Created = i.Created.Add(time.Minute)
	i.Layers = append(slices.Clone(i.Layers), more...)
	i.Config.Env = slices.Clone(i.Config.Env)
	return i
}
