// Package walls is the test that keeps the rooms apart: each package states in
// one line which room it is, and its imports are held against that.
package walls

import (
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Pure holds the package in the current folder against the rules of a pure
// room: no network, no disk, no clock, no log; of the house only the rooms
// that are named; of others only the modules that are named.
func Pure(t *testing.T, allowed ...string) {
	t.Helper()
	banned := map[string]string{
		"net": "opens connections (net/netip is fine)", "os": "reads files and the environment", "log": "prints", "syscall": "knows the machine",
	}
	each(t, func(file, path, src string) {
		if strings.Contains(src, "time."+"Now") {
			t.Errorf("%s asks for the time; take it as an argument", file)
		}
		first, rest, _ := strings.Cut(path, "/")
		if why, bad := banned[first]; bad && path != "net/netip" && path != "net/url" {
			t.Errorf("%s imports %s: a pure room never %s (%s)", file, path, why, rest)
		}
		if (first == "vmqbot" || strings.Contains(first, ".")) && !slices.Contains(allowed, path) {
			t.Errorf("%s imports %s, which this room must not know; the rooms are drawn in docs/architecture.md", file, path)
		}
	})
}

// Adapter holds the package in the current folder against the rule that
// adapters meet only in cmd/bot: of the house it imports what is named.
func Adapter(t *testing.T, allowed ...string) {
	t.Helper()
	each(t, func(file, path, _ string) {
		if strings.HasPrefix(path, "vmqbot/") && !slices.Contains(allowed, path) {
			t.Errorf("%s imports %s: adapters know pure rooms and meet in cmd/bot; the rooms are drawn in docs/architecture.md", file, path)
		}
	})
}

// each calls visit for every import of every file that is not a test.
func each(t *testing.T, visit func(file, path, src string)) {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		seen++
		src, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Name(), src, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		visit(f.Name(), "", string(src))
		for _, imp := range parsed.Imports {
			path, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			visit(f.Name(), path, "")
		}
	}
	if seen == 0 {
		t.Fatal("no file was read, so nothing was kept apart")
	}
}
