package dockerd

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"syscall"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/mount"
)

type mountpoint = mount.Mount

// mount is a folder of the machine in a container.
type mounted struct {
	source   string // path on the machine
	to       string // path in the container
	volume   string // the volume's name
	named    bool   // somebody gave the volume its name
	readOnly bool
	mode     string
	made     bool // the source is made when it is missing
}

var volumeName = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_.-]+$`)

// bound refuses bind mounts of a source that is not there.
func (e *Engine) bound(list []mountpoint) error {
	for _, m := range list {
		if m.Type == mount.TypeBind {
			if _, err := os.Stat(e.real(m.Source)); err != nil {
				return invalid("invalid mount config for type \"bind\": bind source path does not exist: %s", m.Source)
			}
		}
	}
	return nil
}

// mountsOf reads where what is mounted: volumes of the image and of the
// configuration, then binds and mounts, of which the last at a place counts.
func (e *Engine) mountsOf(c *container.Config, h *container.HostConfig) ([]mounted, error) {
	at := map[string]mounted{}
	for to := range c.Volumes {
		at[path.Clean(to)] = e.volume(newID(), path.Clean(to), false)
	}
	for _, b := range h.Binds {
		m, err := e.bind(b)
		if err != nil {
			return nil, err
		}
		at[m.to] = m
	}
	for _, m := range h.Mounts {
		to := path.Clean(m.Target)
		switch {
		case m.Type == mount.TypeBind:
			at[to] = mounted{source: m.Source, to: to, readOnly: m.ReadOnly}
		case m.Type == mount.TypeVolume && m.Source == "":
			at[to] = e.volume(newID(), to, false)
		case m.Type == mount.TypeVolume:
			at[to] = e.volume(m.Source, to, true)
		}
	}
	list := make([]mounted, 0, len(at))
	for _, m := range at {
		list = append(list, m)
	}
	return list, nil
}

func (e *Engine) volume(name, to string, named bool) mounted {
	return mounted{source: dataRoot + "/volumes/" + name + "/_data", to: to, volume: name, named: named, made: true}
}

// bind reads SOURCE:TARGET[:MODE].
func (e *Engine) bind(words string) (mounted, error) {
	parts := strings.Split(words, ":")
	if len(parts) == 1 && strings.HasPrefix(words, "/") {
		return e.volume(newID(), path.Clean(words), false), nil
	}
	if len(parts) < 2 || len(parts) > 3 || !strings.HasPrefix(parts[1], "/") {
		return mounted{}, broken("invalid volume specification: '%s'", words)
	}
	to := path.Clean(parts[1])
	if to == "/" {
		return mounted{}, broken("invalid volume specification: '%s': invalid mount config for type \"bind\": invalid specification: destination can't be '/'", words)
	}
	m := mounted{source: path.Clean(parts[0]), to: to, made: true}
	if !strings.HasPrefix(parts[0], "/") {
		if !volumeName.MatchString(parts[0]) {
			return m, invalid("create %s: %q includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path", parts[0], parts[0])
		}
		m = e.volume(parts[0], to, true)
	}
	if len(parts) == 3 {
		for _, word := range strings.Split(parts[2], ",") {
			switch word {
			case "ro":
				m.readOnly = true
			case "rw", "z", "Z", "rprivate", "private", "rslave", "slave", "rshared", "shared", "cached", "delegated", "consistent", "nocopy":
			default:
				return m, broken("invalid mode: %s", parts[2])
			}
		}
		m.mode = parts[2]
	}
	return m, nil
}

// ready makes the sources of the mounts, as Docker does when it first needs
// them.
func (c *Container) ready() error {
	for _, m := range c.mounts {
		if strings.HasPrefix(m.source, "/proc/") || strings.HasPrefix(m.source, "/sys/") {
			return broken("error while creating mount source path '%s': mkdir %s: %s", m.source, path.Dir(m.source), syscall.ENOENT)
		}
		if !m.made {
			continue
		}
		if err := os.MkdirAll(c.e.real(m.source), 0o755); err != nil {
			if _, there := os.Stat(c.e.real(m.source)); there == nil {
				continue // a file
			}
			var p *fs.PathError
			why := err
			if errors.As(err, &p) {
				why = p.Err
			}
			return broken("error while creating mount source path '%s': mkdir %s: %v", m.source, m.source, why)
		}
	}
	return nil
}

// fillVolumes copies what the image has at a new volume's place into it.
func (c *Container) fillVolumes(root string) error {
	for _, m := range c.mounts {
		if m.volume == "" {
			continue
		}
		to := c.e.real(m.source)
		if left, err := os.ReadDir(to); err == nil && len(left) > 0 {
			continue
		}
		if err := os.MkdirAll(to, 0o755); err != nil {
			return err
		}
		if from := path.Join(root, m.to); isDir(from) {
			if err := os.CopyFS(to, os.DirFS(from)); err != nil {
				return err
			}
		}
	}
	return nil
}

func isDir(name string) bool {
	i, err := os.Stat(name)
	return err == nil && i.IsDir()
}
