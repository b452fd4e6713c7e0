package images

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"vmqbot/sim/kernel"
)

// Image is what `docker image inspect` shows of an image, and what is in it.
type Image struct {
	Tags    []string // the first one is its name
	Arch    string   // amd64, arm64
	Created time.Time
	Config  Config
	Layers  []Layer // the lowest one first

	Dirs     []string                  // folders, empty ones too
	Files    map[string]File           // by absolute path
	Programs map[string]kernel.Program // by absolute path
	Links    map[string]string         // absolute path of a program's other name: where it points
}

// Config is how a container of the image starts unless told otherwise.
type Config struct {
	Entrypoint, Cmd []string
	Env             []string // NAME=value
	User            string   // empty is root
	WorkingDir      string
	ExposedPorts    []string // 1883/tcp
	Volumes         []string
	Labels          map[string]string
}

// Layer is one layer. Images that share it name the same DiffID.
type Layer struct {
	DiffID string // sha256:...
	Size   int64  // bytes, not compressed
}

// File is a file that is no program.
type File struct {
	Mode    fs.FileMode
	Content string
}

// layer makes one up by what is in it.
func layer(what string, size int64) Layer {
	return Layer{DiffID: fmt.Sprintf("sha256:%x", sha256.Sum256([]byte("layer of "+what))), Size: size}
}

// ID is the digest of everything that Docker would write into the image's
// configuration.
func (i Image) ID() string {
	text, err := json.Marshal(struct {
		Architecture string
		Created      time.Time
		Config       Config
		Layers       []Layer
	}{i.Arch, i.Created, i.Config, i.Layers})
	if err != nil {
		panic(err) // strings and numbers can be written
	}
	return fmt.Sprintf("sha256:%x", sha256.Sum256(text))
}

// Size is all layers together, in bytes.
func (i Image) Size() int64 {
	var n int64
	for _, l := range i.Layers {
		n += l.Size
	}
	return n
}

// Root lays the image out in a folder of this machine, which must be empty,
// and returns what a process of a container sees as /.
func (i Image) Root(dir string) (*kernel.Root, error) {
	var errs []error
	for _, d := range i.Dirs {
		errs = append(errs, os.MkdirAll(filepath.Join(dir, filepath.FromSlash(d)), 0o755))
	}
	for name, f := range i.Files {
		at := filepath.Join(dir, filepath.FromSlash(name))
		errs = append(errs, os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, []byte(f.Content), f.Mode))
	}
	return &kernel.Root{Dir: dir, Mounts: map[string]string{}, Programs: i.Programs, Links: i.Links}, errors.Join(errs...)
}
