package dockerd

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"slices"
	"time"

	"github.com/docker/docker/api/types/container"
)

// Image is an image as a test or a demo writes it down. Its id is the digest
// of the configuration that is made of it.
type Image struct {
	Tags    []string
	Arch    string // amd64 when empty
	Created time.Time
	Comment string
	Config  container.Config // Cmd, Entrypoint, Env, Labels, User, Volumes, Healthcheck ...
	Layers  []Layer
}

// Layer is one layer: paths are absolute.
type Layer struct {
	CreatedBy string
	Files     map[string]File
	Programs  map[string]Program
	Links     map[string]string // symbolic links
	Dirs      []string          // folders that hold nothing
}

// File is a file of a layer; Mode 0 is 0644.
type File struct {
	Content string
	Mode    fs.FileMode
}

// config is the JSON that an image is, as docker writes it.
type config struct {
	Architecture  string            `json:"architecture"`
	Author        string            `json:"author,omitempty"`
	Comment       string            `json:"comment,omitempty"`
	Config        *container.Config `json:"config"`
	Created       time.Time         `json:"created"`
	DockerVersion string            `json:"docker_version,omitempty"`
	History       []past            `json:"history,omitempty"`
	OS            string            `json:"os"`
	RootFS        rootFS            `json:"rootfs"`
}

type past struct {
	Created   time.Time `json:"created"`
	CreatedBy string    `json:"created_by,omitempty"`
	Comment   string    `json:"comment,omitempty"`
	Empty     bool      `json:"empty_layer,omitempty"`
}

type rootFS struct {
	Type    string   `json:"type"`
	DiffIDs []string `json:"diff_ids"`
}

// image is one that an engine has.
type image struct {
	id     string
	raw    []byte
	conf   config
	layers []*layer
	tagged time.Time
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// newImage makes an image of a configuration, whose layers are given in order.
func newImage(raw []byte, layers []*layer) (*image, error) {
	i := &image{id: digest(raw), raw: raw, layers: layers}
	if err := json.Unmarshal(raw, &i.conf); err != nil {
		return nil, err
	}
	if i.conf.Config == nil {
		i.conf.Config = &container.Config{}
	}
	if len(layers) != len(i.conf.RootFS.DiffIDs) {
		return nil, broken("invalid manifest, layers length mismatch: expected %d, got %d", len(i.conf.RootFS.DiffIDs), len(layers))
	}
	for n, l := range layers {
		if want := i.conf.RootFS.DiffIDs[n]; l.diffID != want {
			return nil, broken("invalid diffID for layer %d: expected %q, got %q", n, want, l.diffID)
		}
	}
	return i, nil
}

// compose makes an image of its parts.
func compose(c config, layers []*layer) (*image, error) {
	c.OS, c.RootFS = "linux", rootFS{Type: "layers", DiffIDs: []string{}}
	for _, l := range layers {
		c.RootFS.DiffIDs = append(c.RootFS.DiffIDs, l.diffID)
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	return newImage(raw, layers)
}

// size is how many bytes all files take.
func (i *image) size() int64 {
	var n int64
	for _, l := range i.layers {
		n += l.size
	}
	return n
}

// build makes an image that is written down.
func (l *Library) build(i Image) (*image, error) {
	arch := cmp.Or(i.Arch, "amd64")
	if i.Created.IsZero() {
		i.Created = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	c := config{Architecture: arch, Comment: i.Comment, Config: &i.Config, Created: i.Created.UTC(), DockerVersion: Version}
	var layers []*layer
	for _, part := range i.Layers {
		n, err := l.layerOf(part, arch, i.Created)
		if err != nil {
			return nil, err
		}
		layers = append(layers, n)
		c.History = append(c.History, past{Created: c.Created, CreatedBy: part.CreatedBy, Comment: i.Comment})
	}
	return compose(c, layers)
}

// AddImage puts an image into the engine and returns its id.
func (e *Engine) AddImage(i Image) (string, error) {
	made, err := e.lib.build(i)
	if err != nil {
		return "", err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.keep(made)
	for _, tag := range i.Tags {
		name, err := familiar(tag)
		if err != nil {
			return "", err
		}
		e.tags[name] = made.id
	}
	return made.id, nil
}

// keep stores an image; the caller holds the lock.
func (e *Engine) keep(i *image) *image {
	if old := e.images[i.id]; old != nil {
		return old
	}
	e.images[i.id] = i
	return i
}

// tagsOf are an image's references, sorted; the caller holds the lock.
func (e *Engine) tagsOf(id string) []string {
	list := []string{}
	for tag, of := range e.tags {
		if of == id {
			list = append(list, tag)
		}
	}
	slices.Sort(list)
	return list
}
