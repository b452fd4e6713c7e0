package onhost

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"vmqbot/guard"
)

// plain is the manager of a host without systemd: a process of its own, which
// cron starts again at boot where there is one.
type plain struct{ m Machine }

// Name says whether the guard comes back after a reboot.
func (p plain) Name() string {
	if p.cron() {
		return "a process, and cron at boot"
	}
	return "a process; after a reboot of the host: guard install again"
}

// cron reports whether cron reads /etc/cron.d: the folder alone proves nothing,
// since other packages make it.
func (p plain) cron() bool {
	for _, daemon := range []string{"/usr/sbin/cron", "/usr/sbin/crond"} {
		if _, err := p.m.Stat(daemon); err == nil {
			return true
		}
	}
	return false
}

// Enable ends the process of before and starts one that outlives the connection.
func (p plain) Enable(ctx context.Context, c guard.Config) error {
	at := places(c.Node)
	if err := p.stop(ctx, c.Node); err != nil {
		return err
	}
	if p.cron() {
		line := fmt.Sprintf("# Written by vmqbot (guard install %s).\n@reboot root %s guard run --config %s >>%s 2>&1\n", c.Node, at.program, at.config, at.log)
		if err := p.m.WriteFile(at.cron, []byte(line), 0o644); err != nil {
			return err
		}
	}
	_, err := run(ctx, p.m, "setsid", "-f", "sh", "-c", `exec "$@" </dev/null >>"$0" 2>&1`, at.log, at.program, "guard", "run", "--config", at.config)
	return err
}

// Disable ends the process.
func (p plain) Disable(ctx context.Context, c guard.Config) error {
	if err := p.m.Remove(places(c.Node).cron); err != nil {
		return err
	}
	return p.stop(ctx, c.Node)
}

// Runs looks whether the process that wrote the state is still this program.
func (p plain) Runs(_ context.Context, node string, last guard.State) (bool, error) {
	return last.PID > 1 && p.is(last.PID, node), nil
}

func (p plain) is(pid int, node string) bool {
	words, err := p.m.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return false // it has ended
	}
	line := strings.Split(string(words), "\x00")
	return len(line) > 2 && line[0] == places(node).program && line[1] == "guard" && line[2] == "run"
}

// stop ends the process and waits until it is gone.
func (p plain) stop(ctx context.Context, node string) error {
	last, err := readState(p.m, node)
	if err != nil || last.PID <= 1 {
		return nil //nolint:nilerr // nobody has said anything: there is none
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	pid := strconv.Itoa(last.PID)
	for p.is(last.PID, node) {
		if _, err := p.m.Run(ctx, []string{"sh", "-c", `kill "$1"; sleep 0.2`, "vmqbot-guard", pid}); err != nil {
			return fmt.Errorf("the guard that runs (process %s) could not be ended: %w", pid, err)
		}
	}
	return nil
}
