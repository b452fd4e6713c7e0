package kernel

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"syscall"
)

// FD is one reference to an open file. Each process owns its references.
type FD struct{ f *file }

// file is an open file with its references counted.
type file struct {
	mu     sync.Mutex
	refs   int
	read   func(context.Context, []byte) (int, error)
	write  func(context.Context, []byte) (int, error)
	close  func() error
	closed chan struct{}
	real   string // the path on the real machine, of a real file
}

func newFD(f *file) *FD {
	f.refs, f.closed = 1, make(chan struct{})
	return &FD{f}
}

// Dup is another reference to the same open file.
func (d *FD) Dup() *FD {
	d.f.mu.Lock()
	defer d.f.mu.Unlock()
	d.f.refs++
	return &FD{d.f}
}

// Close gives the reference back; the file closes with the last one. Closing a
// reference twice is the caller's mistake.
func (d *FD) Close() error {
	d.f.mu.Lock()
	d.f.refs--
	last := d.f.refs == 0
	d.f.mu.Unlock()
	if !last {
		return nil
	}
	close(d.f.closed)
	if d.f.close != nil {
		return d.f.close()
	}
	return nil
}

// Null reads as empty and takes everything.
func Null() *FD {
	return newFD(&file{
		read:  func(context.Context, []byte) (int, error) { return 0, io.EOF },
		write: func(_ context.Context, b []byte) (int, error) { return len(b), nil },
	})
}

// Input reads from a reader that never blocks, as a here-document does.
func Input(r io.Reader) *FD {
	var mu sync.Mutex
	return newFD(&file{read: func(_ context.Context, b []byte) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		return r.Read(b)
	}})
}

// Output hands what is written to a writer, one write at a time. The writer
// must not block for ever.
func Output(w io.Writer) *FD {
	var mu sync.Mutex
	return newFD(&file{write: func(_ context.Context, b []byte) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		return w.Write(b)
	}})
}

// FD is the process's open file of that number, as a stream; one that is not
// open fails on use.
func (p *Process) FD(n int) *Stream {
	p.mu.Lock()
	defer p.mu.Unlock()
	return &Stream{p, p.fds[n]}
}

// Stdin is the standard input.
func (p *Process) Stdin() io.Reader { return p.FD(0) }

// Stdout is the standard output.
func (p *Process) Stdout() io.Writer { return p.FD(1) }

// Stderr is the standard error.
func (p *Process) Stderr() io.Writer { return p.FD(2) }

// Printf prints to the standard output; Errorf to the standard error.
func (p *Process) Printf(format string, args ...any) { _, _ = fmt.Fprintf(p.Stdout(), format, args...) }

// Errorf prints to the standard error.
func (p *Process) Errorf(format string, args ...any) { _, _ = fmt.Fprintf(p.Stderr(), format, args...) }

// SetFD makes d the process's open file n and closes the one before; nil
// closes only.
func (p *Process) SetFD(n int, d *FD) {
	p.mu.Lock()
	old := p.fds[n]
	delete(p.fds, n)
	if d != nil {
		p.fds[n] = d
	}
	p.mu.Unlock()
	if old != nil {
		_ = old.Close()
	}
}

// DupFD is another reference to the process's open file n.
func (p *Process) DupFD(n int) (*FD, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	d := p.fds[n]
	if d == nil {
		return nil, fmt.Errorf("%d: %w", n, syscall.EBADF)
	}
	return d.Dup(), nil
}

// CopyFDs is another reference to each open file, for Spec.FDs.
func (p *Process) CopyFDs() map[int]*FD {
	p.mu.Lock()
	defer p.mu.Unlock()
	fds := make(map[int]*FD, len(p.fds))
	for n, d := range p.fds {
		fds[n] = d.Dup()
	}
	return fds
}

// FDs are the numbers of the open files.
func (p *Process) FDs() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Sorted(maps.Keys(p.fds))
}

func (p *Process) closeAll() {
	p.mu.Lock()
	fds := p.fds
	p.fds = map[int]*FD{}
	p.mu.Unlock()
	for _, d := range fds {
		_ = d.Close()
	}
}
