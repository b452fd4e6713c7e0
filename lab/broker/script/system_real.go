package script

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
)

// realSystem is the machine that this program runs on.
type realSystem struct {
	self string // the executable, to start itself again
}

func (realSystem) PID() int { return os.Getpid() }

func (realSystem) OpenFiles() (uint64, bool) {
	var l syscall.Rlimit
	err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l)
	return l.Cur, err == nil
}

func (realSystem) Alive(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, state, _ := strings.Cut(string(b), ") ")
	return err == nil && !strings.HasPrefix(state, "Z")
}

// program is what to execute for a path: the link of that name in the release
// when there is one, so that `ps` shows beam.smp, or else this program.
func (s realSystem) program(path string) string {
	if _, err := os.Stat(path); err == nil {
		return path
	}
	return s.self
}

func (s realSystem) Spawn(argv []string, log string) error {
	f, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	cmd := &exec.Cmd{Path: s.program(argv[0]), Args: argv, Stdout: f, Stderr: f, SysProcAttr: &syscall.SysProcAttr{Setsid: true}}
	if err := cmd.Start(); err != nil {
		return err
	}
	return cmd.Process.Release()
}

func (s realSystem) Become(argv []string) (int, error) {
	return 1, syscall.Exec(s.program(argv[0]), argv, os.Environ())
}

func (realSystem) Asked(ctx context.Context) (context.Context, context.CancelFunc) {
	signal.Ignore(syscall.SIGHUP)
	return signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGINT)
}

func (s realSystem) Adopt() Family {
	becomeSubreaper() // for when this is not PID 1
	return newReaper(s.self)
}
