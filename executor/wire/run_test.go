package wire_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/secret"
)

func TestRunReturnsWhatTheCommandSaid(t *testing.T) {
	t.Parallel()
	bothWays(t, testRunReturnsWhatTheCommandSaid)
}

func testRunReturnsWhatTheCommandSaid(t *testing.T, w way) {
	h, _ := w.host(t)
	for _, c := range []struct {
		name   string
		argv   []string
		exit   int
		stdout string
		stderr string
	}{
		{"nothing", []string{"true"}, 0, "", ""},
		{"an exit status", []string{"sh", "-c", "exit 7"}, 7, "", ""},
		{"both outputs", []string{"sh", "-c", "echo out; echo err >&2; exit 3"}, 3, "out\n", "err\n"},
		{"no newline at the end", []string{"printf", "%s", "out"}, 0, "out", ""},
		{"killed by a signal", []string{"sh", "-c", "kill -KILL $$"}, 128 + 9, "", ""},
		{"no input", []string{"cat"}, 0, "", ""},
		{"environment is not invented", []string{"sh", "-c", "echo \"[$VMQBOT]\""}, 0, "[]\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := use(t, h).Run(within(t, patience), secret.Words(c.argv...), wire.RunOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if a.Exit != c.exit || a.Stdout != c.stdout || a.Stderr != c.stderr {
				t.Errorf("got exit %d, stdout %q, stderr %q", a.Exit, a.Stdout, a.Stderr)
			}
			if !slices.Equal(a.Argv, c.argv) {
				t.Errorf("argv %q", a.Argv)
			}
		})
	}
}

func TestRunMissingCommandIsAnAnswer(t *testing.T) {
	t.Parallel()
	bothWays(t, testRunMissingCommandIsAnAnswer)
}

func testRunMissingCommandIsAnAnswer(t *testing.T, w way) {
	h, _ := w.host(t)
	a, err := use(t, h).Run(within(t, patience), secret.Words("weave-is-not-installed"), wire.RunOptions{})
	if err != nil || a.Exit != 127 || !strings.Contains(a.Stderr, "No such file") {
		t.Errorf("got exit %d, stderr %q, error %v", a.Exit, a.Stderr, err)
	}
}

func TestRunFeedsInput(t *testing.T) {
	t.Parallel()
	bothWays(t, testRunFeedsInput)
}

func testRunFeedsInput(t *testing.T, w way) {
	h, _ := w.host(t)
	for _, n := range []int{1, 4096, 64 << 10} {
		in := []byte(strings.Repeat("\x00line\n", n/6+1))[:n]
		a, err := use(t, h).Run(within(t, patience), secret.Words("sh", "-c", "cat; exit 5"), wire.RunOptions{Stdin: in})
		if err != nil || a.Exit != 5 || a.Stdout != string(in) {
			t.Errorf("%d bytes: exit %d, %d bytes came back, error %v", n, a.Exit, len(a.Stdout), err)
		}
	}
	_, err := use(t, h).Run(within(t, patience), secret.Words("cat"), wire.RunOptions{Stdin: make([]byte, 64<<10+1)})
	wantError(t, err, facts.Failed, ops.Invalid, "65537 bytes", "write a file instead")
}

func TestRunStreamsLinesAsTheyCome(t *testing.T) {
	t.Parallel()
	bothWays(t, testRunStreamsLinesAsTheyCome)
}

func testRunStreamsLinesAsTheyCome(t *testing.T, w way) {
	h, _ := w.host(t)
	ctx, cancel := context.WithCancel(within(t, patience))
	var lines []string
	a, err := use(t, h).Run(ctx, secret.Words("sh", "-c", `printf 'one\r\ntwo\nthr'; exec sleep 600`), wire.RunOptions{
		Line: func(l string) {
			if lines = append(lines, l); l == "two" {
				cancel() // the command has not ended, and its lines are here
			}
		},
	})
	wantError(t, err, facts.Failed, ops.Unseen, "cancelled", "was stopped on the host")
	if !slices.Equal(lines, []string{"one", "two", "thr"}) {
		t.Errorf("lines %q", lines)
	}
	if a.Stdout != "one\r\ntwo\nthr" {
		t.Errorf("what was printed until then is lost: %q", a.Stdout)
	}
}

func TestRunNeverSpeaksTwoLinesAtOnce(t *testing.T) {
	t.Parallel()
	bothWays(t, testRunNeverSpeaksTwoLinesAtOnce)
}

func testRunNeverSpeaksTwoLinesAtOnce(t *testing.T, w way) {
	h, _ := w.host(t)
	speaking, count := 0, 0
	_, err := use(t, h).Run(within(t, patience),
		secret.Words("sh", "-c", "i=0; while [ $i -lt 200 ]; do echo o; echo e >&2; i=$((i+1)); done"),
		wire.RunOptions{Line: func(string) { // unguarded on purpose: the race detector watches
			speaking++
			if speaking != 1 {
				t.Error("two lines at once")
			}
			count++
			speaking--
		}})
	if err != nil || count != 400 {
		t.Errorf("%d lines, error %v", count, err)
	}
}

func TestRunKeepsHeadAndTailOfLongOutput(t *testing.T) {
	t.Parallel()
	bothWays(t, testRunKeepsHeadAndTailOfLongOutput)
}

func testRunKeepsHeadAndTailOfLongOutput(t *testing.T, w way) {
	h, _ := w.host(t)
	a, err := use(t, h).Run(within(t, patience), secret.Words("sh", "-c", "seq 1 100000; seq 1 3 >&2"), wire.RunOptions{Cap: 1000})
	if err != nil {
		t.Fatal(err)
	}
	const whole = 588895 // bytes that seq 1 100000 prints
	if !strings.HasPrefix(a.Stdout, "1\n2\n3\n") || !strings.HasSuffix(a.Stdout, "99999\n100000\n") {
		t.Errorf("head or tail is lost: %.20q ... %q", a.Stdout, a.Stdout[len(a.Stdout)-20:])
	}
	if !strings.Contains(a.Stdout, fmt.Sprintf("[... %d bytes cut ...]", whole-1000)) {
		t.Errorf("the cut is not told: %q", a.Stdout)
	}
	if a.Stderr != "1\n2\n3\n" {
		t.Errorf("stderr %q", a.Stderr)
	}
}

func TestRunHidesSecretsFromTheAnswer(t *testing.T) {
	t.Parallel()
	bothWays(t, testRunHidesSecretsFromTheAnswer)
}

func testRunHidesSecretsFromTheAnswer(t *testing.T, w way) {
	h, _ := w.host(t)
	argv := append(secret.Words("printf", "%s"), secret.Hidden("hunter2"))
	a, err := use(t, h).Run(within(t, patience), argv, wire.RunOptions{})
	if err != nil || a.Stdout != "hunter2" {
		t.Fatalf("stdout %q, error %v", a.Stdout, err)
	}
	if strings.Contains(a.Command(), "hunter2") {
		t.Errorf("the answer tells the secret: %s", a.Command())
	}
	_, err = use(t, h).Run(within(t, patience), append(argv, secret.Plain("\x00")), wire.RunOptions{})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the error tells the secret: %v", err)
	}
}

func TestRunQueuesBehindEightPlaces(t *testing.T) {
	t.Parallel()
	bothWays(t, testRunQueuesBehindEightPlaces)
}

func testRunQueuesBehindEightPlaces(t *testing.T, w way) {
	h, s := w.host(t)
	use(t, h)
	door := filepath.Join(t.TempDir(), "door")
	if err := syscall.Mkfifo(door, 0o600); err != nil {
		t.Fatal(err)
	}
	open, err := os.OpenFile(door, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = open.Close() }()
	var inside atomic.Int32
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			_, err := h.Run(within(t, patience), secret.Words("sh", "-c", "echo in; read -r _ <"+door),
				wire.RunOptions{Line: func(string) { inside.Add(1) }})
			if err != nil {
				t.Error(err)
			}
		})
	}
	eventually(t, "eight commands run and twelve wait", func() bool { return inside.Load() == 8 && h.Queue() == 12 })
	if _, err := open.WriteString(strings.Repeat("\n", 20)); err != nil {
		t.Error(err)
	}
	all.Wait()
	if n := inside.Load(); n != 20 {
		t.Errorf("%d of 20 commands ran", n)
	}
	logged(t, s, "Accepted publickey", 1)
}

func TestRunDoesNotWaitForADaemonThatHoldsTheOutput(t *testing.T) {
	t.Parallel()
	bothWays(t, testRunDoesNotWaitForADaemonThatHoldsTheOutput)
}

func testRunDoesNotWaitForADaemonThatHoldsTheOutput(t *testing.T, w way) {
	s := sshdtest.Start(t, sshdtest.Config{})
	h := closing(t, wire.Brief(w.open(wire.Options{}))).Host(s.Node())
	daemon := filepath.Join(t.TempDir(), "pid")
	a, err := use(t, h).Run(within(t, patience), secret.Words("sh", "-c", "sleep 600 & echo $! >"+daemon), wire.RunOptions{})
	if err != nil || a.Exit != 0 {
		t.Fatalf("exit %d, error %v", a.Exit, err)
	}
	pid, err := os.ReadFile(daemon)
	if err != nil || !running(strings.TrimSpace(string(pid))) {
		t.Fatalf("the daemon %q ended with its command, or did not begin: %v", pid, err)
	}
	signal(t, atoi(t, strings.TrimSpace(string(pid))), syscall.SIGKILL)
}
