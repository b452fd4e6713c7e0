package stock

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
	"time"
)

// Archive is what `docker load` takes, without the layers that an engine has
// already: it finds those by what the configuration says of them. The same image
// makes the same bytes, so that a transfer may go on in the middle.
type Archive struct {
	SHA256 string // of the whole
	Size   int64  // bytes

	parts []part
	files []*os.File
}

// part is some of the archive's bytes, which begin at off.
type part struct {
	off, size int64
	from      io.ReaderAt
}

// Archive makes one of an image from the given layer on. Close it.
func (s *Stock) Archive(i Image, from int) (a *Archive, err error) {
	a = &Archive{}
	defer func() {
		if err != nil {
			_ = a.Close()
		}
	}()
	config := strings.TrimPrefix(i.ID, "sha256:") + ".json"
	layers := make([]string, len(i.Layers))
	for n, l := range i.Layers {
		layers[n] = strings.TrimPrefix(l.DiffID, "sha256:") + ".tar" // compressed: the engine looks at the content
	}
	manifest, err := json.Marshal([]any{map[string]any{"Config": config, "RepoTags": nil, "Layers": layers}})
	if err != nil {
		return a, err
	}
	for _, f := range []struct {
		name string
		body []byte
	}{{"manifest.json", manifest}, {config, i.Config}} {
		if err := a.file(f.name, int64(len(f.body)), bytes.NewReader(f.body)); err != nil {
			return a, err
		}
	}
	for n, l := range i.Layers {
		if n < from {
			continue
		}
		if l.Digest == "" {
			return a, fmt.Errorf("the layer %s is not in the bot's own stock", l.DiffID)
		}
		f, err := s.Open(l)
		if err != nil {
			return a, err
		}
		a.files = append(a.files, f)
		if err := a.file(layers[n], l.Size, f); err != nil {
			return a, err
		}
	}
	a.add(2*block, bytes.NewReader(make([]byte, 2*block))) // the end of an archive
	sum := sha256.New()
	if _, err = io.Copy(sum, io.NewSectionReader(a, 0, a.Size)); err != nil {
		return a, fmt.Errorf("reading the bot's own stock of images: %w", err)
	}
	a.SHA256 = strings.TrimPrefix(name(sum), "sha256:")
	return a, nil
}

// block is what everything in a tar archive is a multiple of.
const block = 512

// file adds a file: its header, its body, and what fills its last block.
func (a *Archive) file(name string, size int64, body io.ReaderAt) error {
	var b bytes.Buffer
	head := tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644, Size: size, ModTime: time.Unix(0, 0), Format: tar.FormatPAX}
	if err := tar.NewWriter(&b).WriteHeader(&head); err != nil {
		return err
	}
	a.add(int64(b.Len()), bytes.NewReader(b.Bytes()))
	a.add(size, body)
	if fill := (block - size%block) % block; fill > 0 {
		a.add(fill, bytes.NewReader(make([]byte, fill)))
	}
	return nil
}

func (a *Archive) add(size int64, from io.ReaderAt) {
	a.parts = append(a.parts, part{a.Size, size, from})
	a.Size += size
}

// ReadAt reads any place of the archive.
func (a *Archive) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) {
		at := off + int64(n)
		i := sort.Search(len(a.parts), func(i int) bool { return a.parts[i].off+a.parts[i].size > at })
		if i == len(a.parts) {
			return n, io.EOF
		}
		s := a.parts[i]
		got, err := s.from.ReadAt(p[n:min(int64(len(p)), int64(n)+s.off+s.size-at)], at-s.off)
		n += got
		if got == 0 && err != nil {
			return n, errors.Join(err, io.ErrUnexpectedEOF) // a layer was taken away meanwhile
		}
	}
	return n, nil
}

// Prefix is the digest of the first bytes, as sha256sum prints it.
func (a *Archive) Prefix(size int64) (string, error) {
	sum := sha256.New()
	_, err := io.Copy(sum, io.NewSectionReader(a, 0, size))
	return strings.TrimPrefix(name(sum), "sha256:"), err
}

// Close closes the layers.
func (a *Archive) Close() error {
	var errs []error
	for _, f := range a.files {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}
