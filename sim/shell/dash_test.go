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
	dash := lookDash(t)
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
				want := reality(t, dash, script)
				got, said, exit := newBox(t).sh(input, script, parameters...)
				if got != want.out || exit != want.exit {
					t.Errorf("%s\n--- dash, exit %d\n%s--- here, exit %d\n%s--- stderr\n%s", script, want.exit, want.out, exit, got, said)
				}
			})
		}
	}
}

// TestLines runs scripts of one line: those of tools.lines as above, those of
// errors.lines with what they say on stderr.
func TestLines(t *testing.T) {
	dash := lookDash(t)
	for _, file := range []string{"tools", "errors"} {
		text, err := os.ReadFile("testdata/" + file + ".lines")
		if err != nil {
			t.Fatal(err)
		}
		for script := range strings.Lines(string(text)) {
			script = strings.TrimSpace(script)
			t.Run(script, func(t *testing.T) {
				t.Parallel()
				want := reality(t, dash, script)
				var got answer
				got.out, got.said, got.exit = newBox(t).sh(input, script, parameters...)
				if got.out != want.out || got.exit != want.exit || file == "errors" && got.said != want.said {
					t.Errorf("dash: %d %q %q\nhere: %d %q %q", want.exit, want.out, want.said, got.exit, got.out, got.said)
				}
			})
		}
	}
}

// answer is what a script gave.
type answer struct {
	out, said string
	exit      int
}

const input = "one\ntwo words\nthree\n"

var parameters = []string{"name", "first", "second arg", "*"}

func lookDash(t *testing.T) string {
	t.Helper()
	dash, err := exec.LookPath("dash")
	if err != nil {
		t.Fatal("dash is needed: install it with `make prerequisites`")
	}
	return dash
}

// reality runs a script in dash.
func reality(t *testing.T, dash, script string) answer {
	t.Helper()
	dir := t.TempDir()
	for _, d := range []string{"work", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), dash, append([]string{"-c", script}, parameters...)...)
	var out, said strings.Builder
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = filepath.Join(dir, "work"), strings.NewReader(input), &out, &said
	cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"}
	err := cmd.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	exit := cmd.ProcessState.ExitCode()
	if ws, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		exit = 128 + int(ws.Signal())
	}
	return answer{out.String(), said.String(), exit}
}
