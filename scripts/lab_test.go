//go:build lab

package scripts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

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
		tell(t, script, &world{place: p, bin: filepath.Join(root, ".bin"), begin: func(env *testscript.Env) error {
			if out, err := p.command(context.Background(), "reset").CombinedOutput(); err != nil {
				return fmt.Errorf("lab reset: %w\n%s", err, out)
			}
			return nil
		}})
	})
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
