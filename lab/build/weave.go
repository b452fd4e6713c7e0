package build

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"vmqbot/lab/command"
)

const (
	weaveVersion = "2.6.5"
	weaveModule  = "github.com/weaveworks/weave@v2.6.5+incompatible"
)

// weaveProgram is a binary of Weave Net and how upstream's Makefile builds it.
type weaveProgram struct {
	name, pkg, tags string
	cgo             string // 1 where libpcap or libc is needed
}

var weavePrograms = []weaveProgram{
	{"weaver", "./prog/weaver", "osusergo netgo", "1"},
	{"weaveutil", "./prog/weaveutil", "osusergo netgo", "1"},
	{"sigproxy", "./prog/sigproxy", "", "0"},
	{"weavewait", "./prog/weavewait", "osusergo netgo iface mcast", "0"},
	{"weavewait_nomcast", "./prog/weavewait", "osusergo netgo iface", "0"},
	{"weavewait_noop", "./prog/weavewait", "", "0"},
}

// Weave is a directory with Weave Net's programs, the upstream script `weave`
// and `symlink`, built from the modules pinned in lab/weave.
func (b *Builder) Weave(ctx context.Context) (Artifact, error) {
	pins := filepath.Join(b.Places.Repo, "lab", "weave")
	mod, err := os.ReadFile(filepath.Join(pins, "weave.mod"))
	if err != nil {
		return Artifact{}, err
	}
	sum, err := os.ReadFile(filepath.Join(pins, "weave.sum"))
	if err != nil {
		return Artifact{}, err
	}
	key := keyOf(string(mod), string(sum), fmt.Sprint(b.Walls.NoDummy, weavePrograms))
	return b.once(ctx, "weave", key, func(ctx context.Context, dir string) error {
		src := filepath.Join(dir, "src")
		if err := weaveSource(ctx, src, b.Walls.NoDummy); err != nil {
			return err
		}
		err := errors.Join(put(src, "go.mod", string(mod), 0o644), put(src, "go.sum", string(sum), 0o644))
		if err != nil {
			return err
		}
		for _, p := range weavePrograms {
			argv := []string{"go", "build", "-o", filepath.Join(dir, p.name), "-tags", p.tags,
				"-ldflags", "-s -w -X main.version=" + weaveVersion, p.pkg}
			env := []string{"GOFLAGS=-mod=mod", "GOWORK=off", "CGO_ENABLED=" + p.cgo}
			if _, err := (command.Cmd{Argv: argv, Dir: src, Env: env}).Run(ctx); err != nil {
				return err
			}
		}
		return errors.Join(weaveScripts(src, dir), os.RemoveAll(src))
	})
}

// weaveSource copies the module's tree, which is read-only in Go's cache.
func weaveSource(ctx context.Context, src string, noDummy bool) error {
	said, err := command.Run(ctx, "go", "mod", "download", "-json", weaveModule)
	if err != nil {
		return err
	}
	var module struct{ Dir string }
	if err := json.Unmarshal([]byte(said), &module); err != nil {
		return fmt.Errorf("go mod download: %w", err)
	}
	if err := os.CopyFS(src, os.DirFS(module.Dir)); err != nil {
		return err
	}
	if !noDummy {
		return nil
	}
	// The interface is made to pin the bridge's MTU and deleted at once; any
	// kind of interface that the kernel can make will do.
	bridge := filepath.Join(src, "net", "bridge.go")
	text, err := os.ReadFile(bridge)
	if err != nil {
		return err
	}
	changed := bytes.Replace(text, []byte("netlink.Dummy{"), []byte("netlink.Ifb{"), 1)
	if bytes.Equal(text, changed) {
		return errors.New("net/bridge.go of weave makes no netlink.Dummy any more")
	}
	return os.WriteFile(bridge, changed, 0o644)
}

func weaveScripts(src, dir string) error {
	script, err := os.ReadFile(filepath.Join(src, "weave"))
	if err != nil {
		return err
	}
	symlink, err := os.ReadFile(filepath.Join(src, "prog", "weaveexec", "symlink"))
	if err != nil {
		return err
	}
	text := strings.Replace(string(script), `SCRIPT_VERSION="unreleased"`, `SCRIPT_VERSION="`+weaveVersion+`"`, 1)
	return errors.Join(put(dir, "weave", text, 0o755), put(dir, "symlink", string(symlink), 0o755))
}
