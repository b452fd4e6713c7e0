package kernel_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"vmqbot/sim/fabric"
	"vmqbot/sim/kernel"
)

func boot(t *testing.T) (*kernel.Machine, string) {
	t.Helper()
	dir := t.TempDir()
	m := kernel.Boot("cn-1", fabric.New().Space("cn-1"), &kernel.Root{Dir: dir, Programs: map[string]kernel.Program{"/bin/idle": idle, "/bin/foreign": kernel.ForeignProgram}, Links: map[string]string{"/usr/bin/idle": "/bin/idle"}})
	t.Cleanup(m.Halt)
	return m, dir
}

func idle(p *kernel.Process) int {
	<-p.Context().Done()
	return 0
}

// run runs a function as a process and waits for its end.
func run(t *testing.T, m *kernel.Machine, main kernel.Program) int {
	t.Helper()
	p, err := m.Start(kernel.Spec{Argv: []string{"test"}, Main: main})
	if err != nil {
		t.Fatal(err)
	}
	return end(t, p)
}

func end(t *testing.T, p *kernel.Process) int {
	t.Helper()
	select {
	case <-p.Done():
	case <-time.After(20 * time.Second):
		t.Fatalf("%q does not end", p.Words())
	}
	return p.Wait()
}

func TestSignalEndsAProcess(t *testing.T) {
	m, _ := boot(t)
	p, err := m.Start(kernel.Spec{Argv: []string{"idle"}})
	if err != nil {
		t.Fatal(err)
	}
	p.Signal(0)
	p.Signal(kernel.CHLD)
	p.Signal(kernel.TERM)
	if exit := end(t, p); exit != 143 {
		t.Errorf("exit %d", exit)
	}
	if by, killed := p.KilledBy(); !killed || by != kernel.TERM {
		t.Errorf("killed by %s, %v", by, killed)
	}
	if _, found := m.Process(p.PID); found {
		t.Error("it is still there")
	}
}

func TestSignalIsCaughtOrIgnored(t *testing.T) {
	m, _ := boot(t)
	exit := run(t, m, func(p *kernel.Process) int {
		c := make(chan kernel.Signal, 2)
		p.Catch(c, kernel.TERM)
		p.Ignore(kernel.HUP)
		p.Signal(kernel.TERM)
		p.Signal(kernel.HUP)
		if s := <-c; s != kernel.TERM || p.Context().Err() != nil {
			return 1
		}
		child, err := p.Start(kernel.Spec{Argv: []string{"child"}, Main: func(c *kernel.Process) int {
			c.Signal(kernel.HUP)
			if c.Context().Err() == nil && c.Ignores(kernel.HUP) && !c.Ignores(kernel.TERM) {
				return 7
			}
			return 1
		}})
		if err != nil || child.Wait() != 7 {
			return 2
		}
		p.Default(kernel.TERM)
		p.Signal(kernel.TERM)
		return 0
	})
	if exit != 143 {
		t.Errorf("exit %d", exit)
	}
}

func TestGroups(t *testing.T) {
	m, _ := boot(t)
	exit := run(t, m, func(p *kernel.Process) int {
		leader, err1 := p.Start(kernel.Spec{Argv: []string{"idle"}, Session: true})
		own, err2 := p.Start(kernel.Spec{Argv: []string{"idle"}})
		if errors.Join(err1, err2) != nil {
			return 1
		}
		if !p.Kill(-leader.NSPID, kernel.KILL) || leader.Wait() != 137 || p.Kill(-leader.NSPID, kernel.KILL) {
			return 2
		}
		if own.Context().Err() != nil || own.GroupFor(p) != p.NSPID {
			return 3
		}
		own.Signal(kernel.KILL)
		own.Wait()
		if p.Setsid() {
			return 4 // it leads its group from the start
		}
		return 0
	})
	if exit != 0 {
		t.Errorf("exit %d", exit)
	}
}

func TestContainer(t *testing.T) {
	m, _ := boot(t)
	pids := m.Container()
	first, err := m.Start(kernel.Spec{Argv: []string{"idle"}, PIDs: pids})
	if err != nil {
		t.Fatal(err)
	}
	second, err := m.Start(kernel.Spec{Argv: []string{"idle"}, PIDs: pids})
	if err != nil {
		t.Fatal(err)
	}
	if first.NSPID != 1 || second.NSPID != 2 || first.PID == 1 || len(second.Others()) != 2 || len(m.Processes()) != 2 {
		t.Errorf("numbers %d and %d", first.NSPID, second.NSPID)
	}
	first.Signal(kernel.TERM) // it did not ask for it
	second.Kill(1, kernel.KILL)
	if first.Context().Err() != nil {
		t.Error("the first process of a container can be killed from inside")
	}
	first.Signal(kernel.KILL)
	end(t, first)
	if exit := end(t, second); exit != 137 {
		t.Errorf("exit %d", exit)
	}
	if _, err := m.Start(kernel.Spec{Argv: []string{"idle"}, PIDs: pids}); !errors.Is(err, kernel.ErrHalted) {
		t.Errorf("a container without its first process takes another: %v", err)
	}
}

func TestHaltLeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	m, _ := boot(t)
	var starters sync.WaitGroup
	for range 4 {
		starters.Go(func() {
			for {
				if _, err := m.Start(kernel.Spec{Argv: []string{"idle"}}); err != nil {
					return
				}
			}
		})
	}
	for len(m.Processes()) < 100 {
		runtime.Gosched()
	}
	m.Halt()
	starters.Wait()
	if left := m.Processes(); len(left) != 0 {
		t.Errorf("%d are left", len(left))
	}
	for late := time.Now().Add(20 * time.Second); runtime.NumGoroutine() > before && time.Now().Before(late); {
		runtime.Gosched()
	}
	if now := runtime.NumGoroutine(); now > before {
		t.Errorf("%d goroutines, %d before", now, before)
	}
}

func TestPrograms(t *testing.T) {
	m, dir := boot(t)
	for name, text := range map[string]string{"script": "#!/bin/idle x\n", "plain": "text", "denied": "#!/bin/idle\n", "lost": "#!/bin/nothing\n"} {
		mode := os.FileMode(0o755)
		if name == "denied" {
			mode = 0o644
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]error{"/bin/idle": nil, "idle": nil, "/usr/bin/idle": nil, "/script": nil, "nope": kernel.ErrNotFound, "/nope": kernel.ErrNotFound,
		"/bin/foreign": kernel.ErrFormat, "/plain": kernel.ErrFormat, "/denied": kernel.ErrDenied, "/": kernel.ErrDenied, "/lost": kernel.ErrNotFound} {
		p, err := m.Start(kernel.Spec{Argv: []string{name}})
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
		if p != nil {
			p.Signal(kernel.KILL)
		}
	}
	p, err := m.Start(kernel.Spec{Argv: []string{"/script", "y"}})
	if err != nil {
		t.Fatal(err)
	}
	for late := time.Now().Add(20 * time.Second); len(p.Words()) != 4 && time.Now().Before(late); {
		runtime.Gosched()
	}
	if words := p.Words(); !slices.Equal(words, []string{"/bin/idle", "x", "/script", "y"}) || p.Comm() != "script" {
		t.Errorf("%q, %s", words, p.Comm())
	}
}

func TestProc(t *testing.T) {
	m, _ := boot(t)
	exit := run(t, m, func(p *kernel.Process) int {
		text, err := p.ReadFile("/proc/self/cmdline")
		if err != nil || string(text) != "test\x00" {
			return 1
		}
		if text, err = p.ReadFile("/proc/self/stat"); err != nil || !strings.Contains(string(text), " (test) S 0 ") {
			return 2
		}
		if _, err = p.ReadFile("/proc/99999/comm"); !errors.Is(err, os.ErrNotExist) {
			return 3
		}
		list, err := p.ReadDir("/proc")
		if err != nil || !slices.ContainsFunc(list, func(i os.FileInfo) bool { return i.Name() == "self" && i.IsDir() }) {
			return 4
		}
		if text, err = p.ReadFile("/proc/1/comm"); err != nil || string(text) != "init\n" {
			return 5
		}
		return 0
	})
	if exit != 0 {
		t.Errorf("exit %d", exit)
	}
}

func TestFullDisk(t *testing.T) {
	m, _ := boot(t)
	m.Full.Store(true)
	if exit := run(t, m, func(p *kernel.Process) int {
		err := p.WriteFile("/f", []byte("x"), 0o644)
		if !errors.Is(err, syscall.ENOSPC) || kernel.Reason(err) != "No space left on device" {
			return 1
		}
		return 0
	}); exit != 0 {
		t.Errorf("exit %d", exit)
	}
	if used, free := m.Disk(); used != kernel.DiskSize || free != 0 {
		t.Errorf("used %d, free %d", used, free)
	}
}

func TestSignalNames(t *testing.T) {
	for word, want := range map[string]kernel.Signal{"TERM": 15, "SIGTERM": 15, "15": 15, "term": 15, "0": 0, "EXIT": 0, "WINCH": 28} {
		if got, ok := kernel.SignalOf(word); !ok || got != want {
			t.Errorf("%s: %d, %v", word, got, ok)
		}
	}
	for _, word := range []string{"", "NOPE", "-1", "999"} {
		if got, ok := kernel.SignalOf(word); ok {
			t.Errorf("%q is %s", word, got)
		}
	}
}
