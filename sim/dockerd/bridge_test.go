package dockerd_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"testing"
)

// Without a bip a daemon takes the address that its bridge has, as Docker does: only
// where the bridge is gone, it is made anew.
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
		{"when the bridge was taken away", "gone", "172.17.0.1/16"},
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
