package stock

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
)

// Content is one image that an archive holds, by what the archive says of it.
type Content struct {
	ID     string   // the digest of its configuration
	Refs   []string // what it is called
	Layers []string // digests of the unpacked layers, the lowest first
}

// Contents tells what an archive of `docker save` holds, without reading its
// layers where the archive can be sought in.
func Contents(archive io.Reader) ([]Content, error) {
	texts := map[string][]byte{} // what may be a configuration
	for r := tar.NewReader(archive); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("reading the archive: %w", err)
		}
		if h.Typeflag != tar.TypeReg || h.Size > small {
			continue
		}
		body, err := io.ReadAll(io.LimitReader(r, small))
		if err != nil {
			return nil, fmt.Errorf("reading the archive: %w", err)
		}
		if len(body) > 0 && (body[0] == '{' || body[0] == '[') {
			texts[path.Clean(h.Name)] = body
		}
	}
	var manifest []struct {
		Config   string
		RepoTags []string
	}
	if err := json.Unmarshal(texts["manifest.json"], &manifest); err != nil {
		return nil, errors.New("its manifest.json is missing or not understood")
	}
	var all []Content
	for _, m := range manifest {
		config, ok := texts[path.Clean(m.Config)]
		if !ok {
			return nil, fmt.Errorf("it lacks the configuration %s", m.Config)
		}
		layers, err := diffIDs(config)
		if err != nil {
			return nil, err
		}
		all = append(all, Content{ID: digest(config), Refs: m.RepoTags, Layers: layers})
	}
	return all, nil
}
