package wire_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/secret"
)

// family is a command with a child of its own; it says both process ids.
const family = "sleep 600 & echo $$ $!; wait"

// started runs a script that does not end by itself.
func started(ctx context.Context, t *testing.T, h *wire.Host, script string, stdin []byte) (pids []string, over <-chan error) {
	t.Helper()
	return begun(ctx, t, h, secret.Words("sh", "-c", script), stdin)
}

// begun runs a command that does not end by itself and returns its process ids
// and the error of the call.
func begun(ctx context.Context, t *testing.T, h *wire.Host, argv []secret.Word, stdin []byte) (pids []string, over <-chan error) {
	t.Helper()
	use(t, h)
	first := make(chan string, 1)
	end := make(chan error, 1)
	go func() {
		_, err := h.Run(ctx, argv, wire.RunOptions{
			Line: func(l string) { first <- l }, Stdin: stdin,
		})
		end <- err
	}()
	select {
	case l := <-first:
		return strings.Fields(l), end
	case err := <-end:
		t.Fatalf("the command did not start: %v", err)
	case <-time.After(patience):
		t.Fatal("the command did not start")
	}
	return nil, nil
}

// running reports whether a process exists and is no zombie; the tests' hosts
// are this machine.
func running(pid string) bool {
	stat, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
	return err == nil && !strings.Contains(string(stat), ") Z ")
}

func allGone(t *testing.T, pids []string) {
	t.Helper()
	for _, p := range pids {
		if _, err := strconv.Atoi(p); err != nil {
			t.Fatalf("not a process id: %q", p)
		}
		eventually(t, "process "+p+" has ended", func() bool { return !running(p) })
	}
}

func TestCancelStopsTheCommandAndItsChildren(t *testing.T) {
	t.Parallel()
	bothWays(t, testCancelStopsTheCommandAndItsChildren)
}

func testCancelStopsTheCommandAndItsChildren(t *testing.T, w way) {
	h, _ := w.host(t)
	for name, stdin := range map[string][]byte{"without input": nil, "with input": []byte("some"), "with input that is not read": make([]byte, 60<<10)} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(within(t, patience))
			pids, over := started(ctx, t, h, family, stdin)
			if !running(pids[0]) || !running(pids[1]) {
				t.Fatal("the command is not running")
			}
			cancel()
			wantError(t, <-over, facts.Failed, ops.Unseen, "cancelled: the command was stopped on the host")
			allGone(t, pids)
		})
	}
}

// alarm is a context whose deadline comes when the test wants it.
type alarm struct {
	context.Context
	rings chan struct{}
}

func (a alarm) Done() <-chan struct{} { return a.rings }

func (a alarm) Err() error {
	select {
	case <-a.rings:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

func TestDeadlineStopsTheCommand(t *testing.T) {
	t.Parallel()
	bothWays(t, testDeadlineStopsTheCommand)
}

func testDeadlineStopsTheCommand(t *testing.T, w way) {
	h, _ := w.host(t)
	ctx := alarm{within(t, patience), make(chan struct{})}
	pids, over := started(ctx, t, h, family, nil)
	close(ctx.rings)
	wantError(t, <-over, facts.TooLate, ops.Unseen, "took too long", "was stopped on the host")
	allGone(t, pids)
}

func TestCutConnectionStopsTheCommand(t *testing.T) {
	t.Parallel()
	bothWays(t, testCutConnectionStopsTheCommand)
}

func testCutConnectionStopsTheCommand(t *testing.T, w way) {
	s := sshdtest.Start(t, sshdtest.Config{})
	proxy := sshdtest.NewProxy(t, s.Addr())
	h := w.pool(t, wire.Options{}).Host(proxy.Node(t, s))
	pids, over := started(within(t, patience), t, h, family, nil)
	proxy.Cut()
	wantError(t, <-over, facts.Failed, ops.Unseen, "outcome unknown", "must be looked at")
	allGone(t, pids)
}

func TestClosingThePoolStopsTheCommand(t *testing.T) {
	t.Parallel()
	bothWays(t, testClosingThePoolStopsTheCommand)
}

func testClosingThePoolStopsTheCommand(t *testing.T, w way) {
	s := sshdtest.Start(t, sshdtest.Config{})
	p := w.open(wire.Options{})
	pids, over := started(within(t, patience), t, p.Host(s.Node()), family, []byte("x"))
	closeWithin(t, p, patience)
	wantError(t, <-over, facts.Failed, ops.Unseen, "outcome unknown")
	allGone(t, pids)
	_, err := p.Host(s.Node()).Run(within(t, patience), secret.Words("true"), wire.RunOptions{})
	wantError(t, err, facts.Failed, ops.Unseen, "shutting down")
}

func TestACommandThatIgnoresTermIsKilledAfterFiveSeconds(t *testing.T) {
	t.Parallel()
	bothWays(t, testACommandThatIgnoresTermIsKilledAfterFiveSeconds)
}

func testACommandThatIgnoresTermIsKilledAfterFiveSeconds(t *testing.T, w way) {
	s := sshdtest.Start(t, sshdtest.Config{})
	h := closing(t, wire.Brief(w.open(wire.Options{}))).Host(s.Node())
	ctx, cancel := context.WithCancel(within(t, patience))
	pids, over := started(ctx, t, h, `trap '' TERM; echo $$; while :; do sleep 600; done`, nil)
	cancel()
	wantError(t, <-over, facts.Failed, ops.Unseen, "cancelled", "must be looked at")
	allGone(t, pids)
}

func TestAFrozenHostDoesNotHoldTheCaller(t *testing.T) {
	t.Parallel()
	bothWays(t, testAFrozenHostDoesNotHoldTheCaller)
}

func testAFrozenHostDoesNotHoldTheCaller(t *testing.T, w way) {
	s := sshdtest.Start(t, sshdtest.Config{})
	proxy := sshdtest.NewProxy(t, s.Addr())
	h := closing(t, wire.Brief(w.open(wire.Options{}))).Host(proxy.Node(t, s))
	ctx, cancel := context.WithCancel(within(t, patience))
	_, over := started(ctx, t, h, family, nil)
	proxy.Freeze()
	cancel()
	select {
	case err := <-over:
		wantError(t, err, facts.Failed, ops.Unseen, "was not seen to end")
	case <-time.After(patience):
		t.Error("the caller is held")
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	t.Parallel()
	bothWays(t, testNothingIsLeftBehind)
}

func testNothingIsLeftBehind(t *testing.T, w way) {
	h, s := w.host(t)
	for range 5 {
		run(t, h, "true")
		ctx, cancel := context.WithCancel(within(t, patience))
		pids, over := started(ctx, t, h, family, nil)
		if at := processes(t, s); !slices.Contains(at, pids[0]) || !slices.Contains(at, pids[1]) {
			t.Errorf("%v are not found among %v", pids, at)
		}
		cancel()
		if err := <-over; err == nil {
			t.Error("a cancelled command ended without an error")
		}
	}
	eventually(t, "nothing runs at the host but a spare", func() bool {
		return len(processes(t, s)) == len(spares(t, s))
	})
	if strings.Contains(s.Log(), "error:") {
		t.Error("sshd complains")
	}
}

func TestACommandIsStoppedBeforeItHasAGroupOfItsOwn(t *testing.T) {
	t.Parallel()
	bothWays(t, testACommandIsStoppedBeforeItHasAGroupOfItsOwn)
}

func testACommandIsStoppedBeforeItHasAGroupOfItsOwn(t *testing.T, w way) {
	bin, pidFile := t.TempDir(), filepath.Join(t.TempDir(), "pid")
	// One that never gets to its work, when that is "true".
	setsid := "#!/bin/sh\n[ \"$2\" = true ] || exec /usr/bin/setsid \"$@\"\necho $$ >" + pidFile + "\nexec sleep 600\n"
	if err := os.WriteFile(filepath.Join(bin, "setsid"), []byte(setsid), 0o755); err != nil {
		t.Fatal(err)
	}
	s := sshdtest.Start(t, sshdtest.Config{Lines: []string{"SetEnv PATH=" + bin + ":/usr/bin:/bin"}})
	h := w.pool(t, wire.Options{}).Host(s.Node())
	use(t, h)
	ctx, cancel := context.WithCancel(within(t, patience))
	over := make(chan error, 1)
	go func() {
		_, err := h.Run(ctx, secret.Words("true"), wire.RunOptions{})
		over <- err
	}()
	var pid []byte
	eventually(t, "the command starts", func() bool {
		pid, _ = os.ReadFile(pidFile)
		return strings.HasSuffix(string(pid), "\n")
	})
	cancel()
	wantError(t, <-over, facts.Failed, ops.Unseen, "was stopped on the host")
	allGone(t, []string{strings.TrimSpace(string(pid))})
}

func TestACommandUnderSudoIsStoppedUnderSudo(t *testing.T) {
	t.Parallel()
	bothWays(t, testACommandUnderSudoIsStoppedUnderSudo)
}

func testACommandUnderSudoIsStoppedUnderSudo(t *testing.T, w way) {
	bin, told := t.TempDir(), filepath.Join(t.TempDir(), "told")
	sudo := "#!/bin/sh\nshift\necho \"$*\" >>" + told + "\nexec \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "sudo"), []byte(sudo), 0o755); err != nil {
		t.Fatal(err)
	}
	s := sshdtest.Start(t, sshdtest.Config{Lines: []string{"SetEnv PATH=" + bin + ":/usr/bin:/bin"}})
	h := w.pool(t, wire.Options{}).Host(s.Node())
	ctx, cancel := context.WithCancel(within(t, patience))
	pids, over := begun(ctx, t, h, secret.Words("sudo", "-n", "sh", "-c", family), nil)
	cancel()
	wantError(t, <-over, facts.Failed, ops.Unseen, "was stopped on the host")
	allGone(t, pids)
	// The kill is the shell's own: procps' program would signal everybody.
	if got, _ := os.ReadFile(told); !strings.Contains(string(got), "\nsh -c kill -TERM -$0 "+pids[0]+"\n") {
		t.Errorf("sudo was told %q", got)
	}
}
