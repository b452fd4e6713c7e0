package onhost

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestReal(t *testing.T) {
	var m Real
	file := filepath.Join(t.TempDir(), "a", "b")
	if err := m.WriteFile(file, []byte("one"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := m.WriteFile(file, []byte("two"), 0o666); err != nil {
		t.Fatal(err)
	}
	text, err := m.ReadFile(file)
	i, statErr := os.Stat(file)
	if err != nil || statErr != nil || string(text) != "two" || i.Mode().Perm() != 0o666 {
		t.Errorf("%q %v %v %v", text, i.Mode(), err, statErr)
	}
	if at, err := m.Stat(file); err != nil || time.Since(at) > time.Minute {
		t.Errorf("%v %v", at, err)
	}
	if list, err := os.ReadDir(filepath.Dir(file)); err != nil || len(list) != 1 {
		t.Errorf("beside it are %v (%v)", list, err)
	}
	if err := errors.Join(m.Remove(file), m.Remove(file)); err != nil {
		t.Error(err)
	}
	if _, err := m.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	a, err := m.Run(t.Context(), []string{"sh", "-c", "echo out; echo said >&2; exit 3"})
	if err != nil || a.Exit != 3 || a.Stdout != "out\n" || a.Stderr != "said\n" {
		t.Errorf("%+v %v", a, err)
	}
	if a, err := m.Run(t.Context(), []string{"no-such-program"}); err != nil || a.Exit != 127 {
		t.Errorf("%+v %v", a, err)
	}
	if a, err := m.Run(t.Context(), []string{"sh", "-c", "head -c 3000000 /dev/zero"}); err != nil || len(a.Stdout) != most {
		t.Errorf("%d bytes were kept, %v", len(a.Stdout), err)
	}
}

// A process of its own outlives the one that started it, and is not waited for.
func TestAProcessOfItsOwn(t *testing.T) {
	dir := t.TempDir()
	log, told := filepath.Join(dir, "log"), filepath.Join(dir, "told")
	begun := time.Now()
	_, err := run(t.Context(), Real{}, "setsid", "-f", "sh", "-c", `exec "$@" </dev/null >>"$0" 2>&1`, log, "sh", "-c", `echo began; echo $$ > "$0.new"; mv "$0.new" "$0"; exec sleep 60`, told)
	if err != nil || time.Since(begun) > 20*time.Second {
		t.Fatalf("%v after %s", err, time.Since(begun))
	}
	var pid []byte
	for begun := time.Now(); len(pid) == 0; <-time.After(10 * time.Millisecond) {
		if pid, _ = os.ReadFile(told); time.Since(begun) > 20*time.Second {
			t.Fatal("it did not start")
		}
	}
	id := strings.TrimSpace(string(pid))
	if said, err := os.ReadFile(log); err != nil || string(said) != "began\n" {
		t.Errorf("the log has %q, %v", said, err)
	}
	if a, err := (Real{}).Run(t.Context(), []string{"kill", id}); err != nil || a.Exit != 0 {
		t.Errorf("it does not run: %+v %v", a, err)
	}
}
