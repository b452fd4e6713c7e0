// Package build makes what a lab is made of, once, and keeps it in the cache:
// a Debian root, Weave Net from its pinned modules, the host image, and the
// image store that every region host starts with.
package build

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"vmqbot/lab/place"
	"vmqbot/lab/walls"
)

//go:embed files
var files embed.FS

// Builder makes artifacts for one lab.
type Builder struct {
	Places place.Places
	Walls  walls.Walls
	Log    io.Writer // one line per artifact that had to be made
}

// Artifact is a directory in the cache and the key of what it was made from.
type Artifact struct{ Dir, Key string }

// once returns the artifact of that name and key, making it when the cache
// lacks it. It is made aside and renamed, so that a half-made one is never
// used, and older ones of the same name are deleted.
func (b *Builder) once(ctx context.Context, name, key string, make func(ctx context.Context, dir string) error) (Artifact, error) {
	dir := filepath.Join(b.Places.Cache, name+"-"+key)
	if _, err := os.Stat(dir); err == nil {
		return Artifact{dir, key}, nil
	}
	start := time.Now()
	aside := filepath.Join(b.Places.Cache, "making-"+name)
	if err := os.RemoveAll(aside); err != nil {
		return Artifact{}, err
	}
	if err := os.MkdirAll(aside, 0o755); err != nil {
		return Artifact{}, err
	}
	if err := make(ctx, aside); err != nil {
		return Artifact{}, fmt.Errorf("making the %s: %w", name, err)
	}
	old, err := filepath.Glob(filepath.Join(b.Places.Cache, name+"-*"))
	if err != nil {
		return Artifact{}, err
	}
	for _, dir := range old {
		if err := os.RemoveAll(dir); err != nil {
			return Artifact{}, err
		}
	}
	if err := os.Rename(aside, dir); err != nil {
		return Artifact{}, err
	}
	fmt.Fprintf(b.Log, "made the %s in %.1f s\n", name, time.Since(start).Seconds())
	return Artifact{dir, key}, nil
}

// keyOf is a short name for everything that an artifact is made from.
func keyOf(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// embedded returns the text of a file of the directory files.
func embedded(name string) string {
	text, err := files.ReadFile("files/" + name)
	if err != nil {
		panic(err) // the name is a constant of this package
	}
	return string(text)
}

// put writes a file of the tree being made, with its directories.
func put(root, path, text string, mode os.FileMode) error {
	full := filepath.Join(root, path)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(full, []byte(text), mode); err != nil {
		return err
	}
	return os.Chmod(full, mode)
}

// sorted returns the pairs of m as lines in order, for keys.
func sorted(m map[string]string) []string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		lines = append(lines, name+"\n"+m[name])
	}
	return lines
}
