package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"vmqbot/lab/command"
)

// image is a directory with a Dockerfile, and the tags that it is built as.
type image struct {
	dir  string
	tags []string
}

// Programs of the root that weave's images need beside busybox. busybox has an
// `ip` of its own that lacks what weave asks of it, and its `sh` would prefer it.
var weaveNeeds = []string{
	"/usr/bin/dash", "/usr/bin/curl", "/usr/bin/ip", "/usr/bin/nsenter", "/usr/sbin/ipset", "/usr/sbin/conntrack",
	"/usr/sbin/xtables-nft-multi", "/usr/sbin/xtables-legacy-multi", "/usr/lib/x86_64-linux-gnu/xtables",
}

var weaveLinks = map[string]string{
	"usr/bin/sh": "dash", "usr/sbin/ip": "../bin/ip",
	"usr/sbin/iptables": "xtables-nft-multi", "usr/sbin/iptables-save": "xtables-nft-multi",
	"usr/sbin/iptables-restore": "xtables-nft-multi", "usr/sbin/ip6tables": "xtables-nft-multi",
}

// weaveImages lays out the three images of Weave Net the way its own
// Dockerfiles do: prog/weaver, prog/weaveexec and prog/weavedb.
func (b *Builder) weaveImages(ctx context.Context, root, weave Artifact, work string) ([]image, error) {
	router, exec, db := filepath.Join(work, "weave"), filepath.Join(work, "weaveexec"), filepath.Join(work, "weavedb")
	tree := filepath.Join(router, "tree")
	if err := baseTree(tree); err != nil {
		return nil, err
	}
	// ldd must run in the root, so weaver's libraries are found through a copy there.
	guest := filepath.Join(root.Dir, "tmp", "weaver")
	defer os.Remove(guest)
	if _, err := command.Run(ctx, "cp", filepath.Join(weave.Dir, "weaver"), guest); err != nil {
		return nil, err
	}
	if err := addPrograms(ctx, root.Dir, tree, append([]string{"/tmp/weaver"}, weaveNeeds...)...); err != nil {
		return nil, err
	}
	for link, target := range weaveLinks {
		if err := os.Symlink(target, filepath.Join(tree, link)); err != nil {
			return nil, err
		}
	}
	if err := addBusybox(ctx, root.Dir, tree); err != nil {
		return nil, err
	}
	copies := [][2]string{
		{"weaver", tree + "/home/weave/weaver"}, {"weave", tree + "/home/weave/weave"}, {"weaveutil", tree + "/usr/bin/weaveutil"},
		{"sigproxy", exec + "/tree/home/weave/sigproxy"}, {"symlink", exec + "/tree/home/weave/symlink"},
		{"weavewait", exec + "/tree/w/w"}, {"weavewait_noop", exec + "/tree/w-noop/w"}, {"weavewait_nomcast", exec + "/tree/w-nomcast/w"},
	}
	for _, c := range copies {
		if _, err := command.Run(ctx, "install", "-D", filepath.Join(weave.Dir, c[0]), c[1]); err != nil {
			return nil, err
		}
	}
	err := errors.Join(os.Remove(tree+"/tmp/weaver"), put(tree, "weavedb/weavedata.db", "", 0o644),
		put(router, "Dockerfile", embedded("weave.dockerfile"), 0o644),
		put(exec, "Dockerfile", fmt.Sprintf(embedded("weaveexec.dockerfile"), weaveVersion), 0o644),
		put(db, "Dockerfile", embedded("weavedb.dockerfile"), 0o644))
	return []image{
		{router, []string{"weaveworks/weave:" + weaveVersion}},
		{exec, []string{"weaveworks/weaveexec:" + weaveVersion}},
		{db, []string{"weaveworks/weavedb:latest", "weaveworks/weavedb:" + weaveVersion}},
	}, err
}
