//go:build lab

package scripts

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var only = flag.String("script", "*", "run only the scripts that match this pattern")

// TestLab runs every script against the lab, one after the other: they break
// one fleet. Each begins with a healthy one.
func TestLab(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(*only + ".txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no script matches %q: %v", *only, err)
	}
	for _, f := range files {
		w := &world{root: root, jobs: map[string]*job{}}
		// testscript runs its scripts in parallel; a parent of its own makes each wait for the one before.
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txtar"), func(t *testing.T) {
			testscript.Run(t, testscript.Params{
				Files:               []string{f},
				Setup:               w.setup,
				Cmds:                w.commands(),
				RequireExplicitExec: true,
			})
		})
	}
}

func (w *world) setup(env *testscript.Env) error {
	env.Setenv("FLEET", filepath.Join(w.root, "lab", "fleet.yaml"))
	env.Setenv("LAB_FLEET", env.Getenv("FLEET"))
	env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, "state"))
	env.Setenv("HOME", env.WorkDir)
	env.Setenv("USER", "ana")
	env.Setenv("PATH", filepath.Join(w.root, ".bin")+":"+os.Getenv("PATH"))
	return w.reset()
}
