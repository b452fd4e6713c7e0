package build

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"vmqbot/lab/command"
)

// rootPackages is what a region host has installed; libpcap0.8 is for weaver,
// dash and busybox-static for the small images.
const rootPackages = "openssh-server,docker.io,iproute2,iputils-ping,iptables,ipset,conntrack," +
	"curl,procps,tini,jq,dash,busybox-static,libpcap0.8,ca-certificates"

// Root is a Debian 12 file tree with what a region host has installed, and a
// user ops who may use Docker.
func (b *Builder) Root(ctx context.Context) (Artifact, error) {
	return b.once(ctx, "root", keyOf(rootPackages, "2"), func(ctx context.Context, dir string) error {
		steps := [][]string{
			{"debootstrap", "--variant=minbase", "--include=" + rootPackages, release, dir},
			{"chroot", dir, "useradd", "--create-home", "--shell", "/bin/sh", "--groups", "docker", "--password", "*", "ops"},
			{"chroot", dir, "usermod", "--shell", "/bin/sh", "root"},
			{"chroot", dir, "apt-get", "clean"},
		}
		steps[0] = append(steps[0], mirror(ctx)...)
		for _, argv := range steps {
			if _, err := command.Run(ctx, argv...); err != nil {
				return err
			}
		}
		return b.tidyRoot(dir)
	})
}

// tidyRoot removes what would make logins slow or two hosts alike.
func (b *Builder) tidyRoot(dir string) error {
	gone := []string{"root/.bashrc", "root/.profile", "home/ops/.bashrc", "home/ops/.profile", "home/ops/.bash_logout",
		"etc/machine-id", "usr/share/doc", "usr/share/man", "usr/share/locale"}
	keys, err := filepath.Glob(filepath.Join(dir, "etc/ssh/ssh_host_*"))
	if err != nil {
		return err
	}
	lists, err := filepath.Glob(filepath.Join(dir, "var/lib/apt/lists/*"))
	if err != nil {
		return err
	}
	for _, path := range append(keys, lists...) {
		gone = append(gone, strings.TrimPrefix(path, dir))
	}
	for _, path := range gone {
		if err := os.RemoveAll(filepath.Join(dir, path)); err != nil {
			return err
		}
	}
	return nil
}
