package weave

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"vmqbot/answer"
)

const sampleDir = "testdata/2.8.1"

// sample reads one recorded run; ok is false when its command is not weave.
func sample(t testing.TB, file string) (a answer.Answer, ok bool) {
	t.Helper()
	ar, err := txtar.ParseFile(filepath.Join(sampleDir, file))
	if err != nil {
		t.Fatal(err)
	}
	head := map[string]string{}
	for l := range strings.Lines(string(ar.Comment)) {
		key, value, _ := strings.Cut(l, ":")
		head[key] = strings.TrimSpace(value)
	}
	a.Argv = strings.Fields(head["command"])
	for _, f := range ar.Files {
		switch f.Name {
		case "stdout":
			a.Stdout = string(f.Data)
		case "stderr":
			a.Stderr = string(f.Data)
		}
	}
	if a.Tool() != "weave" {
		return a, false
	}
	if a.Exit, err = strconv.Atoi(head["exit"]); err != nil {
		t.Fatalf("%s: exit: %v", file, err)
	}
	return a, true
}

// sampleFiles finds every recorded run.
func sampleFiles(t testing.TB) []string {
	t.Helper()
	entries, err := os.ReadDir(sampleDir)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, e := range entries {
		files = append(files, e.Name())
	}
	return files
}
