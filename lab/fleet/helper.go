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

	"vmqbot/lab/world"
)

// helper is a process of this program in the network of a host, which outlives the
// command that started it.
type helper struct {
	file string // holds its number
	mark string // stands in its command line
}

// start starts one and returns when it has said that it works, which is its first
// line.
func (l *Lab) start(ctx context.Context, h world.Host, as helper, args ...string) error {
	pid, err := l.daemon.Docker(ctx, "inspect", "--format", "{{.State.Pid}}", world.Prefix+h.Name)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command("nsenter", append([]string{"--net", "--target", strings.TrimSpace(pid), "--", self}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		return err
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		return errors.Join(fmt.Errorf("lab %s does not work on %s: %w", args[0], h.Name, err), cmd.Wait(), errors.New(strings.TrimSpace(said.String())))
	}
	return os.WriteFile(as.file, []byte(strconv.Itoa(cmd.Process.Pid)), 0o600)
}

// pid is the process; 0 when there is none.
func (as helper) pid() int {
	text, err := os.ReadFile(as.file)
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(string(text))
	if err != nil {
		return 0
	}
	// The number may be another's by now.
	words, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil || !strings.Contains(string(words), as.mark) {
		return 0
	}
	return pid
}

// end ends it; one that is not there is fine.
func (as helper) end() error {
	if pid := as.pid(); pid != 0 {
		if err := syscall.Kill(pid, syscall.SIGTERM); err != nil && !errors.Is(err, syscall.ESRCH) {
			return err
		}
	}
	if err := os.Remove(as.file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
