package dockerd_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"testing"
)

// Without a bip a daemon gives its bridge the address that it had last, as Docker 20.10
// does, which keeps it in its local-kv.db: also a bridge that was taken away.
func TestTheBridgeKeepsItsAddress(t *testing.T) {
	w := host(t)
	conf := filepath.Join(w.m.Root.Dir, "etc/docker/daemon.json")
	if err := os.MkdirAll(filepath.Dir(conf), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ what, conf, want string }{
		{"at first", "", "172.17.0.1/16"},
		{"with a bip", `{"bip": "172.26.0.1/16"}`, "172.26.0.1/16"},
		{"without one again", `{}`, "172.26.0.1/16"},
		{"when the bridge was taken away", "gone", "172.26.0.1/16"},
		{"with the first one by name", `{"bip": "172.17.0.1/16"}`, "172.17.0.1/16"},
	} {
		w.Down(false)
		switch step.conf {
		case "":
		case "gone":
			w.m.Net.UnplugDev("docker0")
		default:
			if err := os.WriteFile(conf, []byte(step.conf), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		w.up(t)
		var have []netip.Prefix
		for _, a := range w.m.Net.Addresses() {
			if a.Dev == "docker0" {
				have = append(have, a.Prefix)
			}
		}
		if len(have) != 1 || have[0].String() != step.want {
			t.Errorf("%s: docker0 has %v, want %s", step.what, have, step.want)
		}
	}
}
