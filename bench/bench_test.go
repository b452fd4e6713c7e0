//go:build bench

// Package bench measures the figures of docs/benchmarks.md beside their peers
// in one run: make bench. A figure never decides a test; what fails here is
// only what could not be measured.
package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// rounds is how often each figure is taken; the median is told.
const rounds = 5

// figure is one line of the table.
type figure struct {
	name string
	ms   []float64
}

func (f figure) median() float64 {
	s := slices.Sorted(slices.Values(f.ms))
	return s[len(s)/2]
}

// table prints figures with the ratio to the first one and keeps them in
// bench/out for the document.
func table(t *testing.T, title string, fs []figure) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n| what | median | min | max | times ours |\n|---|---|---|---|---|\n", title)
	for _, f := range fs {
		fmt.Fprintf(&b, "| %s | %.1f ms | %.1f | %.1f | %.1f |\n", f.name, f.median(), slices.Min(f.ms), slices.Max(f.ms), f.median()/fs[0].median())
	}
	fmt.Println(b.String())
	if err := os.MkdirAll("out", 0o755); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join("out", strings.ReplaceAll(strings.ToLower(title), " ", "-")+".md")
	if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// run runs a command and returns what it printed and how long it took.
func run(t *testing.T, env []string, argv ...string) (string, float64) {
	t.Helper()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	start := time.Now()
	err := cmd.Run()
	took := float64(time.Since(start)) / 1e6
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(argv, " "), err, out.String(), errs.String())
	}
	return out.String(), took
}

// build builds a command of this repository.
func build(t *testing.T, pkg string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), filepath.Base(pkg))
	run(t, nil, "go", "build", "-o", out, pkg)
	return out
}

func decode(t *testing.T, text string, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), v); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
}

func write(t *testing.T, path, content string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
}
