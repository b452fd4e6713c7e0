package outer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A process is known by its number and the time of its start, so that a
// number that was given to another program meanwhile is never signaled.
func (d Daemon) recordFile() string { return filepath.Join(d.Places.Run, "dockerd.started") }

func (d Daemon) pidFile() string { return filepath.Join(d.Places.Run, "dockerd.pid") }

func (d Daemon) record(pid int) error {
	start, err := startTime(pid)
	if err != nil {
		return err
	}
	return os.WriteFile(d.recordFile(), fmt.Appendf(nil, "%d %s\n", pid, start), 0o644)
}

// pid returns the daemon's process number, or 0 when it does not run.
func (d Daemon) pid() int {
	text, err := os.ReadFile(d.recordFile())
	if err != nil {
		return 0
	}
	var pid int
	var start string
	if _, err := fmt.Sscan(string(text), &pid, &start); err != nil {
		return 0
	}
	if now, err := startTime(pid); err != nil || now != start {
		return 0
	}
	return pid
}

// Running says whether the daemon that Start recorded is alive.
func (d Daemon) Running() bool { return d.pid() != 0 }

// Stop ends the daemon, which ends its containerd. Containers should be gone
// before. Stopping what does not run is no error.
func (d Daemon) Stop(ctx context.Context) error {
	if pid := d.pid(); pid != 0 {
		if err := end(ctx, pid, d.pid); err != nil {
			return err
		}
	}
	err := os.Remove(d.recordFile())
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return err
}

// end sends TERM, and KILL after 20 s, and returns when the process is gone.
func end(ctx context.Context, pid int, alive func() int) error {
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		return err
	}
	patience := time.After(20 * time.Second)
	for alive() == pid {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-patience:
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
				return err
			}
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil
}

// startTime reads field 22 of /proc/PID/stat. A zombie counts as gone.
func startTime(pid int) (string, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", err
	}
	return startTimeIn(string(text))
}

func startTimeIn(stat string) (string, error) {
	// The second field is the program's name in brackets and may hold blanks.
	_, rest, ok := cutLast(stat, ")")
	fields := strings.Fields(rest)
	if !ok || len(fields) < 20 {
		return "", fmt.Errorf("not a /proc/PID/stat line: %q", stat)
	}
	if fields[0] == "Z" || fields[0] == "X" {
		return "", os.ErrProcessDone
	}
	return fields[19], nil
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
