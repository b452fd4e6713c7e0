package commands

import (
	"strings"
	"testing"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

// notes are what a plan says, one line each.
func notes(t *testing.T, f *regions.Fleet, w facts.Fleet, line string) string {
	t.Helper()
	p, err := planOf(t, f, w, line)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(p.Notes, "\n")
}

// plans gives every node another image in the fleet file.
func plans(f *regions.Fleet, image string) {
	for i := range f.Regions {
		for j := range f.Regions[i].Nodes {
			f.Regions[i].Nodes[j].Image = image
		}
	}
}

// runEverywhere has another image run on all hosts, over data of Plumtree.
func runEverywhere(w *facts.Fleet, f *regions.Fleet, image string) {
	for _, n := range f.Nodes() {
		factstest.Edit(w, n.Name, func(seen *facts.Node) {
			c, _ := seen.Container.Get()
			c.Image = image
			seen.Container = facts.Saw(c)
			g, _ := seen.Ground.Get()
			g.Conf = facts.Saw(secret.New("nodename = " + n.ErlangName() + "\ndistributed_cookie = value-of-VERNEMQ_COOKIE\nmetadata_plugin = vmq_plumtree\n"))
			seen.Ground = facts.Saw(g)
		})
	}
}

// What a peer holds back depends on the image that it runs, not on the one that
// the fleet file plans for it.
func TestThePriceIsOfWhatRuns(t *testing.T) {
	const price = "price: while cn-1 is away, sg-1, us-1, eu-1 keep only about 10 kB"
	for _, tt := range []struct {
		name, runs, plans string
		told              bool
	}{
		{"an upgrade to a version that buffers", "airdroid/vernemq:1.6.1", "airdroid/vernemq:2.2.0", true},
		{"back from a version that buffers", "airdroid/vernemq:2.2.0", "airdroid/vernemq:2.1.3", false},
		{"an image without a version", "airdroid/vernemq:latest", "airdroid/vernemq:2.2.0", true},
	} {
		for _, verb := range []string{"deploy cn", "restart cn"} {
			t.Run(verb+" "+tt.name, func(t *testing.T) {
				f := fleet(t)
				w := runbook(f)
				runEverywhere(&w, f, tt.runs)
				plans(f, tt.plans)
				if said := notes(t, f, w, verb); strings.Contains(said, price) != tt.told {
					t.Errorf("told: %v, want %v\n%s", !tt.told, tt.told, said)
				}
			})
		}
	}
}

// A listener that the gate cannot open is told as a price, and only once.
func TestEarlyListenersAreAPrice(t *testing.T) {
	f := fleet(t)
	for i := range f.Regions {
		f.Regions[i].Nodes[0].Conf["listener.wss.web"] = secret.Plain("0.0.0.0:8443")
		f.Regions[i].Nodes[0].Conf["listener.tcp.default"] = secret.Plain("0.0.0.0:1883")
		f.Regions[i].Nodes[0].Conf["listener.tcp.default.proxy_protocol"] = secret.Plain("on")
	}
	said := notes(t, f, runbook(f), "deploy cn")
	if !strings.Contains(said, "price: on cn-1 listener.tcp.default (0.0.0.0:1883), listener.wss.web (0.0.0.0:8443) open as soon as the broker starts") ||
		strings.Contains(said, "joined") || strings.Count(said, "listener.wss.web (") != 1 || strings.Contains(said, "Know it before you deploy") {
		t.Errorf("%s", said)
	}
	w := deployed(f)
	empty(&w, f, "eu-1")
	if said := notes(t, f, w, "deploy eu"); !strings.Contains(said, "clients can reach it before it has joined") {
		t.Errorf("%s", said)
	}
	if said := notes(t, fleet(t), runbook(fleet(t)), "deploy cn"); strings.Contains(said, "as soon as the broker starts") {
		t.Errorf("plain TCP is told as early: %s", said)
	}
}

// A step over a version that changed what lies on disk is told, both ways where
// both matter, and once for all nodes.
func TestDeployTellsFormats(t *testing.T) {
	for _, tt := range []struct{ from, to, want string }{
		{"1.6.1", "2.1.3", "price: the new image of cn-1, sg-1, us-1, eu-1 must be able to read what airdroid/vernemq:1.6.1 wrote there, and 2.1.0 changed the format of the metadata"},
		{"2.0.1", "2.1.0", "publish retained messages again"},
		{"2.1.3", "2.0.1", "2.1.0 changed the format of the metadata (members, subscriptions, retained messages): expect to need replace"},
		{"1.9.1", "1.8.0", "1.9.0 changed the format of the message store (offline messages): expect to need replace"},
		{"1.8.0", "1.9.1", ""},
		{"2.1.2", "2.2.0", ""},
		{"latest", "2.2.0", ""},
	} {
		t.Run(tt.from+" to "+tt.to, func(t *testing.T) {
			f := fleet(t)
			w := runbook(f)
			runEverywhere(&w, f, "airdroid/vernemq:"+tt.from)
			said := notes(t, f, w, "deploy all --image airdroid/vernemq:"+tt.to)
			if tt.want == "" && strings.Contains(said, "changed the format") || !strings.Contains(said, tt.want) || strings.Count(said, "changed the format") > 1 {
				t.Errorf("%s\nwant %q", said, tt.want)
			}
		})
	}
}

// An image that would read none of the data is refused before anything stops.
func TestDeployKeepsTheMetadataStore(t *testing.T) {
	const key = "metadata_plugin"
	pin := func(value string) func(*regions.Fleet) {
		return func(f *regions.Fleet) {
			for _, r := range f.Regions {
				delete(r.Nodes[0].Conf, key)
				if value != "" {
					r.Nodes[0].Conf[key] = secret.Plain(value)
				}
			}
		}
	}
	file := func(text string) func(*regions.Fleet, *facts.Fleet) {
		return func(_ *regions.Fleet, w *facts.Fleet) {
			factstest.Edit(w, "cn-1", func(n *facts.Node) {
				g, _ := n.Ground.Get()
				g.Conf = facts.Saw(secret.New(text))
				n.Ground = facts.Saw(g)
			})
		}
	}
	for _, tt := range []struct {
		name    string
		fleet   func(*regions.Fleet)
		world   func(*regions.Fleet) facts.Fleet
		change  func(*regions.Fleet, *facts.Fleet)
		refused string
		noted   string
	}{
		{"the fleet file says where the data is", pin("vmq_plumtree"), runbook, nil, "", ""},
		{"the fleet file says nothing", pin(""), runbook, nil, "the data of cn-1 is in vmq_plumtree, the fleet file names no metadata_plugin, and airdroid/vernemq:2.1.3 would use vmq_swc and read none of it. Write metadata_plugin: vmq_plumtree under conf", ""},
		{"nothing, and the node says what is the new default", pin(""), runbook, file("metadata_plugin = vmq_swc\n"), "", ""},
		{"nothing, and an interrupted deploy", pin(""), keptOnly, nil, "names no metadata_plugin", ""},
		{"another one beside members", pin("vmq_swc"), runbook, nil, "could not talk to them", ""},
		{"another one, alone", pin("vmq_swc"), runbook, func(f *regions.Fleet, w *facts.Fleet) { empty(w, f, "sg-1", "us-1", "eu-1") }, "", "price: the fleet file says metadata_plugin: vmq_swc, and the data of cn-1 is in vmq_plumtree"},
		{"an empty host", pin(""), runbook, func(f *regions.Fleet, w *facts.Fleet) { empty(w, f, "cn-1", "sg-1", "us-1", "eu-1") }, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := fleet(t)
			w := tt.world(f)
			tt.fleet(f)
			if tt.change != nil {
				tt.change(f, &w)
			}
			p, err := planOf(t, f, w, "deploy cn --image airdroid/vernemq:2.1.3")
			said := strings.Join(p.Notes, "\n")
			switch {
			case tt.refused == "" && err != nil:
				t.Error(err)
			case tt.refused != "" && (ops.CodeOf(err) != ops.Failed || !strings.Contains(err.Error(), tt.refused) || len(p.Steps) > 0):
				t.Errorf("%v; %d steps", err, len(p.Steps))
			case !strings.Contains(said, tt.noted):
				t.Errorf("%s\nwant %s", said, tt.noted)
			}
		})
	}
}
