package images

import (
	"slices"
	"strings"
	"time"

	"vmqbot/sim/kernel"
)

// weaveVersion is the tag of weave's images, the one that the samples are of.
const weaveVersion = "2.8.1"

// inExec are the folders whose programs only weaveexec has: they are copied
// into it on top of the router's image.
var inExec = []string{"/home/weave/sigproxy", "/home/weave/symlink", "/w/", "/w-noop/", "/w-nomcast/"}

// Weave are Weave Net's three images, laid out as its Dockerfiles do:
// /home/weave/weaver and /home/weave/weave and /usr/bin/weaveutil in the
// router's, /home/weave/sigproxy and /w*/w beside them in weaveexec, and
// nothing that runs in weavedb.
func Weave(o Options) []Image {
	at := time.Date(2021, 1, 25, 16, 2, 33, 0, time.UTC)
	label := func(title string) map[string]string {
		return map[string]string{"works.weave.role": "system", "org.opencontainers.image.title": title}
	}
	router := Image{
		Tags: []string{"weaveworks/weave:" + weaveVersion}, Arch: "amd64", Created: at, Dirs: append(slices.Clone(dirs), "/home/weave", "/weavedb"),
		Config: Config{Entrypoint: []string{"/home/weave/weaver"}, Env: []string{searchPath}, WorkingDir: "/home/weave", Labels: label("Weave Net")},
		Layers: []Layer{layer("weave's tools", 16_252_928), layer("the router", 39_424_512)},
		Files:  map[string]File{"/weavedb/weavedata.db": {0o644, ""}}, Programs: map[string]kernel.Program{}, Links: map[string]string{},
	}
	o.addTools(router)
	exec := router.from("weaveworks/weaveexec:"+weaveVersion, layer("weave's script and helpers", 5_963_776))
	exec.Config.Entrypoint = []string{"/home/weave/sigproxy", "/home/weave/weave"}
	exec.Config.Labels = label("weaveexec")
	for at, main := range o.Weave {
		exec.Programs[at] = main
		if !slices.ContainsFunc(inExec, func(only string) bool { return strings.HasPrefix(at, only) }) {
			router.Programs[at] = main
		}
	}
	db := Image{
		Tags: []string{"weaveworks/weavedb:" + weaveVersion, "weaveworks/weavedb:latest"}, Arch: "amd64", Created: at,
		Config: Config{Entrypoint: []string{"data-only"}, Labels: label("weavedb")},
		Layers: []Layer{layer("weavedb", 188)}, Files: map[string]File{"/Dockerfile": {0o644, "FROM scratch\n"}},
		Programs: map[string]kernel.Program{}, Links: map[string]string{},
	}
	return []Image{router, exec, db}
}
