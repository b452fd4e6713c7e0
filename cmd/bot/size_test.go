package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// most is what the program may weigh as it is released, in bytes.
const most = 30_000_000

// TestTheProgramIsSmall as make release builds it, the simulated fleet included.
// Left out for that: HTTP/2, which the tests' Slack does not speak either, a bold
// font, and the names of two thousand letters in HTML, of which Slack writes three.
func TestTheProgramIsSmall(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it links the whole program")
	}
	released, err := os.ReadFile("../../scripts/release.sh")
	if err != nil {
		t.Fatal(err)
	}
	if line := `go build -trimpath -tags nethttpomithttp2 -ldflags="-s -w -buildid=" -o "$dist/bot-`; !strings.Contains(string(released), line) {
		t.Fatalf("scripts/release.sh does not build by %s...: build here as it does", line)
	}
	at := filepath.Join(t.TempDir(), "bot")
	c := exec.Command("go", "build", "-trimpath", "-tags", "nethttpomithttp2", "-ldflags=-s -w -buildid=", "-o", at, ".")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	info, err := os.Stat(at)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%.1f MB", float64(info.Size())/1e6)
	if info.Size() > most {
		t.Errorf("the program has %d bytes, want %d at most: go tool nm -size -sort size says of what", info.Size(), most)
	}
}

// TestNobodyCallsMethodsByName: where a template may call any method, the linker
// keeps every method of every type, four megabytes. Package format is for templates.
// goose has one for files that it writes for developers, which nothing here reaches.
func TestNobodyCallsMethodsByName(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", `{{.ImportPath}} {{join .Imports " "}}`, ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		read++
		for _, template := range []string{"text/template", "html/template"} {
			if slices.Contains(words[1:], template) && words[0] != "github.com/pressly/goose/v3" {
				t.Errorf("%s imports %s: fill templates by vmqbot/format", words[0], template)
			}
		}
	}
	if read < 100 {
		t.Errorf("only %d packages were read:\n%s", read, out)
	}
}
