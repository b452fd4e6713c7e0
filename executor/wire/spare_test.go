package wire_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/secret"
)

// processes are the ids of those that run at a server. The port in their
// environment tells them from those of other tests.
func processes(t testing.TB, s *sshdtest.Server) (pids []string) {
	t.Helper()
	environs, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range environs {
		if env, _ := os.ReadFile(path); strings.Contains(string(env), " "+itoa(s.Port)+"\x00") {
			pids = append(pids, filepath.Base(filepath.Dir(path)))
		}
	}
	return pids
}

// spares are the shells among them that wait.
func spares(t testing.TB, s *sshdtest.Server) (pids []int) {
	t.Helper()
	for _, pid := range processes(t, s) {
		if line, _ := os.ReadFile("/proc/" + pid + "/cmdline"); strings.Contains(string(line), "vmqbot_end") {
			pids = append(pids, atoi(t, pid))
		}
	}
	return pids
}

// spare is the shell that waits, once that of an earlier command has ended.
func spare(t testing.TB, s *sshdtest.Server) int {
	t.Helper()
	var pids []int
	eventually(t, "one shell waits at the server", func() bool {
		pids = spares(t, s)
		return len(pids) == 1
	})
	return pids[0]
}

func signal(t testing.TB, pid int, sig syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(pid, sig); err != nil {
		t.Fatal(err)
	}
}

// hungUp reports whether nobody reads any more what a process prints. Until
// then a spare that was told to stop may still say that it starts, and start.
func hungUp(t testing.TB, pid int) bool {
	t.Helper()
	process, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(process)
	stdout, err := unix.PidfdGetfd(process, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(stdout)
	fds := []unix.PollFd{{Fd: int32(stdout)}}
	if _, err := unix.Poll(fds, 0); err != nil {
		t.Fatal(err)
	}
	return fds[0].Revents&(unix.POLLHUP|unix.POLLERR) != 0 // a socket's, a pipe's
}

func TestAWarmCommandTakesOneRoundTrip(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	proxy := sshdtest.NewProxy(t, s.Addr())
	h := closing(t, hasty(wire.Options{})).Host(proxy.Node(t, s))
	// Two round trips never take less than twice one; a busy machine may need
	// a longer way to show that it was one.
	slower(t, 200*time.Millisecond, func(trip time.Duration) bool {
		proxy.Delay(0)
		use(t, h)
		proxy.Delay(trip / 2)
		begin := time.Now()
		a, err := h.Run(within(t, 4*patience), secret.Words("cat"), wire.RunOptions{Stdin: []byte("with its input")})
		took := time.Since(begin)
		if err != nil || a.Stdout != "with its input" || took < trip {
			t.Errorf("took %s behind %s; stdout %q, error %v", took, trip, a.Stdout, err)
		}
		return took < 2*trip
	})
}

func TestASpareThatDiedIsNotUsed(t *testing.T) {
	t.Parallel()
	h, s := way{hasty}.host(t)
	for range 3 {
		use(t, h)
		signal(t, spare(t, s), syscall.SIGKILL)
		eventually(t, "the end is noticed", func() bool { return h.Spare() == nil })
		if out, _ := run(t, h, "echo", "fine"); out != "fine\n" {
			t.Errorf("got %q", out)
		}
	}
}

func TestACommandWhoseSpareDiedBeforeItStartedRunsOnceElsewhere(t *testing.T) {
	t.Parallel()
	h, s := way{hasty}.host(t)
	for _, sig := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM} {
		mine := use(t, h).Spare()
		pid, ran := spare(t, s), filepath.Join(t.TempDir(), "ran")
		signal(t, pid, syscall.SIGSTOP)
		over := make(chan error, 1)
		go func() {
			_, err := h.Run(within(t, patience), secret.Words("sh", "-c", "echo x >>"+ran), wire.RunOptions{})
			over <- err
		}()
		eventually(t, "the spare is taken", func() bool { return h.Spare() != mine })
		signal(t, pid, sig)
		if sig != syscall.SIGKILL { // any other waits until the process goes on
			signal(t, pid, syscall.SIGCONT)
		}
		if err := <-over; err != nil {
			t.Error(err)
		}
		if got, _ := os.ReadFile(ran); string(got) != "x\n" {
			t.Errorf("after signal %v the command left %q, want one x", sig, got)
		}
	}
}

func TestACommandInASpareWhoseConnectionIsCutHasAnUnknownOutcome(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	proxy := sshdtest.NewProxy(t, s.Addr())
	h := closing(t, hasty(wire.Options{})).Host(proxy.Node(t, s))
	mine := use(t, h).Spare()
	pid := spare(t, s)
	signal(t, pid, syscall.SIGSTOP)
	over := make(chan error, 1)
	go func() {
		_, err := h.Run(within(t, patience), secret.Words("true"), wire.RunOptions{})
		over <- err
	}()
	eventually(t, "the spare is taken", func() bool { return h.Spare() != mine })
	proxy.Cut()
	wantError(t, <-over, facts.Failed, ops.Unseen, "outcome unknown")
	signal(t, pid, syscall.SIGCONT)
	allGone(t, []string{itoa(pid)})
	run(t, h, "true")
}

func TestACommandThatIsCancelledBeforeItsSpareStartsItNeverRuns(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	h := closing(t, wire.Brief(hasty(wire.Options{}))).Host(s.Node())
	mine := use(t, h).Spare()
	pid := spare(t, s)
	signal(t, pid, syscall.SIGSTOP)
	ran := filepath.Join(t.TempDir(), "ran")
	ctx, cancel := context.WithCancel(within(t, patience))
	over := make(chan error, 1)
	go func() {
		_, err := h.Run(ctx, secret.Words("touch", ran), wire.RunOptions{})
		over <- err
	}()
	eventually(t, "the spare is taken", func() bool { return h.Spare() != mine })
	cancel()
	wantError(t, <-over, facts.Failed, ops.Unseen, "was not seen to end")
	eventually(t, "sshd closes the spare's stdout", func() bool { return hungUp(t, pid) })
	signal(t, pid, syscall.SIGCONT)
	allGone(t, []string{itoa(pid)})
	if _, err := os.Stat(ran); err == nil {
		t.Error("it ran")
	}
}

func TestASpareIsNotTrustedWhileTheHostIsSilent(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	proxy := sshdtest.NewProxy(t, s.Addr())
	p, beats := wire.Beaten(hasty(wire.Options{}))
	h := closing(t, p).Host(proxy.Node(t, s))
	use(t, h)
	eventually(t, "the spare alone is open", func() bool { return h.Users() == 1 })
	proxy.Freeze()
	beat(t, beats)
	beat(t, beats)
	eventually(t, "a keepalive is overdue", func() bool { return h.Asked() == 2 })
	over := make(chan error, 1)
	go func() {
		_, err := h.Run(within(t, patience), secret.Words("true"), wire.RunOptions{})
		over <- err
	}()
	eventually(t, "the command passes by the spare", func() bool { return h.Spare() == nil || h.Users() > 1 })
	beat(t, beats)
	beat(t, beats)
	eventually(t, "the connection is given up", func() bool { return !h.Alive() })
	proxy.Thaw()
	if err := <-over; err != nil {
		t.Errorf("nothing was sent, and the command was not sent on a new connection: %v", err)
	}
}
