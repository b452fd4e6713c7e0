package build

import (
	"context"
	"os"
	"path/filepath"

	"vmqbot/lab/command"
	"vmqbot/lab/world"
)

// beam is where the stand-in's one binary lies: where the real broker has its
// virtual machine. Everything else is a link to it.
const beam = world.Release + "/erts-10/bin/beam.smp"

var brokerLinks = []string{
	world.Release + "/erts-10/bin/escript", world.Release + "/bin/nodetool", world.Release + "/bin/vernemq", world.Release + "/bin/vmq-admin",
	"/usr/sbin/vernemq", "/usr/sbin/vmq-admin", "/usr/sbin/start_vernemq",
}

// Standin builds the program that stands in for VerneMQ and returns its path
// and its digest. $LAB_STANDIN names one that is built already.
func (b *Builder) Standin(ctx context.Context) (path, digest string, err error) {
	path = os.Getenv("LAB_STANDIN")
	if path == "" {
		path = filepath.Join(b.Places.Cache, "standin")
		build := command.Cmd{
			Argv: []string{"go", "build", "-ldflags", "-s -w", "-o", path, "./lab/broker/cmd/standin"},
			Dir:  b.Places.Repo, Env: []string{"CGO_ENABLED=0"},
		}
		if _, err := build.Run(ctx); err != nil {
			return "", "", err
		}
	}
	text, err := os.ReadFile(path)
	return path, keyOf(string(text)), err
}

// twin is a second name of the binary, for images that put something else at
// beam: a hard link, which costs no space in a layer.
const twin = world.Release + "/lib/standin"

// brokerTree lays out the release from busybox and the stand-in.
func (b *Builder) brokerTree(ctx context.Context, root Artifact, standin, tree string) error {
	if err := baseTree(tree); err != nil {
		return err
	}
	if err := addBusybox(ctx, root.Dir, tree); err != nil {
		return err
	}
	if _, err := command.Run(ctx, "install", "-D", standin, tree+beam); err != nil {
		return err
	}
	for _, link := range append([]string{twin}, brokerLinks...) {
		at := filepath.Join(tree, link)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			return err
		}
		if link == twin {
			if err := os.Link(tree+beam, at); err != nil {
				return err
			}
		} else if err := os.Symlink(beam, at); err != nil {
			return err
		}
	}
	return nil
}
