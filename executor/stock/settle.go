package stock

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// Settled is the configuration of an image without what a builder writes into it
// by chance: when it ran, and in which containers. Two builds with the same layers
// have the same one, and so the same id.
func Settled(config []byte, at time.Time) ([]byte, error) {
	var c map[string]any
	d := json.NewDecoder(bytes.NewReader(config))
	d.UseNumber()
	if err := d.Decode(&c); err != nil {
		return nil, fmt.Errorf("the image's configuration is not understood: %w", err)
	}
	when := at.UTC().Format(time.RFC3339)
	for _, chance := range []string{"container", "container_config", "docker_version", "moby.buildkit.buildinfo.v1", "moby.buildkit.cache.v0"} {
		delete(c, chance)
	}
	c["created"] = when
	if own, ok := c["config"].(map[string]any); ok {
		own["Hostname"], own["Image"] = "", ""
	}
	history, _ := c["history"].([]any)
	for _, h := range history {
		if step, ok := h.(map[string]any); ok {
			step["created"] = when
		}
	}
	return json.Marshal(c) // in the order of the keys
}

// Of is an image of a configuration alone, as Archive needs it of one whose layers
// an engine has.
func Of(config []byte) (Image, error) {
	i := Image{ID: digest(config), Config: config}
	ids, err := diffIDs(config)
	for _, d := range ids {
		i.Layers = append(i.Layers, Layer{DiffID: d})
	}
	return i, err
}
