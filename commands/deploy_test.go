package commands

import (
	"slices"
	"strings"
	"testing"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
)

// What deploy does from each state of the world, as a golden plan.
func TestDeployIn(t *testing.T) {
	f := fleet(t)
	nodes := []string{"cn-1", "sg-1", "us-1", "eu-1"}
	for _, tt := range []struct {
		name, line string
		world      func() facts.Fleet
	}{
		{"deploy-empty-hosts.txt", "deploy all", func() facts.Fleet { w := runbook(f); empty(&w, f, nodes...); return w }},
		{"deploy-new-region.txt", "deploy eu", func() facts.Fleet { w := deployed(f); empty(&w, f, "eu-1"); return w }},
		{"deploy-runbook-node.txt", "deploy cn", func() facts.Fleet { return runbook(f) }},
		{"deploy-again.txt", "deploy all", func() facts.Fleet { return deployed(f) }},
		{"deploy-data-in-layer.txt", "deploy cn", func() facts.Fleet { w := runbook(f); inLayer(&w); return w }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := planOf(t, f, tt.world(), tt.line)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, tt.name, p.String())
		})
	}
}

// inLayer makes cn-1 the oldest kind of container: a shell, the broker beside
// it, and the data in the container's own layer.
func inLayer(w *facts.Fleet) {
	factstest.Edit(w, "cn-1", func(n *facts.Node) {
		c, _ := n.Container.Get()
		c.Cmd = []string{"bash"}
		n.Container = facts.Saw(c)
		g, _ := n.Ground.Get()
		g.Data, g.InLayer = facts.Saw(int64(0)), facts.Saw(int64(9<<20))
		n.Ground = facts.Saw(g)
	})
}

// What deploy does not begin, and why.
func TestDeployRefuses(t *testing.T) {
	f := fleet(t)
	edit := func(name string, change func(*facts.Ground)) func(*facts.Fleet) {
		return func(w *facts.Fleet) {
			factstest.Edit(w, name, func(n *facts.Node) {
				g, _ := n.Ground.Get()
				change(&g)
				n.Ground = facts.Saw(g)
			})
		}
	}
	for _, tt := range []struct {
		name   string
		change func(*facts.Fleet)
		says   string
		code   ops.Code
	}{
		{"a dead host", func(w *facts.Fleet) { factstest.Dead(w, "cn-1") }, "cn-1: dial tcp", ops.Unseen},
		{"a member elsewhere that is dead", func(w *facts.Fleet) { factstest.Dead(w, "eu-1") }, "eu-1 is a member and cannot be seen", ops.Unseen},
		{"a member elsewhere without its port", func(w *facts.Fleet) { factstest.Unbound(w, f, "eu-1") }, "eu-1: a member that is not healthy", ops.Failed},
		{"no image", edit("cn-1", func(g *facts.Ground) { g.Image = facts.Missed[facts.ImageDetail](facts.Absent, "no such image") }), "is not on the host: image ship", ops.Failed},
		{"an image for another machine", edit("cn-1", func(g *facts.Ground) { g.Image = facts.Saw(facts.ImageDetail{ID: "sha256:1", Arch: "arm64"}) }), "is built for arm64 and the host is amd64", ops.Failed},
		{"a full disk", edit("cn-1", func(g *facts.Ground) {
			g.Disks = map[string]facts.Disk{"/data/server/docker/vernemq/data": {Free: 100 << 20}}
		}), "has 100 MB free, want 512", ops.Failed},
		{"data in two places", edit("cn-1", func(g *facts.Ground) { g.InLayer = facts.Saw(int64(1 << 20)) }), "holds other data", ops.Failed},
		{"a port that is taken", edit("cn-1", func(g *facts.Ground) { g.Ports = map[int]string{1889: "nginx"} }), "port 1889 of the host is taken by the container nginx", ops.Failed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := runbook(f)
			tt.change(&w)
			p, err := planOf(t, f, w, "deploy cn")
			if ops.CodeOf(err) != tt.code || !strings.Contains(err.Error(), tt.says) || len(p.Steps) > 0 {
				t.Errorf("%v; %d steps", err, len(p.Steps))
			}
		})
	}
}

// Two nodes are never away at once: each is proven and final before the next
// is touched.
func TestDeployNeverStopsTwo(t *testing.T) {
	f := fleet(t)
	p, err := planOf(t, f, runbook(f), "deploy all")
	if err != nil {
		t.Fatal(err)
	}
	away := ""
	for _, s := range p.Steps {
		switch s.Do.(type) {
		case ops.StopContainer:
			if away != "" {
				t.Errorf("%s is stopped while %s is away", s.Node, away)
			}
			away = s.Node
		}
		if s.Final && s.Node == away {
			away = ""
		}
	}
	if away != "" {
		t.Errorf("%s is never proven", away)
	}
}

// A member that is down already is first, so that never two are away.
func TestDeployBeginsWithTheBrokenOne(t *testing.T) {
	f := fleet(t)
	w := runbook(f)
	factstest.Unbound(&w, f, "us-1")
	p, err := planOf(t, f, w, "deploy all")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(p.Steps, func(s ops.Step) bool { _, stops := s.Do.(ops.StopContainer); return stops })
	if p.Steps[i].Node != "us-1" {
		t.Errorf("%s is stopped first", p.Steps[i].Node)
	}
}

// The canary region goes first and the others follow in the order of the file;
// only a broken member comes before it. Other verbs that take nodes away do the same.
func TestTheCanaryGoesFirst(t *testing.T) {
	for _, tt := range []struct {
		name, line, canary, broken string
		want                       []string
	}{
		{"none", "deploy all", "", "", []string{"cn-1", "sg-1", "us-1", "eu-1"}},
		{"the last of the file", "deploy all", "eu", "", []string{"eu-1", "cn-1", "sg-1", "us-1"}},
		{"a broken one before it", "deploy all", "eu", "us-1", []string{"us-1", "eu-1", "cn-1", "sg-1"}},
		{"not in the target", "deploy cn", "eu", "", []string{"cn-1"}},
		{"restart", "restart all", "us", "", []string{"us-1", "cn-1", "sg-1", "eu-1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := fleet(t)
			f.Rolling.Canary = tt.canary
			w := runbook(f)
			if tt.broken != "" {
				factstest.Unbound(&w, f, tt.broken)
			}
			p, err := planOf(t, f, w, tt.line)
			if err != nil {
				t.Fatal(err)
			}
			var stopped []string
			for _, s := range p.Steps {
				if _, stops := s.Do.(ops.StopContainer); stops {
					stopped = append(stopped, s.Node)
				}
			}
			if !slices.Equal(stopped, tt.want) {
				t.Errorf("stopped in the order %v, want %v", stopped, tt.want)
			}
			if i := slices.IndexFunc(p.Steps, func(s ops.Step) bool { return strings.HasPrefix(s.Title, "Watch ") }); tt.line == "deploy all" && p.Steps[i].Title != "Watch "+tt.want[0]+" for 30s" {
				t.Errorf("the first is not watched longest: %s", p.Steps[i].Title)
			}
		})
	}
}

// With the switches off the others are opened before the stop and closed when
// all is proven; what the file turns on needs neither.
func TestDeployOpensTheSwitches(t *testing.T) {
	f := fleet(t)
	w := runbook(f)
	for i := range f.Regions {
		for j := range f.Regions[i].Nodes {
			n := &f.Regions[i].Nodes[j]
			for key := range n.Conf {
				if strings.HasPrefix(key, "allow_") && strings.HasSuffix(key, "_netsplit") {
					delete(n.Conf, key)
				}
			}
			factstest.Edit(&w, n.Name, func(seen *facts.Node) {
				b, _ := seen.Broker.Get()
				on, _ := b.Switches.Get()
				off := map[string]bool{}
				for name := range on {
					off[name] = false
				}
				b.Switches = facts.Saw(off)
				seen.Broker = facts.Saw(b)
			})
		}
	}
	p, err := planOf(t, f, w, "deploy all")
	if err != nil {
		t.Fatal(err)
	}
	open := map[string]bool{}
	for _, s := range p.Steps {
		text := s.Do.String()
		switch {
		case strings.Contains(text, "vmq-admin set allow_register_during_netsplit=on"):
			open[s.Node] = true
			if !s.Around || s.Undo == nil {
				t.Errorf("%s is not put back when the plan fails", s.Title)
			}
		case strings.Contains(text, "vmq-admin set allow_register_during_netsplit=off"):
			delete(open, s.Node)
		}
		if _, starts := s.Do.(ops.StartContainer); starts {
			delete(open, s.Node)
		}
		if _, stops := s.Do.(ops.StopContainer); stops {
			for _, peer := range f.Peers(mustNode(t, f, s.Node)) {
				if !open[peer.Name] {
					t.Errorf("%s refuses clients while %s is away", peer.Name, s.Node)
				}
			}
		}
	}
	if len(open) > 0 {
		t.Errorf("left open: %v", open)
	}
}

func mustNode(t *testing.T, f *regions.Fleet, name string) regions.Node {
	t.Helper()
	n, ok := f.Node(name)
	if !ok {
		t.Fatal(name)
	}
	return n
}
