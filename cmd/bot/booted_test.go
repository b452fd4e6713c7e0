//go:build release

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// boots is what the first process of a machine does before it becomes systemd: a root
// that is this machine's, under a layer that takes what is changed.
const boots = `set -e
cd "$1"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" root
cd root
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /dev dev
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
	mount -t cgroup2 cgroup2 sys/fs/cgroup
else
	mount -t tmpfs tmpfs sys/fs/cgroup
	mkdir sys/fs/cgroup/systemd
	mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd
fi
exec chroot . /usr/bin/env -i container=vmqbot PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --unit=multi-user.target
`

// booted is a machine whose first process is a real systemd: this one's files under a
// layer of its own, with its own processes and network.
type booted struct {
	t     *testing.T
	dir   string
	cmd   *exec.Cmd
	first string // the number of its first process, seen from here
}

// boot starts one; what was changed in it stays for the next boot.
func boot(t *testing.T) *booted {
	t.Helper()
	b := &booted{t: t, dir: t.TempDir()}
	must(t, "mount", "-t", "tmpfs", "tmpfs", b.dir) // the layer may not lie on what it covers
	t.Cleanup(func() { must(t, "umount", b.dir) })
	t.Cleanup(b.off)
	for _, d := range []string{"upper", "work", "root"} {
		if err := os.Mkdir(filepath.Join(b.dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	b.on()
	return b
}

// on waits until systemd says that the machine runs.
func (b *booted) on() {
	b.t.Helper()
	b.cmd = exec.Command("unshare", "--mount", "--pid", "--fork", "--kill-child", "--uts", "--ipc", "--net", "--cgroup", "sh", "-c", boots, "boots", b.dir)
	if err := b.cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	children := fmt.Sprintf("/proc/%d/task/%d/children", b.cmd.Process.Pid, b.cmd.Process.Pid)
	b.until("it has a first process", func() bool {
		text, _ := os.ReadFile(children)
		b.first = strings.TrimSpace(string(text))
		return b.first != ""
	})
	b.until("systemd says that the machine runs", func() bool {
		out, _ := b.try("systemctl", "is-system-running")
		return strings.HasPrefix(out, "running") || strings.HasPrefix(out, "degraded") // what this machine has besides may not fit
	})
}

// off takes its power away.
func (b *booted) off() {
	if b.cmd == nil {
		return
	}
	_ = b.cmd.Process.Kill()
	_ = b.cmd.Wait()
	b.cmd = nil
}

// try runs a program inside.
func (b *booted) try(argv ...string) (string, error) {
	ctx, cancel := context.WithTimeout(b.t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "nsenter", append([]string{"--target", b.first, "--mount", "--pid", "--uts", "--ipc", "--net", "--cgroup", "--root", "--wd", "/usr/bin/env", "HOME=/root"}, argv...)...).CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// run is try, of what must succeed.
func (b *booted) run(argv ...string) string {
	b.t.Helper()
	out, err := b.try(argv...)
	if err != nil {
		b.t.Fatalf("%q: %v: %s", argv, err, out)
	}
	return out
}

// put copies a file into it.
func (b *booted) put(from, to string) {
	b.t.Helper()
	must(b.t, "cp", "--", from, filepath.Join("/proc", b.first, "root", to))
}

func (b *booted) until(what string, is func() bool) {
	b.t.Helper()
	for end := time.Now().Add(time.Minute); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			b.t.Fatalf("a minute has passed and not yet: %s", what)
		}
	}
}
