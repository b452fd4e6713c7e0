//go:build lab

package scripts

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	lab "vmqbot/lab/world"
)

// TestLab runs every script against the lab, one after the other: they break
// one fleet. Each begins with a healthy one.
func TestLab(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	each(t, found(t), func(t *testing.T, script string) {
		p := labPlace{root}
		t.Cleanup(func() { record(t, script) })
		tell(t, script, &world{place: p, bin: filepath.Join(root, ".bin"), begin: func(env *testscript.Env) error {
			if out, err := p.command(context.Background(), "reset").CombinedOutput(); err != nil {
				return fmt.Errorf("lab reset: %w\n%s", err, out)
			}
			return nil
		}})
	})
}

// recorded is where the day is kept on which each script passed; "" for nowhere.
var recorded = flag.String("record", "", "file that lists the scripts which passed, with the day")

// record keeps that a script passed today; one that failed passes no more.
func record(t *testing.T, script string) {
	if *recorded == "" {
		return
	}
	name := strings.TrimSuffix(filepath.Base(script), ".txtar")
	old, err := os.ReadFile(*recorded)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
		return
	}
	lines := slices.DeleteFunc(strings.Split(strings.TrimSpace(string(old)), "\n"), func(l string) bool { return l == "" || strings.HasPrefix(l, name+" ") })
	if !t.Failed() {
		lines = append(lines, name+" "+time.Now().UTC().Format(time.DateOnly))
	}
	slices.Sort(lines)
	if err := os.WriteFile(*recorded, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil { //nolint:gosec // for everybody to read
		t.Error(err)
	}
}

// labPlace is the lab of the repository.
type labPlace struct{ root string }

func (p labPlace) fleet() string { return filepath.Join(p.root, "lab", "fleet.yaml") }

// command works from inside the repository, with the cache of who runs the tests.
func (p labPlace) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(p.root, ".bin", "lab"), args...)
	cmd.Dir, cmd.Env = p.root, os.Environ()
	return cmd
}

func (p labPlace) do(ctx context.Context, stdout, stderr io.Writer, args ...string) (int, error) {
	cmd := p.command(ctx, args...)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	err := cmd.Run()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		return ended.ExitCode(), nil
	}
	if err != nil {
		err = fmt.Errorf("lab %q: %w", args, err)
	}
	return 0, err
}

func (p labPlace) client(region string) (string, bool) {
	for _, h := range lab.Regions() {
		if h.Name == region {
			return h.MQTT(), true
		}
	}
	return "", false
}
