package kernel_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"vmqbot/sim/kernel"
)

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
