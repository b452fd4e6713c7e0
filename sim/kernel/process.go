package kernel

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"vmqbot/sim/fabric"
)

// Program is what runs in a process; it returns the exit status.
type Program func(p *Process) int

// Spec is what a process is started with.
type Spec struct {
	Argv    []string
	Env     []string      // NAME=value; nil takes the parent's
	Dir     string        // working folder; "" takes the parent's, or /
	Root    *Root         // nil takes the parent's, or the machine's
	Net     *fabric.Space // nil takes the parent's, or the machine's
	PIDs    *PIDs         // nil takes the parent's, or the machine's
	FDs     map[int]*FD   // open files, which the process closes; nil duplicates the parent's
	Session bool          // a process group of its own, as setsid makes
	Main    Program       // nil finds Argv[0] in the root
}

// Process is one process. Its exported fields are set before it starts; Argv
// and Env belong to its own goroutine.
type Process struct {
	Machine *Machine
	Parent  *Process // may have ended
	PID     int      // on the machine
	NSPID   int      // in its own numbering, which is the machine's outside containers
	PIDs    *PIDs
	Root    *Root
	Net     *fabric.Space
	Argv    []string
	Env     map[string]string
	Dir     string
	Started time.Time

	ctx    context.Context
	cancel context.CancelCauseFunc
	done   chan struct{}
	exit   int

	mu      sync.Mutex
	group   *Process // leader of the process group
	argv    []string // Argv for others
	file    string   // whose base is the name of the program
	fds     map[int]*FD
	caught  map[Signal]chan<- Signal
	ignored map[Signal]bool
}

// Errors of Start, with the exit status that a shell makes of them.
var (
	ErrNotFound = errors.New("not found")         // 127
	ErrDenied   = errors.New("Permission denied") //nolint:staticcheck // 126; the kernel's words
	ErrFormat   = errors.New("Exec format error") // 126
	ErrHalted   = errors.New("the machine is down")
)

// Start starts a process without a parent.
func (m *Machine) Start(s Spec) (*Process, error) {
	return m.start(nil, s)
}

// Start starts a child.
func (p *Process) Start(s Spec) (*Process, error) { return p.Machine.start(p, s) }

// Fork runs a function in a child that is a copy of p: same words, variables,
// folder and open files.
func (p *Process) Fork(main Program) (*Process, error) {
	return p.Start(Spec{Argv: p.Argv, Main: main})
}

func (m *Machine) start(parent *Process, s Spec) (*Process, error) {
	p := &Process{Machine: m, Parent: parent, Argv: slices.Clone(s.Argv), argv: slices.Clone(s.Argv), Root: m.Root, Net: m.Net, PIDs: m.pids, Dir: "/", Started: time.Now(), done: make(chan struct{}), caught: map[Signal]chan<- Signal{}, ignored: map[Signal]bool{}}
	p.inherit(parent, s)
	if len(s.Argv) > 0 {
		p.file = s.Argv[0]
	}
	main := s.Main
	if main == nil {
		var err error
		if main, err = p.lookup(s.Argv[0]); err != nil {
			p.closeAll()
			return nil, err
		}
	}
	p.ctx, p.cancel = context.WithCancelCause(context.Background())
	if !m.enter(p) {
		p.cancel(nil)
		p.closeAll()
		return nil, ErrHalted
	}
	go p.live(main)
	return p, nil
}

// enter gives the process its numbers, unless the machine goes down or the
// first process of its container has ended. What enters here is seen by those
// who kill all, so nothing escapes them.
func (m *Machine) enter(p *Process) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.halted {
		return false
	}
	p.PID = m.pids.number()
	p.NSPID = p.PID
	if p.PIDs != m.pids {
		p.NSPID = p.PIDs.number()
		if !p.PIDs.add(p, p.NSPID) {
			return false
		}
	}
	m.pids.add(p, p.PID)
	m.run.Add(1)
	return true
}

func (p *Process) inherit(parent *Process, s Spec) {
	p.group = p
	if parent != nil {
		p.Root, p.Net, p.PIDs, p.Dir = parent.Root, parent.Net, parent.PIDs, parent.Dir
		p.Env = maps.Clone(parent.Env)
		if !s.Session {
			p.group = parent.leader()
		}
		parent.mu.Lock()
		for sig, on := range parent.ignored {
			p.ignored[sig] = on
		}
		parent.mu.Unlock()
	}
	if s.Env != nil || p.Env == nil {
		p.Env = map[string]string{}
		for _, pair := range s.Env {
			name, value, _ := strings.Cut(pair, "=")
			p.Env[name] = value
		}
	}
	if s.Dir != "" {
		p.Dir = s.Dir
	}
	if s.Root != nil {
		p.Root = s.Root
	}
	if s.Net != nil {
		p.Net = s.Net
	}
	if s.PIDs != nil {
		p.PIDs = s.PIDs
	}
	if p.fds = s.FDs; s.FDs == nil {
		p.fds = map[int]*FD{}
		if parent != nil {
			p.fds = parent.CopyFDs()
		}
	}
}

// live runs the program and cleans up behind it.
func (p *Process) live(main Program) {
	defer p.Machine.run.Done()
	status := main(p)
	if by, killed := p.KilledBy(); killed {
		status = 128 + int(by)
	}
	p.exit = status & 0xff
	p.cancel(context.Canceled)
	p.closeAll()
	if p.PIDs != p.Machine.pids {
		p.PIDs.remove(p.NSPID)
		if p.NSPID == 1 {
			p.PIDs.end()
		}
	}
	p.Machine.pids.remove(p.PID)
	close(p.done)
	if p.Parent != nil {
		p.Parent.Signal(CHLD)
	}
}

// Exec becomes another program in the same process and returns its exit
// status.
func (p *Process) Exec(argv ...string) (int, error) {
	main, err := p.lookup(argv[0])
	if err != nil {
		return 0, err
	}
	p.SetArgv(argv...)
	p.mu.Lock()
	clear(p.caught)
	p.mu.Unlock()
	return main(p), nil
}

// SetArgv changes what /proc shows as the command line.
func (p *Process) SetArgv(argv ...string) {
	file := ""
	if len(argv) > 0 {
		file = argv[0]
	}
	p.setWords(argv, file)
}

// setWords changes the command line and the name of the program file.
func (p *Process) setWords(argv []string, file string) {
	p.Argv = argv
	p.mu.Lock()
	defer p.mu.Unlock()
	p.argv, p.file = slices.Clone(argv), file
}

// Words is the command line as others see it.
func (p *Process) Words() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.argv)
}

// KilledBy is the signal that ended the process, or is about to.
func (p *Process) KilledBy() (Signal, bool) {
	var k *Killed
	if errors.As(context.Cause(p.ctx), &k) {
		return k.By, true
	}
	return 0, false
}

// Context ends when the process must.
func (p *Process) Context() context.Context { return p.ctx }

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Wait waits for the end and returns the exit status; a shell's, so 128 and the
// number for a process that a signal ended.
func (p *Process) Wait() int {
	<-p.done
	return p.exit
}

// Sleep waits, or until the process must end: then it is false.
func (p *Process) Sleep(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-p.ctx.Done():
		return false
	}
}

// abs makes a path absolute.
func (p *Process) abs(name string) string {
	if !strings.HasPrefix(name, "/") {
		name = p.Dir + "/" + name
	}
	return path.Clean(name)
}

// Environ is the environment as NAME=value, sorted.
func (p *Process) Environ() []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(p.Env)) {
		list = append(list, name+"="+p.Env[name])
	}
	return list
}

var _ fs.FileInfo = info{}
