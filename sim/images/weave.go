package images

import (
	"slices"
	"strings"
	"time"
)

// WeaveVersion is the tag of weave's images, the one that the samples are of.
const WeaveVersion = "2.8.1"

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
	lower := Layer{CreatedBy: "COPY tree / # weave's tools", Size: 16_252_928, Dirs: append(slices.Clone(dirs), "/home/weave"),
		Programs: map[string]Program{}, Links: map[string]string{}}
	o.addTools(lower)
	inner := Layer{CreatedBy: "COPY weaver", Size: 39_424_512, Programs: map[string]Program{}, Files: map[string]File{"/weavedb/weavedata.db": {}}}
	outer := Layer{CreatedBy: "COPY weave's script and helpers", Size: 5_963_776, Programs: map[string]Program{}}
	for at, main := range o.Weave {
		into := inner
		if slices.ContainsFunc(inExec, func(only string) bool { return strings.HasPrefix(at, only) }) {
			into = outer
		}
		into.Programs[at] = Program{"weave " + at, main}
	}
	router := Image{
		Tags: []string{"weaveworks/weave:" + WeaveVersion}, Arch: "amd64", Created: at, Layers: []Layer{lower, inner},
		Config: Config{Entrypoint: []string{"/home/weave/weaver"}, Env: []string{searchPath}, WorkingDir: "/home/weave", Labels: label("Weave Net")},
	}
	exec := router.from("weaveworks/weaveexec:"+WeaveVersion, outer)
	exec.Config.Entrypoint = []string{"/home/weave/sigproxy", "/home/weave/weave"}
	exec.Config.Labels = label("weaveexec")
	db := Image{
		Tags: []string{"weaveworks/weavedb:" + WeaveVersion, "weaveworks/weavedb:latest"}, Arch: "amd64", Created: at,
		Config: Config{Entrypoint: []string{"data-only"}, Labels: label("weavedb")},
		Layers: []Layer{{CreatedBy: "COPY Dockerfile /", Size: 188, Files: map[string]File{"/Dockerfile": {Content: "FROM scratch\n"}}}},
	}
	return []Image{router, exec, db}
}
