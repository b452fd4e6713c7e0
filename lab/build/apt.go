package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"vmqbot/lab/command"
)

// need is a file that something uses, as a pattern of filepath.Glob, and the
// Debian package that brings it.
type need struct{ pattern, pkg string }

// upNeeds are what `lab up` uses. Docker's own packages put dockerd elsewhere
// than Debian's and will do as well.
var upNeeds = []need{
	{"/usr/*bin/dockerd", "docker.io"},
	{"/usr/sbin/debootstrap", "debootstrap"},
	{"/usr/include/pcap/pcap.h", "libpcap-dev"},
	{"/usr/bin/gcc", "gcc"},
	{"/usr/include/stdio.h", "libc6-dev"},
	{"/usr/sbin/ip", "iproute2"},
	{"/usr/sbin/iptables", "iptables"},
	{"/usr/bin/ssh-keygen", "openssh-client"},
	{"/etc/ssl/certs/ca-certificates.crt", "ca-certificates"},
}

// testNeeds are what tests without a lab start for real.
var testNeeds = []need{
	{"/usr/*bin/dockerd", "docker.io"},
	{"/usr/sbin/sshd", "openssh-server"},
	{"/usr/lib/openssh/sftp-server", "openssh-sftp-server"},
	{"/usr/bin/ssh-keygen", "openssh-client"},
}

// services are what the packages would start at the next boot.
var services = map[string][]string{
	"docker.io":      {"docker.service", "docker.socket", "containerd.service"},
	"openssh-server": {"ssh.service"},
}

const policy = "/usr/sbin/policy-rc.d"

// InstallForUp installs the Debian packages that `lab up` lacks.
func InstallForUp(ctx context.Context) error { return install(ctx, missing(upNeeds)) }

// InstallForTests installs the Debian packages that the tests of the
// repository lack: real servers to talk to.
func InstallForTests(ctx context.Context) error { return install(ctx, missing(testNeeds)) }

func missing(needs []need) (packages []string) {
	for _, n := range needs {
		if found, err := filepath.Glob(n.pattern); err != nil || len(found) == 0 {
			packages = append(packages, n.pkg)
		}
	}
	return packages
}

// install installs packages and lets none of them start a service, now or at
// the next boot.
func install(ctx context.Context, packages []string) error {
	if len(packages) == 0 {
		return nil
	}
	line := "apt-get install " + strings.Join(packages, " ")
	if os.Geteuid() != 0 {
		return fmt.Errorf("packages of Debian are missing and only root may install them; type: sudo %s", line)
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return fmt.Errorf("packages of Debian are missing (%s) and there is no apt-get; use a Debian 12 machine", strings.Join(packages, " "))
	}
	allow, err := forbidServices()
	if err != nil {
		return err
	}
	defer allow()
	quiet := []string{"DEBIAN_FRONTEND=noninteractive"}
	if _, err := (command.Cmd{Argv: []string{"apt-get", "update"}, Env: quiet}).Run(ctx); err != nil {
		return err
	}
	argv := append([]string{"apt-get", "install", "--yes", "--no-remove", "--no-install-recommends"}, packages...)
	if _, err := (command.Cmd{Argv: argv, Env: quiet}).Run(ctx); err != nil {
		return err
	}
	return disable(ctx, packages)
}

// forbidServices makes policy-rc.d say no, unless the machine has one already.
func forbidServices() (allow func(), err error) {
	f, err := os.OpenFile(policy, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if errors.Is(err, os.ErrExist) {
		return func() {}, nil
	}
	if err != nil {
		return nil, err
	}
	_, err = f.WriteString("#!/bin/sh\nexit 101\n")
	return func() { _ = os.Remove(policy) }, errors.Join(err, f.Close())
}

// disable keeps systemd, where it runs, from starting at boot what was
// installed only to be started by the lab and by tests.
func disable(ctx context.Context, packages []string) error {
	if _, err := os.Stat("/run/systemd/system"); err != nil {
		return nil
	}
	for _, pkg := range packages {
		if units := services[pkg]; len(units) > 0 {
			if _, err := command.Run(ctx, append([]string{"systemctl", "disable"}, units...)...); err != nil {
				return err
			}
		}
	}
	return nil
}
