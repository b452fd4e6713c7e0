// Package walls is the test that keeps the rooms apart: each package states in
// one line which room it is, and its imports are held against that.
package walls

import (
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// asksTheTime finds what gives another answer a moment later.
var asksTheTime = regexp.MustCompile(`\btime\.(?:Now|Since|Until|After|AfterFunc|Sleep|Tick|NewTimer|NewTicker)\b`)

// Pure holds the package in the current folder against the rules of a pure
// room: no network, no disk, no clock, no log; of the house only the rooms
// that are named; of others only the modules that are named.
func Pure(t *testing.T, allowed ...string) {
	t.Helper()
	banned := map[string]string{
		"net": "opens connections (net/netip is fine)", "os": "reads files and the environment", "log": "prints", "syscall": "knows the machine", "crypto/rand": "draws lots", "math/rand": "draws lots",
	}
	each(t, func(file, path, src string) {
		if asksTheTime.MatchString(src) {
			t.Errorf("%s asks for the time; take it as an argument", file)
		}
		first, rest, _ := strings.Cut(path, "/")
		why, bad := banned[first]
		if lots := strings.TrimSuffix(path, "/v2"); banned[lots] != "" {
			why, bad = banned[lots], true
		}
		if bad && path != "net/netip" && path != "net/url" {
			t.Errorf("%s imports %s: a pure room never %s (%s)", file, path, why, rest)
		}
		if (first == "vmqbot" || strings.Contains(first, ".")) && !slices.Contains(allowed, path) {
			t.Errorf("%s imports %s, which this room must not know; the rooms are drawn in docs/architecture.md", file, path)
		}
	})
}

// Adapter holds the package in the current folder against the rules that
// adapters meet only in cmd/bot and that a library lives in one room: of the
// house it imports what is named, of others only the modules that are named.
func Adapter(t *testing.T, allowed ...string) {
	t.Helper()
	each(t, func(file, path, _ string) {
		first, _, _ := strings.Cut(path, "/")
		switch {
		case first == "vmqbot" && !slices.Contains(allowed, path):
			t.Errorf("%s imports %s: adapters know pure rooms and meet in cmd/bot; the rooms are drawn in docs/architecture.md", file, path)
		case strings.Contains(first, ".") && !slices.ContainsFunc(allowed, func(module string) bool { return path == module || strings.HasPrefix(path, module+"/") }):
			t.Errorf("%s imports %s: a library lives in the one room that names it in its walls_test.go", file, path)
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
