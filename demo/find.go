package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"vmqbot/ops"
)

// Version is that of local-slack (MIT), which comes from npm.
const Version = "0.1.8"

// pinned are the SHA-256 sums of its program by npm's name of the platform.
// Its sisters for other platforms were not to be had when this was written, and
// what was not seen is not trusted.
var pinned = map[string]string{
	"linux-x64": "3332007b797969d835f694b463ac526f7ef1fc66afac93f950f585105fe4815f",
}

// platforms are npm's names for Go's.
var platforms = map[string]string{"linux/amd64": "linux-x64", "linux/arm64": "linux-arm64", "darwin/amd64": "darwin-x64", "darwin/arm64": "darwin-arm64"}

// fetchTime bounds the download of 35 MB.
const fetchTime = 5 * time.Minute

// instead is what goes without a Slack.
const instead = "bot demo --terminal"

// Place says where local-slack may be.
type Place struct {
	Getenv   func(string) string // LOCAL_SLACK, XDG_CACHE_HOME, HOME, PATH
	Platform string              // GOOS/GOARCH
	Log      io.Writer           // told before a download
}

// Find returns the path of local-slack's program: that of LOCAL_SLACK, or the
// one in the user's cache, which it fetches from npm and checks first. The
// errors are *ops.Error with what to type.
func Find(ctx context.Context, p Place) (string, error) {
	if at := p.Getenv("LOCAL_SLACK"); at != "" {
		if _, err := os.Stat(at); err != nil {
			return "", ops.Errorf(ops.Invalid, instead, "LOCAL_SLACK names no program: %v.", err)
		}
		return at, nil
	}
	npm := platforms[p.Platform]
	sum := pinned[npm]
	if sum == "" {
		return "", ops.Errorf(ops.Failed, instead, "No local-slack is known for %s: put the path of one into LOCAL_SLACK, or do without.", p.Platform)
	}
	cache := p.Getenv("XDG_CACHE_HOME")
	if cache == "" {
		cache = filepath.Join(p.Getenv("HOME"), ".cache")
	}
	at := filepath.Join(cache, "vmqbot", "local-slack-"+Version)
	switch _, err := os.Stat(at); {
	case err == nil:
		return at, nil
	case !errors.Is(err, fs.ErrNotExist):
		return "", ops.Errorf(ops.Failed, instead, "The cache cannot be read: %v.", err)
	}
	fmt.Fprintf(p.Log, "Fetching local-slack %s from npm, once.\n", Version) //nolint:errcheck // it is only told
	return at, fetch(ctx, p, npm, sum, at)
}

// fetch downloads the program and moves it into the cache when it is the one
// that was pinned.
func fetch(ctx context.Context, p Place, npm, sum, at string) (err error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	work, err := os.MkdirTemp("", "local-slack")
	if err != nil {
		return ops.Errorf(ops.Failed, instead, "No folder to fetch local-slack into: %v.", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	name := "local-slack-" + npm
	for _, argv := range [][]string{{"npm", "pack", "--silent", name + "@" + Version}, {"tar", "xzf", name + "-" + Version + ".tgz"}} {
		said, err := runIn(ctx, work, argv)
		switch {
		case errors.Is(err, exec.ErrNotFound):
			return ops.Errorf(ops.Failed, instead, "%s is not installed, and local-slack, the Slack of the demo, comes through it: install Node.js, or do without.", argv[0])
		case ctx.Err() != nil:
			return ops.Errorf(ops.Failed, instead, "local-slack was not fetched within %s.", fetchTime)
		case err != nil:
			return ops.Errorf(ops.Failed, instead, "local-slack cannot be fetched from npm (%s).", reason(said, err))
		}
	}
	program := filepath.Join(work, "package", "bin", "local-slack")
	got, err := digest(program)
	if err != nil || got != sum {
		return ops.Errorf(ops.Failed, instead, "npm gave a local-slack %s that is not the one this program knows (SHA-256 %.12s, want %.12s); nothing was installed.", Version, got, sum)
	}
	return install(program, at)
}

// runIn runs a program in a folder and returns what it said.
func runIn(ctx context.Context, dir string, argv []string) (string, error) {
	c := exec.CommandContext(ctx, argv[0], argv[1:]...) //nolint:gosec // constant words
	c.Dir = dir
	out, err := c.CombinedOutput()
	return string(out), err
}

// reason is the first line that says something, for a sentence.
func reason(said string, err error) string {
	for line := range strings.Lines(said) {
		if line = strings.TrimSpace(line); line != "" {
			return line
		}
	}
	return err.Error()
}

func digest(file string) (sum string, err error) {
	f, err := os.Open(file) //nolint:gosec // below a folder of our own
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// install moves a file to its place at once: others may be looking for it.
func install(from, to string) error {
	err := os.MkdirAll(filepath.Dir(to), 0o755) //nolint:gosec // as every cache folder
	if err == nil {
		var b []byte
		if b, err = os.ReadFile(from); err == nil { //nolint:gosec // ours; a rename would not leave its disk
			next := fmt.Sprintf("%s.%d", to, os.Getpid())
			if err = os.WriteFile(next, b, 0o755); err == nil { //nolint:gosec // a program
				err = os.Rename(next, to)
			}
		}
	}
	if err != nil {
		return ops.Errorf(ops.Failed, instead, "local-slack cannot be kept in the cache: %v.", err)
	}
	return nil
}
