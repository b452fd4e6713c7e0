package kernel

import (
	"cmp"
	"io/fs"
	"os"
	"path"
	"reflect"
	"slices"
	"strings"
	"time"
)

// info describes what is no file of the real machine.
type info struct {
	name string
	mode fs.FileMode
	size int64
	at   time.Time
}

func (i info) Name() string               { return i.name }
func (i info) Size() int64                { return i.size }
func (i info) Mode() fs.FileMode          { return i.mode }
func (i info) ModTime() time.Time         { return i.at }
func (i info) IsDir() bool                { return i.mode.IsDir() }
func (i info) Sys() any                   { return nil }
func (i info) Type() fs.FileMode          { return i.mode.Type() }
func (i info) Info() (fs.FileInfo, error) { return i, nil }

func samePointer(a, b Program) bool {
	return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer()
}

// Stat describes a file, a folder, a named pipe, a program or an entry of
// /proc.
func (p *Process) Stat(name string) (fs.FileInfo, error) {
	at := p.abs(name)
	if virtual(at) {
		return p.statProc(at, name)
	}
	if at == "/dev/null" {
		return info{name: "null", mode: fs.ModeCharDevice | fs.ModeDevice | 0o666, at: p.Machine.Booted}, nil
	}
	if p.Root.isProgram(at) {
		return info{name: path.Base(at), mode: 0o755, size: 1 << 20, at: p.Machine.Booted}, nil
	}
	real := p.Root.Real(at)
	p.Machine.mu.Lock()
	fifo := p.Machine.fifos[real]
	p.Machine.mu.Unlock()
	if fifo != nil {
		return info{name: path.Base(at), mode: fs.ModeNamedPipe | 0o644, at: time.Now()}, nil
	}
	i, err := os.Stat(real)
	if err == nil {
		return i, nil
	}
	if p.Root.isFolder(at) {
		return info{name: path.Base(at), mode: fs.ModeDir | 0o755, at: p.Machine.Booted}, nil
	}
	return nil, p.named(err, name)
}

// Lstat is Stat of a link itself.
func (p *Process) Lstat(name string) (fs.FileInfo, error) {
	at := p.abs(name)
	if _, link := p.Root.Links[at]; link {
		return info{name: path.Base(at), mode: fs.ModeSymlink | 0o777, at: p.Machine.Booted}, nil
	}
	if !virtual(at) {
		if i, err := os.Lstat(p.Root.Real(at)); err == nil {
			return i, nil
		}
	}
	return p.Stat(name)
}

func (r *Root) isProgram(at string) bool {
	_, link := r.Links[at]
	_, program := r.Programs[at]
	return link || program
}

// isFolder reports a folder that exists because a program or mount is in it.
func (r *Root) isFolder(at string) bool {
	under := strings.TrimSuffix(at, "/") + "/"
	for name := range r.Programs {
		if strings.HasPrefix(name, under) {
			return true
		}
	}
	for name := range r.Mounts {
		if strings.HasPrefix(name, under) {
			return true
		}
	}
	return at == "/"
}

// ReadDir lists a folder, sorted by name.
func (p *Process) ReadDir(name string) ([]fs.FileInfo, error) {
	at := p.abs(name)
	if virtual(at) {
		return p.listProc(at, name)
	}
	found := map[string]fs.FileInfo{}
	entries, err := os.ReadDir(p.Root.Real(at))
	if err != nil && !p.Root.isFolder(at) {
		return nil, p.named(err, name)
	}
	for _, e := range entries {
		if i, err := e.Info(); err == nil {
			found[e.Name()] = i
		}
	}
	under := strings.TrimSuffix(at, "/") + "/"
	add := func(full string) {
		rest, ok := strings.CutPrefix(full, under)
		if !ok || rest == "" {
			return
		}
		first, _, _ := strings.Cut(rest, "/")
		if i, err := p.Stat(under + first); err == nil {
			found[first] = info{first, i.Mode(), i.Size(), i.ModTime()}
		}
	}
	for full := range p.Root.Programs {
		add(full)
	}
	for full := range p.Root.Links {
		add(full)
	}
	for full := range p.Root.Mounts {
		add(full)
	}
	if at == "/" {
		add("/proc")
		add("/sys")
	}
	list := make([]fs.FileInfo, 0, len(found))
	for _, i := range found {
		list = append(list, i)
	}
	slices.SortFunc(list, func(a, b fs.FileInfo) int { return cmp.Compare(a.Name(), b.Name()) })
	return list, nil
}
