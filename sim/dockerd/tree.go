package dockerd

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"vmqbot/sim/kernel"
)

// extract unpacks an archive into a folder of the real machine. Links stay
// inside: an absolute one is written as a relative one. place, which may be
// nil, says where a path lies.
func extract(root string, archive []byte, place func(string) string) error {
	if place == nil {
		place = func(at string) string { return filepath.Join(root, filepath.FromSlash(at)) }
	}
	r := tar.NewReader(bytes.NewReader(archive))
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := put(place, h, r); err != nil {
			return err
		}
	}
}

func put(place func(string) string, h *tar.Header, body io.Reader) error {
	at := path.Clean("/" + h.Name)
	to := place(at)
	if gone, ok := strings.CutPrefix(path.Base(at), ".wh."); ok {
		if gone == ".wh..opq" {
			return nil
		}
		return os.RemoveAll(place(path.Join(path.Dir(at), gone)))
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	mode := fs.FileMode(h.Mode).Perm()
	switch h.Typeflag {
	case tar.TypeDir:
		if err := os.MkdirAll(to, mode); err != nil {
			return err
		}
		return os.Chmod(to, mode)
	case tar.TypeSymlink:
		_ = os.Remove(to)
		return os.Symlink(relative(at, h.Linkname), to)
	case tar.TypeLink:
		_ = os.Remove(to)
		return os.Link(place(path.Clean("/"+h.Linkname)), to)
	case tar.TypeReg:
		if i, err := os.Lstat(to); err == nil && !i.Mode().IsRegular() {
			if i.IsDir() {
				return broken("cannot overwrite directory %q with non-directory %q", at, at)
			}
			_ = os.Remove(to)
		}
		return write(to, mode, h.ModTime, body)
	}
	return nil // devices are of no use here
}

// write replaces a file at once, so that who has it open keeps the old one.
func write(to string, mode fs.FileMode, at time.Time, body io.Reader) error {
	_ = os.Remove(to)
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, body)
	if err := errors.Join(err, f.Close(), os.Chmod(to, mode)); err != nil {
		return err
	}
	return os.Chtimes(to, at, at)
}

// relative writes an absolute link at a path as one that stays in the root.
func relative(at, to string) string {
	if !strings.HasPrefix(to, "/") {
		return to
	}
	r, err := filepath.Rel(path.Dir(at), path.Clean(to))
	if err != nil {
		return to
	}
	return r
}

// stamp tells whether a file has changed.
type stamp struct {
	size int64
	at   time.Time
}

// stamps describes every file below a folder.
func stamps(root string) map[string]stamp {
	m := map[string]stamp{}
	_ = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if i, err := d.Info(); err == nil {
			m[name] = stamp{i.Size(), i.ModTime()}
		}
		return nil
	})
	return m
}

// written is how many bytes a container has written into its own layer.
func (c *Container) written() int64 {
	var n int64
	for name, s := range stamps(c.e.real(c.rootDir())) {
		if c.origin[name] != s {
			n += s.size
		}
	}
	return n
}

// executables finds the programs in a root folder, and the links to them.
func (e *Engine) executables(root string) (programs map[string]kernel.Program, links map[string]string) {
	programs, links = map[string]kernel.Program{}, map[string]string{}
	found := map[string]string{}
	_ = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		at := "/" + filepath.ToSlash(strings.TrimPrefix(strings.TrimPrefix(name, root), string(filepath.Separator)))
		if d.Type()&fs.ModeSymlink != 0 {
			if to, err := os.Readlink(name); err == nil {
				found[at] = path.Join(path.Dir(at), filepath.ToSlash(to))
			}
			return nil
		}
		if i, err := d.Info(); err == nil && d.Type().IsRegular() && i.Mode()&0o111 != 0 {
			if main := e.lib.program(head(name), at, e.opt.Arch); main != nil {
				programs[at] = main
			}
		}
		return nil
	})
	for at := range found {
		to := at
		for range 8 {
			if next, ok := found[to]; ok {
				to = next
			}
		}
		if programs[to] != nil {
			links[at] = to
		}
	}
	return programs, links
}

// head is how a file begins.
func head(name string) []byte {
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close() //nolint:errcheck // only read
	b := make([]byte, 256)
	n, _ := io.ReadFull(f, b)
	return b[:n]
}
