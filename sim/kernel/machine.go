package kernel

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"vmqbot/sim/fabric"
)

// Machine is one computer that runs.
type Machine struct {
	Name   string
	Net    *fabric.Space // the machine's own network namespace
	Root   *Root         // what its processes see as /
	Booted time.Time
	Full   atomic.Bool  // its disk takes not another byte; see FillUnder
	Used   atomic.Int64 // bytes of its disk that are in use

	under atomic.Pointer[string] // the real folder to which Full is limited

	mu      sync.Mutex
	pids    *PIDs
	fifos   map[string]*Pipe // by real path
	locks   lockTable
	local   *fabric.Space // carries the unix sockets
	sockets map[string]*unixSocket
	run     sync.WaitGroup
	halted  bool
}

// startup is how long a machine has run when its first process starts here:
// what a kernel and its services take.
const startup = 20 * time.Second

// Boot makes a machine without processes.
func Boot(name string, net *fabric.Space, root *Root) *Machine {
	return &Machine{
		Name: name, Net: net, Root: root, Booted: time.Now().Add(-startup), pids: newPIDs(nil), fifos: map[string]*Pipe{},
		locks: lockTable{map[string]map[*file]bool{}, make(chan struct{})},
		local: fabric.New().Space(name + " unix"), sockets: map[string]*unixSocket{},
	}
}

// DiskSize is the size of a machine's disk in bytes.
const DiskSize = 40 << 30

// FillUnder takes the room away below one folder of the real machine, as if a
// small disk were mounted there; "" is the whole disk.
func (m *Machine) FillUnder(real string) {
	m.under.Store(&real)
	m.Full.Store(true)
}

// NoRoom reports that nothing more can be written to a file, which is named by
// its path on the real machine.
func (m *Machine) NoRoom(real string) bool {
	if !m.Full.Load() {
		return false
	}
	under := m.under.Load()
	return under == nil || *under == "" || real == *under || strings.HasPrefix(real, *under+string(filepath.Separator))
}

// Disk is how much of the disk is in use and free, in bytes.
func (m *Machine) Disk() (used, free int64) {
	used = min(max(m.Used.Load(), 0), DiskSize)
	if m.Full.Load() {
		used = DiskSize
	}
	return used, DiskSize - used
}

// Halt kills every process and waits until all have ended. Nothing starts
// afterwards.
func (m *Machine) Halt() {
	m.mu.Lock()
	m.halted = true
	m.mu.Unlock()
	for _, p := range m.Processes() {
		p.Signal(KILL)
	}
	m.run.Wait()
}

// Processes are all that run, by number.
func (m *Machine) Processes() []*Process { return m.pids.all() }

// Process finds one by the number that the machine gave it.
func (m *Machine) Process(pid int) (*Process, bool) { return m.pids.find(pid) }

// PIDs numbers processes: those of the machine, or of one container, where
// numbers begin at 1.
type PIDs struct {
	parent *PIDs
	mu     sync.Mutex
	last   int
	ended  bool // the first process of the container has ended
	procs  map[int]*Process
}

func newPIDs(parent *PIDs) *PIDs {
	return &PIDs{parent: parent, procs: map[int]*Process{}, last: map[bool]int{true: 300}[parent == nil]}
}

// Container makes the process numbers of a container. When the first process
// ends all others are killed.
func (m *Machine) Container() *PIDs { return newPIDs(m.pids) }

// number is the next number.
func (n *PIDs) number() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.last++
	return n.last
}

// add makes a process, whose numbers are set, visible; false when none may
// start any more.
func (n *PIDs) add(p *Process, pid int) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ended {
		return false
	}
	n.procs[pid] = p
	return true
}

// end kills all and waits until they have ended.
func (n *PIDs) end() {
	n.mu.Lock()
	n.ended = true
	n.mu.Unlock()
	for _, o := range n.all() {
		o.Signal(KILL)
		<-o.done
	}
}

func (n *PIDs) remove(pid int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.procs, pid)
}

func (n *PIDs) find(pid int) (*Process, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	p, ok := n.procs[pid]
	return p, ok
}

func (n *PIDs) all() []*Process {
	n.mu.Lock()
	defer n.mu.Unlock()
	list := make([]*Process, 0, len(n.procs))
	for _, p := range n.procs {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b *Process) int { return cmp.Compare(a.PID, b.PID) })
	return list
}

// numberIn is the process's number for those who live in n; 0 when it is not
// seen from there.
func (p *Process) numberIn(n *PIDs) int {
	switch n {
	case p.PIDs:
		return p.NSPID
	case p.Machine.pids:
		return p.PID
	}
	return 0
}

// Find is the process that has this number for p.
func (p *Process) Find(pid int) (*Process, error) {
	if o, ok := p.PIDs.find(pid); ok {
		return o, nil
	}
	return nil, fmt.Errorf("No such process") //nolint:staticcheck // the kernel's words
}

// Others are the processes that p sees, itself among them.
func (p *Process) Others() []*Process { return p.PIDs.all() }
