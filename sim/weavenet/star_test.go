package weavenet_test

import (
	"fmt"
	"strings"
	"testing"

	"vmqbot/sim/weavenet"
)

// A large fleet is launched without discovery, all with one peer: then it
// costs what its hosts cost, and not what their pairs would.
func TestStar(t *testing.T) {
	bubble(t, "forty", func(t *testing.T, f *fleet) {
		hub := f.add("hub", 20, weavenet.HostOptions{})
		hub.ok("weave launch --no-discovery")
		var last *host
		for i := range 39 {
			last = f.add(fmt.Sprintf("h%d", i), 21+i, weavenet.HostOptions{})
			last.ok("weave launch --no-discovery 10.78.0.20")
			last.ok(fmt.Sprintf("weave attach 10.0.0.%d/24 c1", 1+i))
		}
		f.settle()
		last.says("weave status", "Connections: 1 (1 established)\n          Peers: 40 (with 78 established connections)", true)
		hub.says("weave status", "Connections: 39 (39 established)", true)
		if !last.reaches("c1", "10.0.0.1") {
			t.Error("packets do not pass through the hub")
		}
		last.wants("weave report -f {{range.Router.UnicastRoutes}}r{{end}}", 0, strings.Repeat("r", 40))
	})
}
