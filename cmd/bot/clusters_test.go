package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSeveralClusters: one fleet file is one cluster. Two of them, in one home,
// have stores and memories of their own: what is told to one, the other does
// not know.
func TestSeveralClusters(t *testing.T) {
	w := newWorld(t)
	release := w.fleet()
	text := strings.NewReplacer("cluster: release", "cluster: staging", "vernemq-release", "vernemq-staging", "10.0.0.", "10.0.1.").Replace(read(t, release))
	w.write("staging.yaml", text)
	staging := filepath.Join(w.dir, "staging.yaml")
	on := func(file string, words ...string) said {
		return w.bot(append([]string{"run", "--config", file, "--yes", "--"}, words...)...)
	}
	w.wants(on(release, "autoheal", "off"), 0, "done in", ": done")
	w.wants(on(release, "history"), 0, "autoheal off", "")
	w.wants(on(release, "alerts"), 0, "autoheal", "")
	w.wants(on(staging, "history"), 0, "Nothing", "")
	if s := on(staging, "alerts"); s.exit != 0 || strings.Contains(s.stdout, "autoheal is off") {
		t.Errorf("staging knows what release was told: %+v", s)
	}
	w.wants(on(staging, "autoheal", "off", "sg"), 0, "done in", ": done")
	if s := on(release, "history"); strings.Contains(s.stdout, "off sg") {
		t.Errorf("release knows what staging was told:\n%s", s.stdout)
	}
	for _, cluster := range []string{"release", "staging"} {
		w.isPrivate(filepath.Join(w.dir, "home/.local/state/vmqbot", cluster+".db"))
	}
	for file, names := range map[string]string{release: "release", staging: "staging"} {
		if s := on(file, "status"); s.exit != 4 || !strings.Contains(s.stdout, names+": ") {
			t.Errorf("status of %s: %+v", names, s)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
