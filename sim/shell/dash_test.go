package shell_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestDash runs the corpus in the dash of this machine and here: the same words
// on stdout and the same exit status.
func TestDash(t *testing.T) {
	dash, err := exec.LookPath("dash")
	if err != nil {
		t.Fatal("dash is needed: install it with `make prerequisites`")
	}
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no corpus", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, part := range strings.Split(string(text), "\n----\n") {
			name, script, ok := strings.Cut(strings.TrimPrefix(part, "----\n"), "\n")
			if !ok {
				t.Fatalf("%s: part %d has no script", file, i)
			}
			t.Run(strings.TrimPrefix(name, "# "), func(t *testing.T) {
				t.Parallel()
				want, wantExit := reality(t, dash, script)
				got, said, exit := newBox(t).sh("one\ntwo words\nthree\n", script, "name", "first", "second arg", "*")
				if got != want || exit != wantExit {
					t.Errorf("%s\n--- dash, exit %d\n%s--- here, exit %d\n%s--- stderr\n%s", script, wantExit, want, exit, got, said)
				}
			})
		}
	}
}

// reality runs a script in dash.
func reality(t *testing.T, dash, script string) (string, int) {
	t.Helper()
	dir := t.TempDir()
	for _, d := range []string{"tmp", "work", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), dash, "-c", script, "name", "first", "second arg", "*")
	cmd.Dir, cmd.Stdin = filepath.Join(dir, "work"), strings.NewReader("one\ntwo words\nthree\n")
	cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"}
	out, err := cmd.Output()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	exit := cmd.ProcessState.ExitCode()
	if ws, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		exit = 128 + int(ws.Signal())
	}
	return string(out), exit
}
