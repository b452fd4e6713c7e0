package dockerd

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// layer is one layer as a tar archive.
type layer struct {
	diffID string
	tar    []byte
	size   int64 // of all files
}

// newLayer reads an archive through, so that a broken one is refused.
func newLayer(archive []byte) (*layer, error) {
	l := &layer{diffID: digest(archive), tar: archive}
	r := tar.NewReader(bytes.NewReader(archive))
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return l, nil
		}
		if err != nil {
			return nil, err
		}
		if h.Typeflag == tar.TypeReg {
			l.size += h.Size
		}
	}
}

// layerOf packs a layer that is written down, the same bytes every time.
func (l *Library) layerOf(p Layer, arch string, at time.Time) (*layer, error) {
	entries := map[string]entry{}
	for _, dir := range p.Dirs {
		entries[dir] = entry{head: tar.Header{Typeflag: tar.TypeDir, Mode: 0o755}}
	}
	for name, f := range p.Files {
		mode := int64(f.Mode.Perm())
		if mode == 0 {
			mode = 0o644
		}
		entries[name] = entry{tar.Header{Typeflag: tar.TypeReg, Mode: mode}, []byte(f.Content)}
	}
	for name, prog := range p.Programs {
		if prog.Main != nil {
			l.Add(prog)
		}
		entries[name] = entry{tar.Header{Typeflag: tar.TypeReg, Mode: 0o755}, ProgramFile(prog.Name, arch, 0)}
	}
	for name, to := range p.Links {
		entries[name] = entry{head: tar.Header{Typeflag: tar.TypeSymlink, Mode: 0o777, Linkname: to}}
	}
	for name := range maps.Clone(entries) { // the folders above
		for dir := path.Dir(name); dir != "/" && dir != "."; dir = path.Dir(dir) {
			if _, ok := entries[dir]; !ok {
				entries[dir] = entry{head: tar.Header{Typeflag: tar.TypeDir, Mode: 0o755}}
			}
		}
	}
	var b bytes.Buffer
	if err := pack(&b, entries, at.Truncate(time.Second)); err != nil {
		return nil, err
	}
	made, err := newLayer(b.Bytes())
	if err != nil {
		return nil, err
	}
	return l.intern(made), nil
}

type entry struct {
	head tar.Header
	body []byte
}

func pack(to io.Writer, entries map[string]entry, at time.Time) error {
	w := tar.NewWriter(to)
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		n := entries[name]
		n.head.Name, n.head.Size, n.head.ModTime = strings.TrimPrefix(name, "/"), int64(len(n.body)), at
		if n.head.Typeflag == tar.TypeDir {
			n.head.Name += "/"
		}
		if err := w.WriteHeader(&n.head); err != nil {
			return err
		}
		if _, err := w.Write(n.body); err != nil {
			return err
		}
	}
	return w.Close()
}
