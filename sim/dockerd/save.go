package dockerd

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"
)

// manifest is one image of a saved archive.
type manifest struct {
	Config   string
	RepoTags []string
	Layers   []string
}

// save writes images as `docker save` does: a configuration and layers for
// each, and manifest.json.
func (e *Engine) save(refs []string, w io.Writer) error {
	e.mu.Lock()
	var order []*image
	tags := map[*image][]string{}
	for _, ref := range refs {
		i := e.image(ref)
		if i == nil {
			e.mu.Unlock()
			return missing("reference does not exist")
		}
		if !slices.Contains(order, i) {
			order = append(order, i)
		}
		if name, err := familiar(ref); err == nil && e.tags[name] == i.id && !slices.Contains(tags[i], name) {
			tags[i] = append(tags[i], name)
		}
	}
	e.mu.Unlock()
	entries, list := map[string]entry{}, []manifest{}
	repositories := map[string]map[string]string{}
	for _, i := range order {
		m := manifest{Config: strings.TrimPrefix(i.id, "sha256:") + ".json", RepoTags: tags[i]}
		entries[m.Config] = plain(i.raw)
		for _, l := range i.layers {
			dir := strings.TrimPrefix(digest([]byte(i.id+l.diffID)), "sha256:")
			entries[dir+"/layer.tar"], entries[dir+"/VERSION"] = plain(l.tar), plain([]byte("1.0"))
			entries[dir+"/json"] = plain([]byte(`{"id":"` + dir + `"}`))
			m.Layers = append(m.Layers, dir+"/layer.tar")
			for _, tag := range m.RepoTags {
				repo, name, _ := cutTag(tag)
				if repositories[repo] == nil {
					repositories[repo] = map[string]string{}
				}
				repositories[repo][name] = dir
			}
		}
		list = append(list, m)
	}
	index, err := json.Marshal(list)
	if err != nil {
		return err
	}
	entries["manifest.json"] = plain(index)
	if old, err := json.Marshal(repositories); err == nil && len(repositories) > 0 {
		entries["repositories"] = plain(old)
	}
	return pack(w, entries, time.Unix(0, 0))
}

func plain(body []byte) entry { return entry{tar.Header{Typeflag: tar.TypeReg, Mode: 0o644}, body} }

// cutTag splits a familiar reference at its tag.
func cutTag(ref string) (repo, tag string, ok bool) {
	i := strings.LastIndex(ref, ":")
	if i < 0 || strings.Contains(ref[i:], "/") {
		return ref, "", false
	}
	return ref[:i], ref[i+1:], true
}

// load takes the images of a saved archive and tells what it did.
func (e *Engine) load(archive io.Reader, say func(string)) error {
	if err := e.full(dataRoot + "/tmp/docker-import"); err != nil {
		return err
	}
	parts, err := unpackAll(archive)
	if err != nil {
		return broken("%v", err)
	}
	index, ok := parts["manifest.json"]
	if !ok {
		return broken("open %s/tmp/docker-import-%d/repositories: no such file or directory", dataRoot, time.Now().UnixNano()%1e9)
	}
	var list []manifest
	if err := json.Unmarshal(index, &list); err != nil {
		return broken("%v", err)
	}
	for _, m := range list {
		if err := e.loadOne(m, parts, say); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) loadOne(m manifest, parts map[string][]byte, say func(string)) error {
	raw, ok := parts[path.Clean(m.Config)]
	if !ok {
		return broken("open %s/tmp/docker-import/%s: no such file or directory", dataRoot, m.Config)
	}
	var c config
	if err := json.Unmarshal(raw, &c); err != nil {
		return broken("%v", err)
	}
	if len(c.RootFS.DiffIDs) != len(m.Layers) {
		return broken("invalid manifest, layers length mismatch: expected %d, got %d", len(m.Layers), len(c.RootFS.DiffIDs))
	}
	var layers []*layer
	for n, name := range m.Layers {
		l, err := e.layerIn(parts, name, c.RootFS.DiffIDs[n])
		if err != nil {
			return err
		}
		layers = append(layers, l)
	}
	i, err := newImage(raw, layers)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	i = e.keep(i)
	for _, tag := range m.RepoTags {
		name, err := familiar(tag)
		if err != nil {
			return broken("%v", err)
		}
		if old, taken := e.tags[name]; taken && old != i.id {
			say(fmt.Sprintf("The image %s already exists, renaming the old one with ID %s to empty string\n", name, old))
		}
		e.tags[name], i.tagged = i.id, time.Now()
		say("Loaded image: " + name + "\n")
	}
	if len(m.RepoTags) == 0 {
		say("Loaded image ID: " + i.id + "\n")
	}
	e.emit("image", "load", i.id, map[string]string{"name": i.id})
	return nil
}

// layerIn finds a layer in an archive, or, since a partial archive is loaded
// as well, among those that an image of this engine has.
func (e *Engine) layerIn(parts map[string][]byte, name, diffID string) (*layer, error) {
	body, ok := parts[path.Clean(name)]
	if !ok {
		e.mu.Lock()
		defer e.mu.Unlock()
		for _, i := range e.images {
			for _, l := range i.layers {
				if l.diffID == diffID {
					return l, nil
				}
			}
		}
		return nil, broken("open %s/tmp/docker-import/%s: no such file or directory", dataRoot, name)
	}
	src, err := plainly(bytes.NewReader(body)) // dockerd looks at the content and not at the name
	if err == nil {
		body, err = io.ReadAll(src)
	}
	if err != nil {
		return nil, broken("%v", err)
	}
	l, err := newLayer(body)
	if err != nil {
		return nil, broken("%v", err)
	}
	return e.lib.intern(l), nil
}

// unpackAll reads an archive into memory; links lead to what they name.
func unpackAll(from io.Reader) (map[string][]byte, error) {
	src, err := plainly(from)
	if err != nil {
		return nil, err
	}
	parts, r := map[string][]byte{}, tar.NewReader(src)
	for {
		h, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return parts, nil
		case errors.Is(err, tar.ErrHeader) && len(parts) == 0, errors.Is(err, io.ErrUnexpectedEOF) && len(parts) == 0:
			return parts, nil // no archive at all: it holds no manifest
		case err != nil:
			return nil, err
		}
		name := path.Clean(h.Name)
		switch h.Typeflag {
		case tar.TypeReg:
			if parts[name], err = io.ReadAll(r); err != nil {
				return nil, err
			}
		case tar.TypeSymlink:
			parts[name] = parts[path.Join(path.Dir(name), h.Linkname)]
		case tar.TypeLink:
			parts[name] = parts[path.Clean(h.Linkname)]
		}
	}
}
