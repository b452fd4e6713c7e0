package dockerd

import (
	"archive/tar"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/docker/docker/api/types/container"
)

// mostLinks is how many links in a row are followed.
const mostLinks = 40

// place is where a path of the container, whose links are followed, lies on
// the real machine. last says whether the last part is followed too.
func (c *Container) place(at string, last bool) (inside, real string, err error) {
	parts := strings.Split(strings.Trim(path.Clean("/"+at), "/"), "/")
	inside, hops := "/", 0
	for i := 0; i < len(parts); i++ {
		if parts[i] == "" {
			continue
		}
		next := path.Join(inside, parts[i])
		to, err := os.Readlink(c.real(next))
		if err != nil || i == len(parts)-1 && !last {
			inside = next
			continue
		}
		if hops++; hops > mostLinks {
			return "", "", broken("too many links")
		}
		if to = filepath.ToSlash(to); !strings.HasPrefix(to, "/") {
			to = path.Join(inside, to)
		}
		parts = append(strings.Split(strings.Trim(path.Clean(to), "/"), "/"), parts[i+1:]...)
		inside, i = "/", -1
	}
	return inside, c.real(inside), nil
}

// real is where a path without links lies on the real machine, with the mounts.
func (c *Container) real(at string) string {
	best, dir := "", c.e.real(c.rootDir())
	for to, source := range c.mountTable() {
		if (at == to || strings.HasPrefix(at, to+"/")) && len(to) > len(best) {
			best, dir = to, source
		}
	}
	return filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(at, best)))
}

// stat describes a path; the last part is not followed, only where it leads.
func (c *Container) stat(at, asked string) (container.PathStat, string, error) {
	none := missing("Could not find the file %s in container %s", at, asked)
	if err := c.ready(); err != nil {
		return container.PathStat{}, "", err
	}
	inside, real, err := c.place(at, false)
	if err != nil {
		return container.PathStat{}, "", err
	}
	i, err := os.Lstat(real)
	if err != nil {
		return container.PathStat{}, "", none
	}
	s := container.PathStat{Name: path.Base(inside), Size: i.Size(), Mode: i.Mode(), Mtime: i.ModTime()}
	if i.Mode()&fs.ModeSymlink != 0 {
		if s.LinkTarget, _, err = c.place(inside, true); err != nil {
			return s, "", err
		}
	}
	if strings.HasSuffix(at, "/") && !i.IsDir() && s.LinkTarget == "" {
		return s, "", broken("lstat %s: %s", at, syscall.ENOTDIR)
	}
	return s, inside, nil
}

// read writes an archive of a path, with everything below it. With /. behind
// it the archive is of what is in the folder, to be unpacked in another one.
func (c *Container) read(at, asked string, w io.Writer) error {
	_, inside, err := c.stat(at, asked)
	if err != nil {
		return err
	}
	t := tar.NewWriter(w)
	root, base := c.real(inside), path.Base(inside)
	if strings.HasSuffix(at, "/.") {
		base = "."
	}
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rest := strings.TrimPrefix(filepath.ToSlash(strings.TrimPrefix(name, root)), "/")
		return add(t, name, strings.TrimSuffix(base+"/"+rest, "/"), d)
	})
	return errors.Join(err, t.Close())
}

// add writes one file of the real machine into an archive.
func add(t *tar.Writer, name, as string, d fs.DirEntry) error {
	i, err := d.Info()
	if err != nil {
		return err
	}
	to := ""
	if i.Mode()&fs.ModeSymlink != 0 {
		if to, err = os.Readlink(name); err != nil {
			return err
		}
	}
	h, err := tar.FileInfoHeader(i, to)
	if err != nil {
		return nil //nolint:nilerr // a socket; tar knows none
	}
	if h.Name = as; i.IsDir() {
		h.Name += "/"
	}
	h.Uid, h.Gid, h.Uname, h.Gname = 0, 0, "", ""
	if err := t.WriteHeader(h); err != nil || !i.Mode().IsRegular() {
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	_, err = io.CopyN(t, f, i.Size())
	return err
}

// write unpacks an archive into a folder.
func (c *Container) write(at, asked string, archive io.Reader) error {
	if err := c.ready(); err != nil {
		return err
	}
	inside, real, err := c.place(at, true)
	if err != nil {
		return err
	}
	if c.e.machine.NoRoom(real) {
		return broken("write %s: %s", at, syscall.ENOSPC)
	}
	i, err := os.Stat(real)
	if err != nil {
		return missing("Could not find the file %s in container %s", at, asked)
	}
	if !i.IsDir() {
		return broken("extraction point is not a directory")
	}
	for _, m := range c.mounts {
		if m.readOnly && (inside == m.to || strings.HasPrefix(inside, m.to+"/")) {
			return refuse(403, "mounted volume is marked read-only")
		}
	}
	body, err := io.ReadAll(archive)
	if err != nil {
		return broken("%v", err)
	}
	err = extract("", body, func(name string) string { return c.real(path.Join(inside, name)) })
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, tar.ErrHeader) {
		return nil // what is no archive holds no files
	}
	if err != nil {
		return broken("%v", err)
	}
	return nil
}
