package kernel

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Root is what a process sees as /: a real folder, folders mounted into it, and
// programs, which are files that can be executed.
type Root struct {
	Dir      string             // on the real machine
	Mounts   map[string]string  // path here: folder on the real machine
	Programs map[string]Program // by path here; ForeignProgram is one for another processor
	Native   Program            // what a file that is no script runs as, when it may be executed; nil for nothing
	Links    map[string]string  // path here: where a link of the program table points
}

// ForeignProgram stands for a program that this processor cannot run.
var ForeignProgram Program = func(*Process) int { return 126 }

func (r *Root) program(at string) (Program, error) {
	for range 8 {
		to, ok := r.Links[at]
		if !ok {
			break
		}
		at = to
	}
	main, ok := r.Programs[at]
	if !ok {
		return nil, ErrNotFound
	}
	if samePointer(main, ForeignProgram) {
		return nil, ErrFormat
	}
	return main, nil
}

// Real is where a path is on the real machine.
func (r *Root) Real(at string) string {
	at = path.Clean("/" + at)
	best, dir := "", r.Dir
	for point, to := range r.Mounts {
		if (at == point || strings.HasPrefix(at, point+"/")) && len(point) > len(best) {
			best, dir = point, to
		}
	}
	return filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(at, best)))
}

// Real is where a path of the process is on the real machine.
func (p *Process) Real(name string) string { return p.Root.Real(p.abs(name)) }

// Open opens a file with the flags of package os. /proc and /sys are made up
// at the moment; /dev has null, zero, stdout, stderr and shm.
func (p *Process) Open(name string, flag int, perm fs.FileMode) (*FD, error) {
	at := p.abs(name)
	switch at {
	case "/dev/null":
		return Null(), nil
	case "/dev/stdin", "/dev/stdout", "/dev/stderr":
		return p.DupFD(map[string]int{"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}[at])
	}
	if virtual(at) {
		text, err := p.proc(at)
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
		return Input(strings.NewReader(text)), nil
	}
	real := p.Root.Real(at)
	p.Machine.mu.Lock()
	fifo := p.Machine.fifos[real]
	p.Machine.mu.Unlock()
	if fifo != nil {
		return p.openFIFO(fifo, flag)
	}
	f, err := os.OpenFile(real, flag, perm)
	if err != nil {
		return nil, p.named(err, name)
	}
	d := newFD(&file{
		real: real,
		read: func(_ context.Context, b []byte) (int, error) { return f.Read(b) },
		write: func(_ context.Context, b []byte) (int, error) {
			if p.Machine.NoRoom(real) && !inMemory(at) {
				return 0, syscall.ENOSPC
			}
			return f.Write(b)
		},
	})
	d.f.close = func() error {
		p.Machine.unlock(d.f)
		return f.Close()
	}
	return d, nil
}

// inMemory reports a path on one of Debian's tmpfs, which a full disk does not
// touch.
func inMemory(at string) bool {
	for _, dir := range []string{"/run/", "/var/run/", "/var/lock/", "/dev/shm/"} {
		if strings.HasPrefix(at, dir) {
			return true
		}
	}
	return false
}

// named makes an error speak of the name that the process used.
func (p *Process) named(err error, name string) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return &fs.PathError{Op: pe.Op, Path: name, Err: pe.Err}
	}
	return err
}

// openFIFO waits for the other side, as a kernel does. One that came and went
// meanwhile counts.
func (p *Process) openFIFO(f *Pipe, flag int) (*FD, error) {
	mine, other, side := f.reader, &f.writers, 1
	if flag&(os.O_WRONLY|os.O_RDWR) != 0 {
		mine, other, side = f.writer, &f.readers, 0
	}
	f.mu.Lock()
	before := f.opened[side]
	f.mu.Unlock()
	d := mine()
	if err := f.until(p.ctx, func() bool { return *other > 0 || f.opened[side] > before }); err != nil {
		_ = d.Close()
		return nil, err
	}
	f.mu.Unlock()
	return d, nil
}

// Mkfifo makes a named pipe.
func (p *Process) Mkfifo(name string) error {
	real := p.Real(name)
	if _, err := os.Lstat(real); err == nil {
		return &fs.PathError{Op: "mkfifo", Path: name, Err: fs.ErrExist}
	}
	if _, err := os.Stat(filepath.Dir(real)); err != nil {
		return p.named(err, name)
	}
	p.Machine.mu.Lock()
	defer p.Machine.mu.Unlock()
	if p.Machine.fifos[real] != nil {
		return &fs.PathError{Op: "mkfifo", Path: name, Err: fs.ErrExist}
	}
	p.Machine.fifos[real] = &Pipe{change: make(chan struct{})}
	return nil
}

// ReadFile reads a whole file.
func (p *Process) ReadFile(name string) ([]byte, error) {
	d, err := p.Open(name, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer d.Close() //nolint:errcheck // only read
	return io.ReadAll(&Stream{p: p, d: d})
}

// WriteFile replaces a file's content.
func (p *Process) WriteFile(name string, content []byte, perm fs.FileMode) error {
	d, err := p.Open(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, perm)
	if err != nil {
		return err
	}
	_, err = (&Stream{p: p, d: d}).Write(content)
	return errors.Join(err, d.Close())
}

// Use is an open file as a stream whose waiting ends with this process; others
// may feed the process through it.
func (p *Process) Use(d *FD) *Stream { return &Stream{p: p, d: d} }

// Remove removes a file, a named pipe or an empty folder.
func (p *Process) Remove(name string) error {
	real := p.Real(name)
	p.Machine.mu.Lock()
	_, fifo := p.Machine.fifos[real]
	delete(p.Machine.fifos, real)
	p.Machine.mu.Unlock()
	if fifo {
		return nil
	}
	return p.named(os.Remove(real), name)
}

// RemoveAll removes a tree; one that is not there is fine.
func (p *Process) RemoveAll(name string) error {
	real := p.Real(name)
	p.Machine.mu.Lock()
	for at := range p.Machine.fifos {
		if at == real || strings.HasPrefix(at, real+string(filepath.Separator)) {
			delete(p.Machine.fifos, at)
		}
	}
	p.Machine.mu.Unlock()
	return p.named(os.RemoveAll(real), name)
}

// Rename renames a file or folder within one mount.
func (p *Process) Rename(from, to string) error {
	return p.named(os.Rename(p.Real(from), p.Real(to)), from)
}

// MkdirAll makes a folder and those above it.
func (p *Process) MkdirAll(name string, perm fs.FileMode) error {
	if p.Machine.NoRoom(p.Real(name)) && !inMemory(p.abs(name)) {
		return &fs.PathError{Op: "mkdir", Path: name, Err: syscall.ENOSPC}
	}
	return p.named(os.MkdirAll(p.Real(name), perm), name)
}

// Chmod changes a file's permission bits.
func (p *Process) Chmod(name string, perm fs.FileMode) error {
	return p.named(os.Chmod(p.Real(name), perm), name)
}

// Chtimes changes when a file was last used and changed.
func (p *Process) Chtimes(name string, at time.Time) error {
	return p.named(os.Chtimes(p.Real(name), at, at), name)
}

// Readlink is where a link points.
func (p *Process) Readlink(name string) (string, error) {
	if to, ok := p.Root.Links[p.abs(name)]; ok {
		return to, nil
	}
	to, err := os.Readlink(p.Real(name))
	return to, p.named(err, name)
}
