package fleet

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"vmqbot/lab/world"
)

// Weave's API on a host, and where the bot's questions to it go meanwhile. Only
// the bot's: the proxy itself has to reach the real one.
const (
	weaveAPI  = "127.0.0.1:6784"
	weavePort = "6784"
	halfPort  = "6799"
)

// redirect sends the bot's questions to the proxy; op is -A or -D.
func redirect(op string) []string {
	return []string{"iptables", "--wait", "-t", "nat", op, "OUTPUT", "-p", "tcp", "-d", "127.0.0.1", "--dport", weavePort,
		"-m", "owner", "--uid-owner", fleetUser, "-j", "REDIRECT", "--to-ports", halfPort}
}

// half is vmq-admin that leaves away the second half of what it says. The
// release has the program at another place as well.
const (
	half = `set -e
admin=/usr/sbin/vmq-admin
[ ! -e "$admin.whole" ] || exit 0
mv "$admin" "$admin.whole"
cat >"$admin" <<'END'
#!/bin/sh
said=$(` + world.Release + `/bin/vmq-admin "$@")
status=$?
printf %s "$said" | head -c $((${#said} / 2))
exit $status
END
chmod 755 "$admin"`
	wholeAgain = `[ ! -e /usr/sbin/vmq-admin.whole ] || mv -f /usr/sbin/vmq-admin.whole /usr/sbin/vmq-admin`
)

// Corrupt makes a program of a host answer the bot with the first half of what
// it has to say: weave by its HTTP API, vmq-admin in the broker's container.
func (l *Lab) Corrupt(ctx context.Context, h world.Host, program string) error {
	if !l.daemon.Running() {
		return notUp()
	}
	switch program {
	case "vmq-admin":
		_, err := l.on(ctx, h, "docker", "exec", h.Container(), "sh", "-c", half)
		return err
	case "weave":
		if l.halfPID(h) != 0 {
			return nil
		}
		if err := l.startHalf(ctx, h); err != nil {
			return err
		}
		if _, err := l.on(ctx, h, redirect("-A")...); err != nil {
			return errors.Join(err, l.endHalf(h))
		}
		return nil
	}
	return fmt.Errorf("%q is neither weave nor vmq-admin", program)
}

// whole undoes Corrupt. A broker that does not run keeps its half tool until
// Reset makes it again.
func (l *Lab) whole(ctx context.Context, h world.Host) error {
	soon, cancel := context.WithTimeout(ctx, 5*time.Second) // a Docker that starts answers nobody for a while
	_, _ = l.on(soon, h, "docker", "exec", h.Container(), "sh", "-c", wholeAgain)
	cancel()
	for {
		if _, err := l.on(ctx, h, redirect("-D")...); err != nil {
			break // none is left
		}
	}
	return l.endHalf(h)
}

func (l *Lab) halfFile(h world.Host) string { return l.state("half-" + h.Name + ".pid") }

// startHalf starts the proxy in the host's network and returns when it listens.
func (l *Lab) startHalf(ctx context.Context, h world.Host) error {
	pid, err := l.daemon.Docker(ctx, "inspect", "--format", "{{.State.Pid}}", world.Prefix+h.Name)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command("nsenter", "--net", "--target", strings.TrimSpace(pid), "--", self, "half", "--listen", "127.0.0.1:"+halfPort, "--to", weaveAPI)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // it outlives this command
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		return errors.Join(fmt.Errorf("the proxy before weave on %s does not listen: %w", h.Name, err), cmd.Wait())
	}
	return os.WriteFile(l.halfFile(h), []byte(strconv.Itoa(cmd.Process.Pid)), 0o600)
}

// halfPID is the process of the proxy; 0 when there is none.
func (l *Lab) halfPID(h world.Host) int {
	text, err := os.ReadFile(l.halfFile(h))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(string(text))
	if err != nil {
		return 0
	}
	// The number may be another's by now.
	words, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil || !strings.Contains(string(words), "\x00half\x00--listen\x00") {
		return 0
	}
	return pid
}

func (l *Lab) endHalf(h world.Host) error {
	pid := l.halfPID(h)
	if pid != 0 {
		if err := syscall.Kill(pid, syscall.SIGTERM); err != nil && !errors.Is(err, syscall.ESRCH) {
			return err
		}
	}
	if err := os.Remove(l.halfFile(h)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
