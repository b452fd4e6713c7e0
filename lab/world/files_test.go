package world

import (
	"strings"
	"testing"

	"vmqbot/regions"
)

// The bot must be able to load what the lab writes.
func TestFleetFileLoads(t *testing.T) {
	text, err := FleetYAML("/src/lab/.state", "ops")
	if err != nil {
		t.Fatal(err)
	}
	var asked string
	fleet, err := regions.Load("lab/fleet.yaml", []byte(text), func(kind, ref string) (string, error) {
		asked = kind + " " + ref
		return "s3cret", nil
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if asked != "file /src/lab/.state/cookie" {
		t.Errorf("the cookie was asked for as %q", asked)
	}
	for _, h := range Regions() {
		n, ok := fleet.Node(h.Name + "-1")
		if !ok {
			t.Fatalf("no node %s-1", h.Name)
		}
		if n.Host != h.IP || n.Container != h.Container() || n.Address.String() != h.CIDR() {
			t.Errorf("%s is %s %s %s", n.Name, n.Host, n.Container, n.Address)
		}
		jump := map[bool]string{true: "ops@10.78.0.10"}[h.Name == "eu"]
		if n.SSH.Jump != jump {
			t.Errorf("%s is reached through %q, want %q", n.Name, n.SSH.Jump, jump)
		}
	}
}

func TestVernemqConf(t *testing.T) {
	got, err := VernemqConf(Regions()[2], "c00kie")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"# United States. Written by the lab; the keys are those of the runbook.",
		"nodename = VerneMQ@10.0.0.3",
		"distributed_cookie = c00kie",
		"listener.vmq.clustering = 10.0.0.3:44053",
		"listener.tcp.default = 0.0.0.0:1883",
		"allow_register_during_netsplit = on",
	} {
		if !strings.Contains("\n"+got, "\n"+line+"\n") {
			t.Errorf("vernemq.conf lacks the line %q:\n%s", line, got)
		}
	}
	for line := range strings.Lines(got) {
		if key, value, ok := strings.Cut(line, " = "); !strings.HasPrefix(line, "#") && (!ok || key == "" || value == "\n") {
			t.Errorf("not KEY = VALUE: %q", line)
		}
	}
}

func TestKnownHosts(t *testing.T) {
	got := KnownHosts([]Host{Jump, Regions()[0], Regions()[1]}, map[string]string{
		"jump": "ssh-ed25519 AAAA1 jump\n",
		"cn":   "ssh-ed25519 AAAA2 cn, new\n",
	})
	want := "10.78.0.10 ssh-ed25519 AAAA1\n10.78.0.11 ssh-ed25519 AAAA2\n"
	if got != want {
		t.Errorf("got %q, want %q: a host without a key has no line", got, want)
	}
}
