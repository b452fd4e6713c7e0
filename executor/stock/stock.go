package stock

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Stock is a folder of layers. It may be used concurrently, also by several
// processes: what is kept is put in place in one step.
type Stock struct {
	dir  string
	most int64 // bytes of layers that stay

	mu sync.Mutex // one image is taken in at a time
}

// Most is how many bytes of layers a stock keeps before the oldest go.
const Most = 4 << 30

// In makes a stock of a folder, which need not exist.
func In(dir string) *Stock { return &Stock{dir: dir, most: Most} }

// Layer is one layer as it lies here.
type Layer struct {
	DiffID string `json:"diff_id"` // sha256:..., of the unpacked archive
	Digest string `json:"digest"`  // sha256:..., of the compressed one
	Size   int64  `json:"size"`    // bytes, compressed

	// Also are digests of the same layer as others packed it: it need not be sent
	// again under those.
	Also []string `json:"also,omitempty"`
}

// Knows reports a digest by which the layer came.
func (l Layer) Knows(digest string) bool {
	return digest != "" && (l.Digest == digest || l.Digest != "" && slices.Contains(l.Also, digest))
}

// Image is a configuration and the layers that it names, the lowest first. A
// layer that is not here has no digest.
type Image struct {
	ID     string
	Config []byte
	Layers []Layer
}

// Missing are the layers from the given one on that are not here.
func (i Image) Missing(from int) []string {
	var ids []string
	for _, l := range i.Layers[min(from, len(i.Layers)):] {
		if l.Digest == "" {
			ids = append(ids, l.DiffID)
		}
	}
	return ids
}

// Size is how many bytes the layers from the given one on are, compressed.
func (i Image) Size(from int) (n int64) {
	for _, l := range i.Layers[min(from, len(i.Layers)):] {
		n += l.Size
	}
	return n
}

// Image finds an image by its id; ok is false when its configuration is not
// here. What lies here and is not what its name says is as good as not here.
func (s *Stock) Image(id string) (i Image, ok bool, err error) {
	config, err := os.ReadFile(s.file("configs", id))
	if errors.Is(err, fs.ErrNotExist) || err == nil && digest(config) != id {
		return i, false, nil
	}
	if err != nil {
		return i, false, fmt.Errorf("reading the bot's own stock of images: %w", err)
	}
	i, err = s.image(id, config)
	return i, err == nil, err
}

func (s *Stock) image(id string, config []byte) (Image, error) {
	i := Image{ID: id, Config: config}
	ids, err := diffIDs(config)
	if err != nil {
		return i, err
	}
	for _, d := range ids {
		l, err := s.layer(d)
		if err != nil {
			return i, err
		}
		i.Layers = append(i.Layers, l)
	}
	return i, nil
}

// layer is what is known here of a layer; without a digest when it is not here.
func (s *Stock) layer(diffID string) (Layer, error) {
	l := Layer{}
	text, err := os.ReadFile(s.file("layers", diffID))
	if err == nil {
		err = json.Unmarshal(text, &l)
	}
	if err == nil && l.DiffID == diffID && isDigest(l.Digest) {
		if info, statErr := os.Stat(s.file("blobs", l.Digest)); statErr == nil && info.Size() == l.Size {
			return l, nil
		}
	}
	var syntax *json.SyntaxError
	if err == nil || errors.Is(err, fs.ErrNotExist) || errors.As(err, &syntax) {
		return Layer{DiffID: diffID}, nil
	}
	return l, fmt.Errorf("reading the bot's own stock of images: %w", err)
}

// Open opens a compressed layer.
func (s *Stock) Open(l Layer) (*os.File, error) { return os.Open(s.file("blobs", l.Digest)) }

// file is where something lies that is named by a digest.
func (s *Stock) file(folder, digest string) string {
	return filepath.Join(s.dir, folder, strings.TrimPrefix(digest, "sha256:"))
}

// put replaces a file in one step.
func (s *Stock) put(name string, content []byte) error {
	f, err := s.temp()
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return s.place(f, name, err)
}

func (s *Stock) temp() (*os.File, error) {
	if err := os.MkdirAll(filepath.Join(s.dir, "new"), 0o700); err != nil {
		return nil, err
	}
	return os.CreateTemp(filepath.Join(s.dir, "new"), "part-")
}

// place moves a file that was written to where it belongs, unless writing it
// failed.
func (s *Stock) place(f *os.File, name string, err error) error {
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.MkdirAll(filepath.Dir(name), 0o700)
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// trim removes the layers that were used longest ago until no more than most
// bytes are left, and what an interrupted process left behind. keep stay.
func (s *Stock) trim(keep []string) error {
	entries, err := os.ReadDir(filepath.Join(s.dir, "blobs"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var all []fs.FileInfo
	var sum int64
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			all = append(all, info)
			sum += info.Size()
		}
	}
	slices.SortFunc(all, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, info := range all {
		if sum <= s.most {
			break
		}
		if slices.Contains(keep, "sha256:"+info.Name()) {
			continue
		}
		err = errors.Join(err, os.Remove(filepath.Join(s.dir, "blobs", info.Name())))
		sum -= info.Size()
	}
	return err
}
