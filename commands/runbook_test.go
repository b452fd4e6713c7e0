package commands

import (
	"fmt"
	"path/filepath"
	"testing"

	"vmqbot/checks"
)

// TestGeneratedRunbook keeps the table of failures current.
func TestGeneratedRunbook(t *testing.T) {
	golden(t, filepath.Join("..", "..", "docs", "runbooks", "failures.md"), Runbook())
}

// Every row stands in its order, has a repair or the reason why none, and names
// checks and scripts that exist; no check looks for a row that is not there.
func TestEveryFailureIsAccountedFor(t *testing.T) {
	rows := map[string]bool{}
	for i, f := range failures {
		rows[f.row] = true
		if want := fmt.Sprintf("F%d", i+1); f.row != want {
			t.Errorf("%s stands where %s should", f.row, want)
		}
		if (f.repair == "") == (f.byHand == "") {
			t.Errorf("%s: either a repair, or why there is none", f.row)
		}
		for _, name := range f.also {
			if _, ok := checks.Find(name); !ok {
				t.Errorf("%s: there is no check %s", f.row, name)
			}
		}
		for _, script := range append(append([]string{}, f.found...), f.repaired...) {
			if files, _ := filepath.Glob(filepath.Join("..", "scripts", script+"-*.txtar")); len(files) == 0 {
				t.Errorf("%s: there is no script %s", f.row, script)
			}
		}
	}
	if len(failures) != 36 {
		t.Errorf("%d rows, want 36", len(failures))
	}
	for _, c := range checks.All() {
		if c.Row != "" && !rows[c.Row] {
			t.Errorf("the check %s looks for %s, which is no row", c.Name, c.Row)
		}
	}
}
