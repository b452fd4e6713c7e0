// Package place says where the lab keeps its things: what is heavy and can be
// used again in a cache, what runs now under /run, and what the fleet file
// points to beside the source.
package place

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Places are the directories of one lab. All are absolute.
type Places struct {
	Repo  string // the source tree, the directory of go.mod
	State string // keys, known_hosts and cookie that lab/fleet.yaml names
	Cache string // built artifacts and the outer Docker's store; safe to delete when the lab is down
	Hosts string // disks of the region hosts, thrown away by `lab down`
	Run   string // sockets, process ids and logs of what runs now
}

// Find returns the places for the source tree around dir. The cache is
// $LAB_CACHE, or vmqbot-lab in the user's cache directory.
func Find(dir string) (Places, error) {
	repo, err := repoAround(dir)
	if err != nil {
		return Places{}, err
	}
	cache := os.Getenv("LAB_CACHE")
	if cache == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return Places{}, fmt.Errorf("no cache directory (%w); set LAB_CACHE to a directory with 3 GB free", err)
		}
		cache = filepath.Join(base, "vmqbot-lab")
	}
	if cache, err = filepath.Abs(cache); err != nil {
		return Places{}, fmt.Errorf("LAB_CACHE: %w", err)
	}
	return Places{
		Repo:  repo,
		State: filepath.Join(repo, "lab", ".state"),
		Cache: cache,
		Hosts: filepath.Join(cache, "hosts"),
		Run:   "/run/vmqbot-lab",
	}, nil
}

// Make creates the directories.
func (p Places) Make() error {
	var errs []error
	for _, dir := range []string{p.State, p.Cache, p.Hosts, p.Run} {
		errs = append(errs, os.MkdirAll(dir, 0o755))
	}
	return errors.Join(errs...)
}

// Socket is the outer Docker's API socket.
func (p Places) Socket() string { return filepath.Join(p.Run, "docker.sock") }

// FleetFile is the file that the bot is started with.
func (p Places) FleetFile() string { return filepath.Join(p.Repo, "lab", "fleet.yaml") }

func repoAround(dir string) (string, error) {
	start, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("where am I: %w", err)
	}
	for at := start; ; at = filepath.Dir(at) {
		text, err := os.ReadFile(filepath.Join(at, "go.mod"))
		if err == nil && strings.HasPrefix(string(text), "module vmqbot\n") {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("%s is not inside the source tree of vmqbot; change into it and run `go run ./lab/cmd/lab` again", start)
		}
	}
}
