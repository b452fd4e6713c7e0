package shell_test

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"vmqbot/sim/fabric"
	"vmqbot/sim/kernel"
	"vmqbot/sim/tools"
)

// box is a machine with the programs of a host.
type box struct {
	t   testing.TB
	m   *kernel.Machine
	dir string
}

func newBox(t testing.TB) *box {
	t.Helper()
	b := &box{t: t, dir: t.TempDir()}
	for _, d := range []string{"tmp", "dev/shm", "run", "work", "etc/vernemq"} {
		if err := os.MkdirAll(filepath.Join(b.dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	b.m = kernel.Boot("cn-1", fabric.New().Space("cn-1"), &kernel.Root{Dir: b.dir, Programs: tools.Programs()})
	t.Cleanup(b.m.Halt)
	return b
}

// output collects what a process writes.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
	new chan struct{}
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	select {
	case o.new <- struct{}{}:
	default:
	}
	return o.buf.Write(p)
}

func (o *output) reset() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.buf.Reset()
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// running is a process with its streams.
type running struct {
	*kernel.Process
	out, err output
	in       *kernel.FD
}

// start starts a program; its input is open until in is closed.
func (b *box) start(spec kernel.Spec) *running {
	b.t.Helper()
	r := &running{out: output{new: make(chan struct{}, 1)}, err: output{new: make(chan struct{}, 1)}}
	stdin, in := kernel.NewPipe()
	r.in = in
	spec.FDs = map[int]*kernel.FD{0: stdin, 1: kernel.Output(&r.out), 2: kernel.Output(&r.err)}
	p, err := b.m.Start(spec)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Process = p
	return r
}

// sh runs a script to its end.
func (b *box) sh(stdin, script string, args ...string) (stdout, stderr string, exit int) {
	b.t.Helper()
	r := b.start(kernel.Spec{Argv: append([]string{"sh", "-c", script}, args...), Dir: "/work"})
	_, _ = r.Use(r.in).Write([]byte(stdin)) // it may end without reading
	_ = r.in.Close()
	select {
	case <-r.Done():
	case <-time.After(20 * time.Second):
		b.t.Errorf("%q does not end; it said %q and %q", script, r.out.String(), r.err.String())
		r.Signal(kernel.KILL)
	}
	exit = r.Wait()
	return r.out.String(), r.err.String(), exit
}
