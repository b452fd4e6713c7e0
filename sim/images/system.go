package images

import (
	"context"
	"os"
	"sync"

	"vmqbot/lab/broker/script"
	"vmqbot/sim/kernel"
)

// openFiles is `ulimit -n` in a container.
const openFiles = kernel.MaxFiles

// system is the operating system of a stand-in: the simulated kernel.
type system struct{ p *kernel.Process }

func (s *system) PID() int                  { return s.p.NSPID }
func (s *system) OpenFiles() (uint64, bool) { return openFiles, true }

func (s *system) Alive(pid int) bool {
	_, err := s.p.Find(pid)
	return err == nil
}

// Spawn starts a process that outlives this one.
func (s *system) Spawn(argv []string, log string) error {
	out, err := s.p.Open(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = s.p.Start(kernel.Spec{Argv: argv, Session: true, FDs: map[int]*kernel.FD{0: kernel.Null(), 1: out, 2: out.Dup()}})
	return err
}

func (s *system) Become(argv []string) (int, error) { return s.p.Exec(argv...) }

// Asked keeps the signals caught to the end of the process: one that comes
// while a clean stop is under way must not make a crash of it.
func (s *system) Asked(ctx context.Context) (context.Context, context.CancelFunc) {
	s.p.Ignore(kernel.HUP)
	asked := make(chan kernel.Signal, 2)
	s.p.Catch(asked, kernel.TERM, kernel.INT)
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		select {
		case <-asked:
			cancel()
		case <-ctx.Done():
		}
	})
	return ctx, func() {
		cancel()
		wg.Wait()
	}
}

func (s *system) Adopt() script.Family { return &family{p: s.p, over: make(chan struct{})} }

// family is the children of PID 1. The kernel buries the dead by itself.
type family struct {
	p    *kernel.Process
	over chan struct{}
	wg   sync.WaitGroup
}

func (f *family) Run(args ...string) (<-chan int, error) {
	child, err := f.p.Start(kernel.Spec{Argv: args})
	if err != nil {
		return nil, err
	}
	status := make(chan int, 1)
	f.wg.Go(func() {
		select {
		case <-child.Done():
			status <- child.Wait()
		case <-f.over:
		}
	})
	return status, nil
}

// Terminate counts those whose parent has ended as children.
func (f *family) Terminate() int {
	n := 0
	for _, o := range f.p.Others() {
		if o != f.p && (o.Parent == f.p || o.Parent != nil && ended(o.Parent)) {
			o.Signal(kernel.TERM)
			n++
		}
	}
	return n
}

func ended(p *kernel.Process) bool {
	select {
	case <-p.Done():
		return true
	default:
		return false
	}
}

func (f *family) Close() {
	close(f.over)
	f.wg.Wait()
}
