package main

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestImage holds the Dockerfile against what it promises, and runs the health
// check that it names.
func TestImage(t *testing.T) {
	b, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	build, final, ok := strings.Cut(string(b), "\nFROM scratch\n")
	if !ok || strings.Contains(final, "FROM ") {
		t.Fatal("the image does not end from scratch")
	}
	for _, want := range []string{"\nARG BASE=", "\nFROM ${BASE} AS build\n", "CGO_ENABLED=0", "go build -tags nosim,nethttpomithttp2 -trimpath -ldflags=\"-s -w\""} {
		if !strings.Contains(build, want) {
			t.Errorf("the first stage lacks %q", want)
		}
	}
	if user := regexp.MustCompile(`(?m)^USER (\d+):(\d+)$`).FindStringSubmatch(final); user == nil || user[1] == "0" {
		t.Errorf("the image runs as %q: write numbers, there is no /etc/passwd, and not root's", user)
	}
	_, check, _ := strings.Cut(final, "HEALTHCHECK ")
	_, check, _ = strings.Cut(check, "CMD ")
	line, _, _ := strings.Cut(check, "\n")
	var argv []string
	if err := json.Unmarshal([]byte(line), &argv); err != nil || len(argv) < 2 || argv[0] != "/bot" || !strings.Contains(final, ` /bot`) {
		t.Fatalf("the health check %q is not asked of the binary itself: %v", line, err)
	}
	w := newWorld(t)
	for i, word := range argv {
		argv[i] = strings.ReplaceAll(word, "/config/fleet.yaml", w.fleet())
	}
	w.wants(w.bot(argv[1:]...), 0, "ok\n", "")
}

// TestTypeNext: every way out that begins with a verb is told as one types it
// here, whether the verb has one word or two.
func TestTypeNext(t *testing.T) {
	p := &process{config: "a.yaml"}
	for fix, want := range map[string]string{
		"status cn":                      "bot run --config a.yaml -- status cn",
		"conf push cn-1":                 "bot run --config a.yaml -- conf push cn-1",
		"conf show":                      "bot run --config a.yaml -- conf show",
		"conf":                           "conf",
		"":                               "",
		"bot help":                       "bot help",
		"store: PATH in the file":        "store: PATH in the file",
		"reattach REGION --drop-clients": "bot run --config a.yaml -- reattach REGION --drop-clients",
	} {
		if got := p.typed(fix); got != want {
			t.Errorf("%q is told as %q, want %q", fix, got, want)
		}
	}
}
