package walls_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vmqbot/walls"
)

// TestPlanted is what a room may hold: each row is a file that somebody
// planted, and what the wall says of it.
func TestPlanted(t *testing.T) {
	for _, c := range []struct{ room, file, source, says string }{
		{"pure", "a.go", `import "strings"`, ""},
		{"pure", "a.go", `import ("net/netip"; "net/url"; "slices")`, ""},
		{"pure", "a.go", `import "vmqbot/answer"`, ""},
		{"pure", "a.go", `import "example.com/x"`, ""},
		{"pure", "a.go", `import "net"`, "a.go imports net"},
		{"pure", "a.go", `import "net/http"`, "a.go imports net/http"},
		{"pure", "a.go", `import "os"`, "a.go imports os"},
		{"pure", "a.go", `import "os/exec"`, "a.go imports os/exec"},
		{"pure", "a.go", `import _ "os"`, "a.go imports os"},
		{"pure", "a.go", "import x `os`", "a.go imports os"},
		{"pure", "a.go", `import "log"`, "a.go imports log"},
		{"pure", "a.go", `import "log/slog"`, "a.go imports log/slog"},
		{"pure", "a.go", `import "syscall"`, "a.go imports syscall"},
		{"pure", "a.go", `import "vmqbot/store"`, "a.go imports vmqbot/store"},
		{"pure", "a.go", `import "vmqbot/answer/inner"`, "a.go imports vmqbot/answer/inner"},
		{"pure", "a.go", `import "example.com/x/y"`, "a.go imports example.com/x/y"},
		{"pure", "a.go", `import "time"; var now = time.` + `Now`, "a.go asks for the time"},
		{"pure", "a.go", `import "time"; var c = time.` + `Since(t)`, "a.go asks for the time"},
		{"pure", "a.go", `import "time"; var c = time.` + `NewTicker(1)`, "a.go asks for the time"},
		{"pure", "a.go", `import "time"; var c = time.Unix(1, 0).After(t)`, ""},
		{"pure", "a.go", `import "math/rand/v2"`, "a.go imports math/rand/v2: a pure room never draws lots"},
		{"pure", "a.go", `import "crypto/rand"`, "a.go imports crypto/rand"},
		{"pure", "a.go", `import "crypto/sha256"`, ""},
		{"pure", "a_linux.go", `import "os"`, "a_linux.go imports os"},
		{"pure", "a_test.go", `import "os"`, "no file was read"},
		{"pure", "a.txt", "", "no file was read"},
		{"pure", "a.go", `import "os`, "string literal not terminated"},
		{"adapter", "a.go", `import ("os"; "net"; "example.com/x"; "example.com/x/y"; "vmqbot/answer")`, ""},
		{"adapter", "a.go", `import "example.com/xy"`, "a.go imports example.com/xy: a library lives in the one room"},
		{"adapter", "a.go", `import "vmqbot/store"`, "a.go imports vmqbot/store"},
		{"adapter", "a_test.go", "", "no file was read"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, c.file), []byte("package a\n"+c.source+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		out, failed := enter(t, c.room, dir)
		if failed != (c.says != "") || !strings.Contains(out, c.says) {
			t.Errorf("%s with %s: failed %t, want %q:\n%s", c.room, c.source, failed, c.says, out)
		}
	}
}

// enter holds a folder against its wall. A wall fails the test that asks it,
// so it is asked in a process of its own.
func enter(t *testing.T, room, dir string) (out string, failed bool) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestRoom$")
	cmd.Env = append(os.Environ(), "WALLS_ROOM="+room, "WALLS_DIR="+dir)
	b, err := cmd.CombinedOutput()
	return string(b), err != nil
}

// TestRoom stands for the test of a room; alone it is this package's own,
// which knows nobody.
func TestRoom(t *testing.T) {
	dir := os.Getenv("WALLS_DIR")
	if dir == "" {
		walls.Adapter(t)
		return
	}
	t.Chdir(dir)
	if os.Getenv("WALLS_ROOM") == "pure" {
		walls.Pure(t, "vmqbot/answer", "example.com/x")
		return
	}
	walls.Adapter(t, "vmqbot/answer", "example.com/x")
}
