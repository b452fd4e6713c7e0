package kernel

import (
	"context"
	"io"
	"sync"
	"syscall"
)

// Pipe is a pipe, or a named one.
type Pipe struct {
	mu      sync.Mutex
	buf     []byte
	readers int
	writers int
	opened  [2]int // how often it was opened for reading, for writing
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
	p.opened[0]++
	p.stir()
	return newFD(&file{read: p.take, close: func() error { return p.leave(&p.readers) }})
}

func (p *Pipe) writer() *FD {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.writers++
	p.opened[1]++
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
	if p.readers == 0 && p.writers == 0 {
		p.buf = nil // a named pipe keeps nothing
	}
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
