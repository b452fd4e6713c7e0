package commands

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vmqbot/checks"
)

// TestGeneratedRunbook keeps the table of failures current.
func TestGeneratedRunbook(t *testing.T) {
	scripts, passed := scriptsTold(t)
	golden(t, filepath.Join("..", "..", "docs", "runbooks", "failures.md"), Runbook(scripts, passed))
}

// scriptsTold are the scripts, and what is recorded of the lab.
func scriptsTold(t *testing.T) (scripts map[string]string, passed string) {
	t.Helper()
	files, err := filepath.Glob("../scripts/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	scripts = map[string]string{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		scripts[strings.TrimSuffix(filepath.Base(file), ".txtar")] = string(b)
	}
	b, err := os.ReadFile("inlab.txt")
	if err != nil {
		t.Fatal(err)
	}
	return scripts, string(b)
}

// TestWhatScriptsProve: only what a script says by its own words, by its whole name,
// and each script once.
func TestWhatScriptsProve(t *testing.T) {
	p := evidenceOf(map[string]string{
		"43-alert": "found F1 F2:port\nfound F1\n# found F3\n! vmq diagnose\nfounded F4\n",
		"43-storm": "repaired F1\n", "07-dead": "found F1\n",
	}, "43-storm 2026-11-30\n07-dead 2026-11-29\n")
	for what, want := range map[string]string{
		"found F1":    "[07](../../scripts/07-dead.txtar), [43](../../scripts/43-alert.txtar) | [07](../../scripts/07-dead.txtar)",
		"found F2":    "[43](../../scripts/43-alert.txtar) | -",
		"repaired F1": "[43](../../scripts/43-storm.txtar) | [43](../../scripts/43-storm.txtar)",
		"found F3":    "- | -", "found F4": "- | -", "repaired F2": "- | -",
	} {
		if got := p[what].sim() + " | " + p[what].lab(); got != want {
			t.Errorf("%s: got %s, want %s", what, got, want)
		}
	}
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
	}
	if len(failures) != 36 {
		t.Errorf("%d rows, want 36", len(failures))
	}
	scripts, passed := scriptsTold(t)
	for what := range evidenceOf(scripts, passed) {
		if _, row, _ := strings.Cut(what, " "); !rows[row] {
			t.Errorf("a script says %q, which is no row", what)
		}
	}
	for _, c := range checks.All() {
		if c.Row != "" && !rows[c.Row] {
			t.Errorf("the check %s looks for %s, which is no row", c.Name, c.Row)
		}
	}
}
