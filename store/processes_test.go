package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vmqbot/ops"
	"vmqbot/store"
)

// childVar tells the test binary that it is one of several bots: what to do
// and on which file.
const childVar = "VMQBOT_STORE_TEST"

func TestMain(m *testing.M) {
	role, path, child := strings.Cut(os.Getenv(childVar), " ")
	if !child {
		os.Exit(m.Run())
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	if err := map[string]func(context.Context, string) error{"work": work, "die": die}[role](ctx, path); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// wallClock is the real one: processes share nothing else.
type wallClock struct{}

func (wallClock) Now() time.Time                         { return time.Now() }
func (wallClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

const (
	bots   = 3
	rounds = 8
)

// work is one bot among several: it opens the file, which nobody has made
// yet, and changes the region again and again, alone each time.
func work(ctx context.Context, path string) (err error) {
	var s *store.Store
	if err := patiently(ctx, func() error { s, err = store.Open(ctx, path, wallClock{}); return err }); err != nil {
		return err
	}
	for i := range rounds {
		l, err := acquire(ctx, s, fmt.Sprintf("bot#%d", os.Getpid()))
		if err != nil {
			return err
		}
		if err := alone(ctx, s, path, fmt.Sprintf("%d-%d", os.Getpid(), i)); err != nil {
			return err
		}
		if err := patiently(ctx, func() error { _, err := s.Renew(ctx, l); return err }); err != nil {
			return err
		}
		fmt.Println(l.Epoch)
		if err := patiently(ctx, func() error { return s.Release(ctx, l) }); err != nil {
			return err
		}
	}
	return s.Close()
}

// patiently tries again while the file is busy: how long the others take to
// write depends on the machine.
func patiently(ctx context.Context, do func() error) error {
	for {
		err := do()
		if err == nil || ctx.Err() != nil || !strings.Contains(strings.ToLower(err.Error()), "another process") {
			return err
		}
	}
}

func acquire(ctx context.Context, s *store.Store, holder string) (ops.Lease, error) {
	for {
		var l ops.Lease
		err := patiently(ctx, func() (err error) {
			l, err = s.Acquire(ctx, ops.Lease{Name: "release/cn", Holder: holder, TTL: time.Hour})
			return err
		})
		if held := (*ops.Held)(nil); !errors.As(err, &held) {
			return l, err
		}
		select {
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
			return ops.Lease{}, ctx.Err()
		}
	}
}

// alone fails when another process is inside at the same time.
func alone(ctx context.Context, s *store.Store, path, op string) error {
	inside, err := os.OpenFile(path+".inside", os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("two bots hold one lease: %w", err)
	}
	for _, write := range []func() error{
		func() error { return s.SaveOperation(ctx, reattach(op)) },
		func() error { return s.SaveStep(ctx, attach(op, 1)) },
		func() error { return s.Append(ctx, ops.AuditEvent{Op: op, Type: "step"}) },
	} {
		if err := patiently(ctx, write); err != nil {
			return err
		}
	}
	return errors.Join(inside.Close(), os.Remove(inside.Name()))
}

// die takes the lease, writes that it is about to do something, and waits
// for its end.
func die(ctx context.Context, path string) error {
	s, err := store.Open(ctx, path, wallClock{})
	if err != nil {
		return err
	}
	if _, err := acquire(ctx, s, "bot#dead"); err != nil {
		return err
	}
	if err := s.SaveOperation(ctx, reattach("x")); err != nil {
		return err
	}
	if err := s.SaveStep(ctx, attach("x", 1)); err != nil {
		return err
	}
	fmt.Println("about to")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// start runs this test binary as another bot.
func start(t *testing.T, role, path string) (*exec.Cmd, io.Reader) {
	t.Helper()
	exe, err := os.Executable()
	must(t, err)
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(os.Environ(), childVar+"="+role+" "+path)
	cmd.Stderr = os.Stderr
	_, err = cmd.StdinPipe() // stays open until the child has ended
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	return cmd, out
}

func TestSeveralProcessesShareOneFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vmqbot.db")
	var cmds []*exec.Cmd
	var outs []io.Reader
	for range bots {
		cmd, out := start(t, "work", path)
		cmds, outs = append(cmds, cmd), append(outs, out)
	}
	epochs := map[string]bool{}
	for i, cmd := range cmds {
		lines := bufio.NewScanner(outs[i])
		for lines.Scan() {
			if epochs[lines.Text()] {
				t.Errorf("epoch %s was given twice", lines.Text())
			}
			epochs[lines.Text()] = true
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("bot %d: %v", i, err)
		}
	}
	if len(epochs) != bots*rounds || !epochs["1"] || !epochs[fmt.Sprint(bots*rounds)] {
		t.Errorf("the epochs are %v", epochs)
	}
	s := open(t, path, wallClock{})
	if n, err := s.VerifyChain(t.Context()); n != bots*rounds || err != nil {
		t.Errorf("the audit has %d lines, %v", n, err)
	}
	all, err := s.Operations(t.Context(), 100)
	must(t, err)
	if len(all) != bots*rounds {
		t.Errorf("the journal has %d operations", len(all))
	}
}

func TestABotThatWasKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vmqbot.db")
	cmd, out := start(t, "die", path)
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "about to\n" {
		t.Fatalf("it says %q, %v", line, err)
	}
	must(t, cmd.Process.Kill())
	_ = cmd.Wait() // it was killed, and says so

	clock := &handClock{now: time.Now()}
	s := open(t, path, clock)
	steps, err := s.Steps(t.Context(), "x")
	must(t, err)
	if len(steps) != 1 || steps[0].State != ops.Running {
		t.Errorf("what it was about to do is not in the journal: %+v", steps)
	}
	held := (*ops.Held)(nil)
	if _, err := s.Acquire(t.Context(), wish("bot#2")); !errors.As(err, &held) || held.Lease.Holder != "bot#dead" {
		t.Errorf("its lease is not held: %v", err)
	}
	clock.turn(2 * time.Hour)
	if l, err := s.Acquire(t.Context(), wish("bot#2")); err != nil || l.Epoch != 2 {
		t.Errorf("its lease never ends: %+v, %v", l, err)
	}
}
