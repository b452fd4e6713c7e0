package images

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"vmqbot/sim/kernel"
)

// Image is an image as it is written down: what `docker image inspect` shows
// follows from it.
type Image struct {
	Tags    []string // the first one is its name
	Arch    string   // amd64, arm64: there no program can be executed
	Created time.Time
	Comment string
	Config  Config
	Layers  []Layer // the lowest one first
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

// Layer is what one step of a Dockerfile adds and takes away. Paths are
// absolute. Images share a layer when its CreatedBy is the same.
type Layer struct {
	CreatedBy string // the step
	Size      int64  // bytes that the real layer takes

	Removed  []string // files and folders, with what is in them
	Dirs     []string // folders, empty ones too
	Files    map[string]File
	Programs map[string]Program
	Links    map[string]string // other names of programs: where they point
}

// File is a file that is no program; Mode 0 is 0644.
type File struct {
	Content string
	Mode    fs.FileMode
}

// Program is a file that can be executed. The same name is the same program in
// all images that were made with the same Options.
type Program struct {
	Name string
	Main kernel.Program
}

// Size is all layers together, in bytes.
func (i Image) Size() int64 {
	var n int64
	for _, l := range i.Layers {
		n += l.Size
	}
	return n
}

// Flat is all layers as one.
func (i Image) Flat() Layer {
	flat := Layer{Files: map[string]File{}, Programs: map[string]Program{}, Links: map[string]string{}}
	for _, l := range i.Layers {
		gone := func(at string) bool {
			_, file := l.Files[at]
			_, program := l.Programs[at]
			_, link := l.Links[at]
			return file || program || link || slices.ContainsFunc(l.Removed, func(r string) bool { return at == r || strings.HasPrefix(at, r+"/") })
		}
		maps.DeleteFunc(flat.Files, func(at string, _ File) bool { return gone(at) })
		maps.DeleteFunc(flat.Programs, func(at string, _ Program) bool { return gone(at) })
		maps.DeleteFunc(flat.Links, func(at, _ string) bool { return gone(at) })
		flat.Dirs = append(slices.DeleteFunc(flat.Dirs, gone), l.Dirs...)
		maps.Copy(flat.Files, l.Files)
		maps.Copy(flat.Programs, l.Programs)
		maps.Copy(flat.Links, l.Links)
		flat.Size += l.Size
	}
	return flat
}

// Root lays the image out in a folder of this machine and returns what a
// process of a container without a Docker engine sees as /.
func (i Image) Root(dir string) (*kernel.Root, error) {
	flat := i.Flat()
	var errs []error
	for _, d := range flat.Dirs {
		errs = append(errs, os.MkdirAll(filepath.Join(dir, filepath.FromSlash(d)), 0o755))
	}
	for name, f := range flat.Files {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if f.Mode == 0 {
			f.Mode = 0o644
		}
		errs = append(errs, os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, []byte(f.Content), f.Mode))
	}
	programs := map[string]kernel.Program{}
	for at, p := range flat.Programs {
		if programs[at] = p.Main; i.Arch != "amd64" {
			programs[at] = kernel.ForeignProgram
		}
	}
	return &kernel.Root{Dir: dir, Mounts: map[string]string{}, Programs: programs, Links: flat.Links}, errors.Join(errs...)
}
