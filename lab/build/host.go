package build

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"vmqbot/lab/command"
)

// wrapper is the path of the program that stands before runc on the machine.
func (b *Builder) wrapper() string { return filepath.Join(b.Places.Cache, "lab-runc") }

// HostTree is a directory from which Docker builds the host image on top of
// the root's: the lab's own files, and a Dockerfile.
func (b *Builder) HostTree(ctx context.Context, root, weave Artifact) (Artifact, error) {
	runc := b.wrapper()
	build := command.Cmd{
		Argv: []string{"go", "build", "-ldflags", "-s -w", "-o", runc, "./lab/cmd/lab-runc"},
		Dir:  b.Places.Repo, Env: []string{"CGO_ENABLED=0"},
	}
	if _, err := build.Run(ctx); err != nil {
		return Artifact{}, err
	}
	wrapper, err := os.ReadFile(runc)
	if err != nil {
		return Artifact{}, err
	}
	config, err := daemonJSON(b.Walls.Caps)
	if err != nil {
		return Artifact{}, err
	}
	texts := map[string]string{
		"usr/local/sbin/host-init": embedded("host-init"),
		"usr/local/sbin/lab-runc":  string(wrapper),
		"etc/init.d/docker":        embedded("init-docker"),
		"etc/ssh/sshd_config":      embedded("sshd_config"),
		"etc/docker/daemon.json":   config,
	}
	key := keyOf(root.Key, weave.Key, embedded("host.dockerfile"), strings.Join(sorted(texts), "\n"))
	return b.once(ctx, "host", key, func(ctx context.Context, dir string) error {
		for path, text := range texts {
			mode := os.FileMode(0o644)
			if !strings.HasPrefix(path, "etc/ssh") && !strings.HasPrefix(path, "etc/docker") {
				mode = 0o755
			}
			if err := put(dir, "tree/"+path, text, mode); err != nil {
				return err
			}
		}
		_, cp := command.Run(ctx, "install", "-D", weave.Dir+"/weave", dir+"/tree/usr/local/bin/weave")
		return errors.Join(cp, put(dir, "Dockerfile", fmt.Sprintf(embedded("host.dockerfile"), rootImage(root)), 0o644))
	})
}

// RuntimeFlags are the dockerd flags that put the wrapper before runc when
// capabilities are missing, and nothing otherwise.
func (b *Builder) RuntimeFlags() []string {
	if len(b.Walls.Caps) == 0 {
		return nil
	}
	return []string{"--add-runtime", "lab-runc=" + b.wrapper(), "--default-runtime", "lab-runc"}
}

// daemonJSON is the hosts' /etc/docker/daemon.json.
func daemonJSON(missing []string) (string, error) {
	config := map[string]any{"storage-driver": "overlay2"}
	if len(missing) > 0 {
		config["runtimes"] = map[string]any{"lab-runc": map[string]string{"path": "/usr/local/sbin/lab-runc"}}
		config["default-runtime"] = "lab-runc"
	}
	text, err := json.MarshalIndent(config, "", "  ")
	return string(text) + "\n", err
}
