package commands

import (
	"fmt"
	"strings"
	"testing"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/regions"
	"vmqbot/secret"
)

const hidden = "a-word-that-nobody-may-see"

// byHand is what somebody of the runbook wrote on a node.
func byHand(n regions.Node, more string) secret.Text {
	return secret.New("nodename = " + n.ErlangName() + "\ndistributed_cookie = value-of-VERNEMQ_COOKIE" + `
listener.tcp.default = 0.0.0.0:1883
listener.tcp.b = 0.0.0.0:1889
listener.tcp.c = 0.0.0.0:1900
listener.vmq.clustering = ` + n.ClusterAddr().String() + "\nlog.console = file\n" + more)
}

func stands(w *facts.Fleet, f *regions.Fleet, more string, names ...string) {
	for _, name := range names {
		n, _ := f.Node(name)
		factstest.Edit(w, name, func(seen *facts.Node) {
			g, _ := seen.Ground.Get()
			g.Conf = facts.Saw(byHand(n, more))
			seen.Ground = facts.Saw(g)
		})
	}
}

// What a person did by hand and the fleet file does not know is seen to go
// before it is approved, and first of all; a listener that the gate opens does
// not go; nobody reads a secret.
func TestDeployShowsWhatGoes(t *testing.T) {
	f := fleet(t)
	for i := range f.Regions {
		delete(f.Regions[i].Nodes[0].Conf, "plugins.vmq_webhooks")
	}
	w := runbook(f)
	gone := "plugins.vmq_webhooks = on\nvmq_webhooks.webhook9.endpoint = http://u:" + hidden + "@h/\nlistener.tcp.d = 0.0.0.0:1999\n"
	stands(&w, f, gone, "cn-1", "sg-1")
	p, err := planOf(t, f, w, "deploy all")
	if err != nil {
		t.Fatal(err)
	}
	said := strings.Join(p.Notes, "\n")
	for _, want := range []string{
		"cn-1, sg-1: vernemq.conf changes, and 3 lines go; what shall stay belongs in the fleet file:\n  - listener.tcp.d = 0.0.0.0:1999\n  - plugins.vmq_webhooks = on\n  - vmq_webhooks.webhook9.endpoint = [redacted]\n",
		"\n  - log.console = file\n  + log.console = console\n",
		"\nus-1: vernemq.conf changes:\n",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("not told: %s", want)
		}
	}
	for _, not := range []string{hidden, "0.0.0.0:1883", "0.0.0.0:1889"} {
		if strings.Contains(p.String(), not) {
			t.Errorf("told: %s", not)
		}
	}
	if t.Failed() {
		t.Log(said)
	}
}

// However much changes, the plan stays a plan; conf diff has the rest.
func TestDeployBoundsTheDiff(t *testing.T) {
	f := fleet(t)
	w := runbook(f)
	var long strings.Builder
	for i := range 40 {
		fmt.Fprintf(&long, "plugins.own%02d = on\n", i)
	}
	long.WriteString("plugins.own.path = /" + strings.Repeat("x", 500) + "\n")
	stands(&w, f, long.String(), "cn-1")
	said := notes(t, f, w, "deploy cn")
	lines := strings.Split(said, "\n")
	if !strings.Contains(said, "and 41 lines go") || !strings.Contains(said, "and 38 lines more: conf diff cn-1") || len(lines) > 32 {
		t.Errorf("%d lines\n%s", len(lines), said)
	}
	for _, l := range lines {
		if strings.Contains(l, "xxx") && len(l) > 180 {
			t.Errorf("a line of %d bytes", len(l))
		}
	}
}

// What cannot be seen or read is said, and not taken for the same.
func TestDeployShowsWhatItCannotCompare(t *testing.T) {
	f := fleet(t)
	for _, tt := range []struct {
		name  string
		world facts.Fleet
		conf  facts.Seen[secret.Text]
		says  string
	}{
		{"not seen", runbook(f), facts.Missed[secret.Text](facts.TooLate, "Docker did not answer in time."), "cn-1: vernemq.conf that stands there cannot be seen, so what changes is not known: Docker did not answer in time"},
		{"no file", runbook(f), facts.Missed[secret.Text](facts.Absent, "there is none"), "cn-1: vernemq.conf is not there"},
		{"not readable", runbook(f), facts.Saw(secret.New("what is this\n")), "cn-1: vernemq.conf that stands there cannot be read as VerneMQ reads it: line 1"},
		{"of an interrupted deploy", keptOnly(f), facts.Saw(byHand(f.Nodes()[0], "plugins.own = on\n")), "\n  - plugins.own = on"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := tt.world
			factstest.Edit(&w, "cn-1", func(n *facts.Node) {
				g, _ := n.Ground.Get()
				g.Conf = tt.conf
				n.Ground = facts.Saw(g)
			})
			if said := notes(t, f, w, "deploy cn"); !strings.Contains(said, tt.says) {
				t.Errorf("%s\nwant %s", said, tt.says)
			}
		})
	}
	w := runbook(f)
	empty(&w, f, "cn-1", "sg-1", "us-1", "eu-1")
	if said := notes(t, f, w, "deploy all"); strings.Contains(said, "vernemq.conf") {
		t.Errorf("an empty host has no file to compare: %s", said)
	}
}

// Behind a gate only what is another is told: an option of a port is no port
// that goes, and the broker's own listener inside is nobody's.
func TestDeployShowsDoors(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	said := notes(t, f, w, "deploy cn --image airdroid/vernemq:2.0.1")
	want := "cn-1: vernemq.conf changes:\n" +
		"  - opened by the gate: 0.0.0.0 1883 --allowed_protocol_versions=3,4,131\n"
	if !strings.HasPrefix(said, want) || strings.Contains(said, "127.0.0.1:18830") || !strings.Contains(said, "+ opened by the gate: 0.0.0.0 1900 --allowed_protocol_versions=3,4,5,131") {
		t.Errorf("%s", said)
	}
}
