package kernel

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"syscall"
)

// Stream is an open file as a process reads and writes it: its waiting ends
// with the process, and a process that has been killed writes no more.
type Stream struct {
	p *Process
	d *FD
}

// Read reads; EBADF when the file is not open for it.
func (s *Stream) Read(b []byte) (int, error) { return s.ReadContext(s.p.ctx, b) }

// ReadContext is Read whose waiting ends with a context, as a system call ends
// with a signal. The context must end with the process's.
func (s *Stream) ReadContext(ctx context.Context, b []byte) (int, error) {
	if s.d == nil || s.d.f.read == nil {
		return 0, syscall.EBADF
	}
	if err := s.p.ctx.Err(); err != nil {
		return 0, context.Cause(s.p.ctx)
	}
	return s.d.f.read(ctx, b)
}

// ReadByteContext reads one byte and leaves what follows.
func (s *Stream) ReadByteContext(ctx context.Context) (byte, error) {
	var b [1]byte
	n, err := s.ReadContext(ctx, b[:])
	if n == 1 {
		return b[0], nil
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	return 0, err
}

// Write writes; EBADF when the file is not open for it. To write where nobody
// reads is SIGPIPE, and EPIPE for those who ignore it.
func (s *Stream) Write(b []byte) (int, error) {
	if s.d == nil || s.d.f.write == nil {
		return 0, syscall.EBADF
	}
	if err := s.p.ctx.Err(); err != nil {
		return 0, context.Cause(s.p.ctx)
	}
	n, err := s.d.f.write(s.p.ctx, b)
	if Broken(err) {
		s.p.Signal(PIPE)
	}
	return n, err
}

// Broken reports that a write failed because nobody reads any more.
func Broken(err error) bool { return errors.Is(err, syscall.EPIPE) }

// Reason is an error in the words of strerror(3), without the path.
func Reason(err error) string {
	var no syscall.Errno
	switch {
	case errors.As(err, &no):
	case errors.Is(err, fs.ErrNotExist):
		no = syscall.ENOENT
	case errors.Is(err, fs.ErrExist):
		no = syscall.EEXIST
	case errors.Is(err, fs.ErrPermission):
		no = syscall.EACCES
	default:
		return err.Error()
	}
	text := no.Error()
	return strings.ToUpper(text[:1]) + text[1:]
}
