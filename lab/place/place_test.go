package place

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func tree(t *testing.T, module string) (repo, deep string) {
	t.Helper()
	repo = t.TempDir()
	deep = filepath.Join(repo, "lab", "cmd")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(repo, "go.mod"), []byte(module), 0o644); err != nil {
		t.Fatal(err)
	}
	return repo, deep
}

func TestFind(t *testing.T) {
	repo, deep := tree(t, "module vmqbot\n\ngo 1.26.0\n")
	t.Setenv("LAB_CACHE", "")
	t.Setenv("XDG_CACHE_HOME", "/var/cache/me")
	for _, dir := range []string{repo, deep} {
		p, err := Find(dir)
		if err != nil {
			t.Fatal(err)
		}
		want := Places{Repo: repo, State: repo + "/lab/.state", Cache: "/var/cache/me/vmqbot-lab",
			Hosts: "/var/cache/me/vmqbot-lab/hosts", Run: "/run/vmqbot-lab"}
		if p != want {
			t.Errorf("from %s: %+v, want %+v", dir, p, want)
		}
		if got := p.FleetFile(); got != repo+"/lab/fleet.yaml" {
			t.Errorf("the fleet file is %s", got)
		}
	}
	t.Setenv("LAB_CACHE", "/big")
	if p, err := Find(repo); err != nil || p.Cache != "/big" || p.Hosts != "/big/hosts" {
		t.Errorf("with LAB_CACHE: %+v, %v", p, err)
	}
}

func TestFindOutsideTheSourceTree(t *testing.T) {
	_, deep := tree(t, "module vmqbotany\n")
	_, err := Find(deep)
	if err == nil || !strings.Contains(err.Error(), "change into it") {
		t.Errorf("got %v, want a sentence with a way out", err)
	}
}
