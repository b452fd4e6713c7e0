package facts_test

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"vmqbot/facts"
)

// The table of a host with a default route, a subnet of a cloud, docker0, weave
// and a route that only refuses, as Linux 5.10 printed it.
const routes = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	010010AC	0003	0	0	100	00000000	0	0	0
eth0	000010AC	00000000	0001	0	0	100	0000F0FF	0	0	0
docker0	000011AC	00000000	0001	0	0	0	0000FFFF	0	0	0
weave	0000200A	00000000	0001	0	0	0	0000F0FF	0	0	0
*	000010C0	00000000	0201	0	0	0	0000FFFF	0	0	0
`

func TestParseRoutes(t *testing.T) {
	got, err := facts.ParseRoutes(routes)
	want := "[{eth0 172.16.0.0/12} {docker0 172.17.0.0/16} {weave 10.32.0.0/12}]"
	if err != nil || fmt.Sprint(got) != want {
		t.Errorf("got %v, %v\nwant %s", got, err, want)
	}
	for _, wrong := range []string{"", "eth0", routes[:len(routes)-40], strings.Replace(routes, "000010AC", "0000XXAC", 1)} {
		if got, err := facts.ParseRoutes(wrong); err == nil {
			t.Errorf("%q is read as %v", wrong, got)
		}
	}
}

// This machine's own kernel writes what is read here.
func TestParseTheRoutesOfThisMachine(t *testing.T) {
	text, err := os.ReadFile("/proc/net/route")
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has such a file")
	}
	if err != nil {
		t.Fatal(err)
	}
	if got, err := facts.ParseRoutes(string(text)); err != nil {
		t.Errorf("%q: %v, %v", text, got, err)
	}
}
