package dockerd

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/docker/docker/api/types/container"
)

// export writes a container's own files, without volumes, as one archive.
func (c *Container) export(w io.Writer) error {
	c.e.mu.Lock()
	c.tell("export", nil)
	c.e.mu.Unlock()
	t := tar.NewWriter(w)
	root := c.e.real(c.rootDir())
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		at := filepath.ToSlash(strings.TrimPrefix(strings.TrimPrefix(name, root), string(filepath.Separator)))
		if err != nil || at == "" {
			return err
		}
		return add(t, name, at, d)
	})
	return errors.Join(err, t.Close())
}

// importFlat makes an image of one archive: one layer, and only the
// configuration that the changes say.
func (e *Engine) importFlat(from io.Reader, source, ref, message string, changes []string) (string, error) {
	if err := e.full(dataRoot + "/tmp"); err != nil {
		return "", err
	}
	src, err := plainly(from)
	if err != nil {
		return "", broken("%v", err)
	}
	body, err := io.ReadAll(src)
	if err != nil {
		return "", broken("%v", err)
	}
	l, err := newLayer(body)
	if err != nil {
		return "", broken("Error processing tar file(exit status 1): %v", err)
	}
	conf := container.Config{}
	if err := change(&conf, changes); err != nil {
		return "", err
	}
	if message == "" {
		message = "Imported from " + source
	}
	now := time.Now().UTC()
	return e.make(config{
		Architecture: e.opt.Arch, Comment: message, Config: &conf, Created: now, DockerVersion: Version, History: []past{{Created: now, Comment: message}},
	}, []*layer{e.lib.intern(l)}, ref, "import")
}

// commit makes an image of a container: its image's layers and, as one more,
// all of its files.
func (e *Engine) commit(c *Container, ref, message, author string, changes []string) (string, error) {
	conf := *c.config
	if err := change(&conf, changes); err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := c.changed(&b); err != nil {
		return "", broken("%v", err)
	}
	l, err := newLayer(b.Bytes())
	if err != nil {
		return "", broken("%v", err)
	}
	now, base := time.Now().UTC(), c.image.conf
	history := append(base.History[:len(base.History):len(base.History)], past{Created: now, CreatedBy: strings.Join(c.argv(), " "), Comment: message})
	layers := append(c.image.layers[:len(c.image.layers):len(c.image.layers)], e.lib.intern(l))
	return e.make(config{
		Architecture: base.Architecture, Author: author, Comment: message, Config: &conf, Created: now, DockerVersion: Version, History: history,
	}, layers, ref, "")
}

// changed archives what differs from the image. What was removed stays.
func (c *Container) changed(w io.Writer) error {
	t := tar.NewWriter(w)
	root := c.e.real(c.rootDir())
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		i, err := d.Info()
		if err != nil || c.origin[name] == (stamp{i.Size(), i.ModTime()}) {
			return err
		}
		return add(t, name, filepath.ToSlash(strings.TrimPrefix(name, root+string(filepath.Separator))), d)
	})
	return errors.Join(err, t.Close())
}

// make keeps an image that was composed, under a reference if there is one.
func (e *Engine) make(c config, layers []*layer, ref, action string) (string, error) {
	i, err := compose(c, layers)
	if err != nil {
		return "", err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if ref != "" {
		name, err := familiar(ref)
		if err != nil {
			return "", invalid("%v", err)
		}
		e.tags[name], i.tagged = i.id, time.Now()
	}
	i = e.keep(i)
	if action != "" {
		e.emit("image", action, i.id, map[string]string{"name": i.id})
	}
	return i.id, nil
}
