package sim

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vmqbot/executor"
	"vmqbot/facts"
	"vmqbot/regions"
)

// load reads the fleet file that a fleet wrote, as the bot does.
func load(t *testing.T, f *Fleet) *regions.Fleet {
	t.Helper()
	text, err := os.ReadFile(f.FleetFile())
	if err != nil {
		t.Fatal(err)
	}
	fleet, err := regions.Load(f.FleetFile(), text, func(_, ref string) (string, error) {
		b, err := os.ReadFile(ref)
		return string(b), err
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return fleet
}

// Hosts with Docker and nothing else, as the bot's own eyes see them.
func TestBareHosts(t *testing.T) {
	f, err := Up(t.Context(), Options{Dir: t.TempDir(), Pace: 0.05, Bare: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	fleet := load(t, f)
	hosts := executor.Open(fleet, executor.Options{Home: filepath.Dir(f.FleetFile())})
	t.Cleanup(func() { _ = hosts.Close() })
	seen := hosts.Looker.Look(t.Context(), fleet.Nodes(), facts.Need{Images: true})
	if len(seen.Nodes) != 4 {
		t.Fatalf("%d nodes", len(seen.Nodes))
	}
	for name, n := range seen.Nodes {
		if d, ok := n.Docker.Get(); !ok || d.Version != "20.10.24" {
			t.Errorf("%s: docker %+v %s", name, d, n.Docker.Why())
		}
		if i, ok := n.Images.Get(); !ok || len(i) < 8 {
			t.Errorf("%s: images %+v %s", name, i, n.Images.Why())
		}
		if h, ok := n.Host.Get(); !ok || h.Clock.IsZero() {
			t.Errorf("%s: host %+v %s", name, h, n.Host.Why())
		}
		if n.Container.Blind() != facts.Absent {
			t.Errorf("%s: container %s", name, n.Container.Why())
		}
	}
	var out bytes.Buffer
	if exit := f.Do(t.Context(), Streams{Out: &out, Err: &out}, "exec", "cn", "sh", "-c", "echo $((6*7)); exit 3"); exit != 3 || out.String() != "42\n" {
		t.Errorf("exit %d, %q", exit, out.String())
	}
	out.Reset()
	if f.Do(t.Context(), Streams{Out: &out, Err: &out}, "exec", "cn", "weave", "launch", "--no-dns", "10.78.0.12") != 0 {
		t.Errorf("weave launch: %s", out.String())
	}
	out.Reset()
	f.Do(t.Context(), Streams{Out: &out, Err: &out}, "exec", "cn", "weave", "status")
	if !strings.Contains(out.String(), "Version: 2.8.1") {
		t.Errorf("weave status: %s", out.String())
	}
}
