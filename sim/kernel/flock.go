package kernel

import (
	"context"
	"syscall"
)

// lockTable is who holds the locks of flock(2) of one machine, by real path.
type lockTable struct {
	held   map[string]map[*file]bool // true: alone
	change chan struct{}
}

// Flock locks an open file, alone or shared, and waits for others as long as
// the context lives; a nil context does not wait: EWOULDBLOCK. The lock ends
// when the last reference to the open file is closed.
func (p *Process) Flock(ctx context.Context, d *FD, alone bool) error {
	m := p.Machine
	if d.f.real == "" {
		return syscall.EBADF
	}
	for {
		m.mu.Lock()
		if m.lockFree(d.f, alone) {
			if m.locks.held[d.f.real] == nil {
				m.locks.held[d.f.real] = map[*file]bool{}
			}
			m.locks.held[d.f.real][d.f] = alone
			m.mu.Unlock()
			return nil
		}
		change := m.locks.change
		m.mu.Unlock()
		if ctx == nil {
			return syscall.EWOULDBLOCK
		}
		select {
		case <-change:
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-p.ctx.Done():
			return context.Cause(p.ctx)
		}
	}
}

func (m *Machine) lockFree(f *file, alone bool) bool {
	for other, theirs := range m.locks.held[f.real] {
		if other != f && (alone || theirs) {
			return false
		}
	}
	return true
}

// Unflock gives the lock back.
func (p *Process) Unflock(d *FD) { p.Machine.unlock(d.f) }

func (m *Machine) unlock(f *file) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, locked := m.locks.held[f.real][f]; !locked {
		return
	}
	if delete(m.locks.held[f.real], f); len(m.locks.held[f.real]) == 0 {
		delete(m.locks.held, f.real)
	}
	close(m.locks.change)
	m.locks.change = make(chan struct{})
}
