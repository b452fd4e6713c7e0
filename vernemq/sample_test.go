package vernemq

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"vmqbot/answer"
	"vmqbot/explain/typed"
)

// split finds the one command of VerneMQ in a line as people type it.
func split(line string) ([]string, bool) {
	found, err := typed.Commands(line, Speaks)
	if err != nil || len(found) != 1 {
		return nil, false
	}
	return found[0], true
}

// sample reads one recorded answer. It reports false for a file whose
// command is not VerneMQ's.
func sample(t testing.TB, file string) (answer.Answer, bool) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	ar := txtar.Parse(b)
	var a answer.Answer
	ok := false
	for line := range strings.Lines(string(ar.Comment)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "command":
			a.Argv, ok = split(value)
		case "exit":
			a.Exit, _ = strconv.Atoi(value)
		}
	}
	for _, f := range ar.Files {
		switch f.Name {
		case "stdout":
			a.Stdout = string(f.Data)
		case "stderr":
			a.Stderr = string(f.Data)
		}
	}
	return a, ok
}

// samples lists the recorded files of a version, relative to testdata.
func samples(t testing.TB, version string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join("testdata", version))
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, e := range entries {
		files = append(files, version+"/"+e.Name())
	}
	return files
}
