package kernel

import (
	"context"
	"errors"
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

// Pipe is a pipe, or a named one.
type Pipe struct {
	mu      sync.Mutex
	buf     []byte
	readers int
	writers int
	change  chan struct{}
}

// pipeSize is what a pipe holds.
const pipeSize = 64 << 10

// NewPipe makes a pipe and both its ends.
func NewPipe() (r, w *FD) {
	p := &Pipe{change: make(chan struct{})}
	return p.reader(), p.writer()
}

func (p *Pipe) reader() *FD {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.readers++
	p.stir()
	return newFD(&file{read: p.take, close: func() error { return p.leave(&p.readers) }})
}

func (p *Pipe) writer() *FD {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.writers++
	p.stir()
	return newFD(&file{write: p.put, close: func() error { return p.leave(&p.writers) }})
}

func (p *Pipe) stir() {
	close(p.change)
	p.change = make(chan struct{})
}

func (p *Pipe) leave(side *int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	*side--
	p.stir()
	return nil
}

// until waits for a condition, which is asked under the lock.
func (p *Pipe) until(ctx context.Context, ok func() bool) error {
	for {
		p.mu.Lock()
		if ok() {
			return nil // with the lock
		}
		change := p.change
		p.mu.Unlock()
		select {
		case <-change:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func (p *Pipe) take(ctx context.Context, b []byte) (int, error) {
	if err := p.until(ctx, func() bool { return len(p.buf) > 0 || p.writers == 0 }); err != nil {
		return 0, err
	}
	defer p.mu.Unlock()
	if len(p.buf) == 0 {
		return 0, io.EOF
	}
	n := copy(b, p.buf)
	p.buf = p.buf[n:]
	p.stir()
	return n, nil
}

func (p *Pipe) put(ctx context.Context, b []byte) (int, error) {
	done := 0
	for done < len(b) {
		if err := p.until(ctx, func() bool { return len(p.buf) < pipeSize || p.readers == 0 }); err != nil {
			return done, err
		}
		if p.readers == 0 {
			p.mu.Unlock()
			return done, syscall.EPIPE
		}
		n := min(len(b)-done, pipeSize-len(p.buf))
		p.buf = append(p.buf, b[done:done+n]...)
		done += n
		p.stir()
		p.mu.Unlock()
	}
	return done, nil
}

// Stream is an open file as a process reads and writes it: its waiting ends
// with the process.
type Stream struct {
	p *Process
	d *FD
}

// Read reads; EBADF when the file is not open for it.
func (s *Stream) Read(b []byte) (int, error) {
	if s.d == nil || s.d.f.read == nil {
		return 0, syscall.EBADF
	}
	return s.d.f.read(s.p.ctx, b)
}

// Write writes; EBADF when the file is not open for it.
func (s *Stream) Write(b []byte) (int, error) {
	if s.d == nil || s.d.f.write == nil {
		return 0, syscall.EBADF
	}
	return s.d.f.write(s.p.ctx, b)
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

func (p *Process) dupAll() map[int]*FD {
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

// Broken reports that a write failed because nobody reads any more.
func Broken(err error) bool { return errors.Is(err, syscall.EPIPE) }
