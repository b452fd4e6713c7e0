package stock

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
)

var sha = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// isDigest guards every digest that becomes the name of a file.
func isDigest(s string) bool { return sha.MatchString(s) }

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// diffIDs are the layers that a configuration names.
func diffIDs(config []byte) ([]string, error) {
	var c struct {
		RootFS struct {
			DiffIDs []string `json:"diff_ids"`
		} `json:"rootfs"`
	}
	if err := json.Unmarshal(config, &c); err != nil {
		return nil, fmt.Errorf("the image's configuration is not understood: %w", err)
	}
	for _, d := range c.RootFS.DiffIDs {
		if !isDigest(d) {
			return nil, fmt.Errorf("the image's configuration names the layer %q, which is no digest", d)
		}
	}
	return c.RootFS.DiffIDs, nil
}
