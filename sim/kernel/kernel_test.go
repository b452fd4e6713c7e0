package kernel_test

import (
	"context"
	"errors"
	"io"
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

func TestPipe(t *testing.T) {
	m, _ := boot(t)
	r, w := kernel.NewPipe()
	big := strings.Repeat("0123456789", 20<<10)
	writer, err := m.Start(kernel.Spec{Argv: []string{"w"}, FDs: map[int]*kernel.FD{1: w}, Main: func(p *kernel.Process) int {
		p.Printf("%s", big)
		return 0
	}})
	if err != nil {
		t.Fatal(err)
	}
	var got []byte
	reader, err := m.Start(kernel.Spec{Argv: []string{"r"}, FDs: map[int]*kernel.FD{0: r}, Main: func(p *kernel.Process) int {
		got, _ = io.ReadAll(p.Stdin())
		return 0
	}})
	if err != nil {
		t.Fatal(err)
	}
	end(t, writer)
	end(t, reader)
	if string(got) != big {
		t.Errorf("%d bytes of %d came through", len(got), len(big))
	}
}

func TestPipeThatNobodyReads(t *testing.T) {
	m, _ := boot(t)
	for _, ignored := range []bool{false, true} {
		r, w := kernel.NewPipe()
		_ = r.Close()
		var failed error
		p, err := m.Start(kernel.Spec{Argv: []string{"w"}, FDs: map[int]*kernel.FD{1: w}, Main: func(p *kernel.Process) int {
			if ignored {
				p.Ignore(kernel.PIPE)
			}
			_, failed = p.Stdout().Write([]byte("x"))
			return 0
		}})
		if err != nil {
			t.Fatal(err)
		}
		if exit := end(t, p); exit != map[bool]int{false: 141, true: 0}[ignored] || !kernel.Broken(failed) {
			t.Errorf("ignored %v: exit %d, %v", ignored, exit, failed)
		}
	}
}

func TestFIFO(t *testing.T) {
	m, dir := boot(t)
	exit := run(t, m, func(p *kernel.Process) int {
		if p.Mkfifo("/f") != nil || p.Mkfifo("/f") == nil || p.Mkfifo("/no/f") == nil {
			return 1
		}
		w, err := p.Fork(func(p *kernel.Process) int { // opens, writes nothing, and is gone
			d, err := p.Open("/f", os.O_WRONLY, 0)
			if err != nil {
				return 1
			}
			_ = d.Close()
			return 0
		})
		if err != nil {
			return 2
		}
		if text, err := p.ReadFile("/f"); err != nil || len(text) != 0 || w.Wait() != 0 {
			return 3
		}
		if _, err := p.Fork(func(p *kernel.Process) int { _ = p.WriteFile("/f", []byte("through"), 0); return 0 }); err != nil {
			return 4
		}
		if text, err := p.ReadFile("/f"); err != nil || string(text) != "through" {
			return 5
		}
		if i, err := p.Stat("/f"); err != nil || i.Mode()&os.ModeNamedPipe == 0 || p.Remove("/f") != nil {
			return 6
		}
		return 0
	})
	if _, err := os.Lstat(filepath.Join(dir, "f")); exit != 0 || err == nil {
		t.Errorf("exit %d, %v", exit, err)
	}
}

func TestKilledWhileItWaits(t *testing.T) {
	m, _ := boot(t)
	r, w := kernel.NewPipe()
	defer w.Close() //nolint:errcheck // a pipe
	for name, main := range map[string]kernel.Program{
		"read": func(p *kernel.Process) int { _, _ = p.Stdin().Read(make([]byte, 1)); return 0 },
		"open": func(p *kernel.Process) int {
			_ = p.Mkfifo("/g")
			_, _ = p.Open("/g", os.O_RDONLY, 0)
			return 0
		},
		"sleep": func(p *kernel.Process) int { p.Sleep(time.Hour); return 0 },
		"write": func(p *kernel.Process) int { _, _ = p.FD(4).Write(make([]byte, 1<<20)); return 0 },
	} {
		spare, full := kernel.NewPipe()
		p, err := m.Start(kernel.Spec{Argv: []string{name}, FDs: map[int]*kernel.FD{0: r.Dup(), 3: spare, 4: full}, Main: main})
		if err != nil {
			t.Fatal(err)
		}
		p.Signal(kernel.KILL)
		if exit := end(t, p); exit != 137 {
			t.Errorf("%s: exit %d", name, exit)
		}
	}
	_ = r.Close()
}

func TestFlock(t *testing.T) {
	m, _ := boot(t)
	exit := run(t, m, func(p *kernel.Process) int {
		open := func() *kernel.FD {
			d, err := p.Open("/lock", os.O_CREATE|os.O_RDWR, 0o644)
			if err != nil {
				t.Error(err)
			}
			return d
		}
		a, b := open(), open()
		if p.Flock(nil, a, true) != nil || !errors.Is(p.Flock(nil, b, false), syscall.EWOULDBLOCK) { //nolint:staticcheck // nil does not wait
			return 1
		}
		again := a.Dup()
		_ = a.Close()
		if p.Flock(nil, b, true) == nil { //nolint:staticcheck // as above
			return 2 // the other reference holds it
		}
		got := make(chan error, 1)
		go func() { got <- p.Flock(context.Background(), b, true) }()
		_ = again.Close()
		if <-got != nil {
			return 3
		}
		c := open()
		p.Unflock(b)
		if p.Flock(nil, b, false) != nil || p.Flock(nil, c, false) != nil { //nolint:staticcheck // as above
			return 4
		}
		return errorCount(b.Close(), c.Close())
	})
	if exit != 0 {
		t.Errorf("exit %d", exit)
	}
}

func errorCount(list ...error) int {
	n := 0
	for _, err := range list {
		if err != nil {
			n++
		}
	}
	return n
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
