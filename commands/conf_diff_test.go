package commands

import (
	"strings"
	"testing"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

// confOn edits the vernemq.conf that stands on a host.
func confOn(w *facts.Fleet, name string, edit func(string) string) {
	factstest.Edit(w, name, func(n *facts.Node) {
		g, _ := n.Ground.Get()
		text, _ := g.Conf.Get()
		g.Conf = facts.Saw(secret.New(edit(text.Reveal())))
		n.Ground = facts.Saw(g)
	})
}

// lineOn makes one line of it another; "" takes it out.
func lineOn(name, old, line string) func(*facts.Fleet, *regions.Fleet) {
	return func(w *facts.Fleet, _ *regions.Fleet) {
		confOn(w, name, func(text string) string {
			if !strings.Contains(text, old) {
				panic("no line " + old + " in\n" + text)
			}
			return strings.Replace(text, old, line, 1)
		})
	}
}

// doorsOn sets the list of the gate.
func doorsOn(name, text string) func(*facts.Fleet, *regions.Fleet) {
	return func(w *facts.Fleet, _ *regions.Fleet) {
		factstest.Edit(w, name, func(n *facts.Node) {
			g, _ := n.Ground.Get()
			g.Doors = facts.Saw(text)
			n.Ground = facts.Saw(g)
		})
	}
}

func TestConfDiff(t *testing.T) {
	for _, tt := range []struct {
		name    string
		byHand  bool
		world   func(*facts.Fleet, *regions.Fleet)
		verdict checks.Verdict
		says    []string
		never   string
	}{
		{name: "as planned", verdict: checks.OK, says: []string{"cn-1 is as the fleet file says"}},
		{
			name: "a line that is set at run time", world: lineOn("cn-1", "allow_anonymous = off", "allow_anonymous = on"), verdict: checks.Bad,
			says: []string{"cn-1 differs", "    - allow_anonymous = on\n    + allow_anonymous = off  (at run time)", "type: conf push cn-1"}, never: "(restart)",
		},
		{
			name: "a line that needs a restart", world: lineOn("cn-1", "outgoing_clustering_buffer_size = 16777216\n", ""), verdict: checks.Bad,
			says: []string{"    + outgoing_clustering_buffer_size = 16777216  (restart)"}, never: "at run time",
		},
		{
			name: "a line too many", world: lineOn("cn-1", "allow_anonymous = off", "allow_anonymous = off\nmax_inflight_messages = 5"), verdict: checks.Bad,
			says: []string{"    - max_inflight_messages = 5  (restart)"},
		},
		{
			name: "another cookie", world: lineOn("cn-1", "distributed_cookie = value-of-VERNEMQ_COOKIE", "distributed_cookie = hunter2"), verdict: checks.Bad,
			says: []string{"- distributed_cookie = [redacted]\n    + distributed_cookie = [redacted] (another)  (restart)"}, never: "hunter2",
		},
		{
			name: "a comment by hand", world: func(w *facts.Fleet, _ *regions.Fleet) {
				confOn(w, "cn-1", func(s string) string { return s + "# mine\n" })
			},
			verdict: checks.Bad, says: []string{"the settings are the same; only comments or their order differ", "type: conf push cn-1"},
		},
		{
			name: "a line twice and an include", world: lineOn("cn-1", "allow_anonymous = off", "allow_anonymous = on\nallow_anonymous = off\ninclude conf.d/*.conf"), verdict: checks.Bad,
			says: []string{"- include conf.d/*.conf  (restart)", "allow_anonymous stands on lines", "overrides it"},
		},
		{
			name: "a file that VerneMQ cannot read", world: lineOn("cn-1", "allow_anonymous = off", "allow_anonymous off hunter2"), verdict: checks.Bad,
			says: []string{"VerneMQ cannot read the file that stands there: line ", "+ allow_anonymous = off"}, never: "hunter2",
		},
		{
			name: "a port that the gate does not open yet", world: doorsOn("cn-1", "0.0.0.0 1883\n0.0.0.0 1999\n"), verdict: checks.Bad,
			says: []string{"- opened by the gate: 0.0.0.0 1999  (restart)", "+ opened by the gate: 0.0.0.0 1889"},
		},
		{
			name: "no file", world: func(w *facts.Fleet, _ *regions.Fleet) {
				factstest.Edit(w, "cn-1", func(n *facts.Node) {
					g, _ := n.Ground.Get()
					g.Conf = facts.Missed[secret.Text](facts.Absent, "there is no such file")
					n.Ground = facts.Saw(g)
				})
			},
			verdict: checks.Bad, says: []string{"there is no vernemq.conf", "+ nodename = VerneMQ@10.0.0.1"},
		},
		{
			name: "a file that cannot be read", world: func(w *facts.Fleet, _ *regions.Fleet) {
				factstest.Edit(w, "cn-1", func(n *facts.Node) {
					g, _ := n.Ground.Get()
					g.Conf = facts.Missed[secret.Text](facts.Denied, "permission denied")
					n.Ground = facts.Saw(g)
				})
			},
			verdict: checks.Unknown, says: []string{"cn-1 cannot be compared: permission denied"},
		},
		{name: "a container of the runbook", byHand: true, verdict: checks.Bad, says: []string{"its container has no gate", "type: deploy cn-1"}},
		{
			name: "another image", world: func(w *facts.Fleet, _ *regions.Fleet) { runs(w, "cn-1", "airdroid/vernemq:1.5.0", "sha256:fedcba") }, verdict: checks.OK,
			says: []string{"cn-1 is as the fleet file says"},
		},
		{name: "no container", world: func(w *facts.Fleet, f *regions.Fleet) { empty(w, f, "cn-1") }, verdict: checks.Bad, says: []string{"cn-1 has no container", "type: deploy cn-1"}},
		{name: "a dead host", world: func(w *facts.Fleet, _ *regions.Fleet) { factstest.Dead(w, "cn-1") }, verdict: checks.Unknown, says: []string{"cn-1 cannot be compared: dial tcp"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := fleet(t)
			w := deployed(f)
			if tt.byHand {
				w = runbook(f)
			}
			if tt.world != nil {
				tt.world(&w, f)
			}
			c, r, err := Parse([]string{"conf", "diff", "cn-1"}, f)
			if err != nil {
				t.Fatal(err)
			}
			v, err := c.View(r, ops.World{Fleet: f, Seen: w})
			if err != nil || v.Verdict != tt.verdict {
				t.Errorf("%s, %v; want %s", v.Verdict, err, tt.verdict)
			}
			for _, says := range tt.says {
				if !strings.Contains(v.Text, says) {
					t.Errorf("got\n%s\nwant ...%s...", v.Text, says)
				}
			}
			cookie := f.Nodes()[0].Cookie.Reveal()
			if (tt.never != "" && strings.Contains(v.Text, tt.never)) || strings.Contains(v.Text, cookie) {
				t.Errorf("%q or the cookie stands in\n%s", tt.never, v.Text)
			}
		})
	}
}

func runs(w *facts.Fleet, name, image, id string) {
	factstest.Edit(w, name, func(n *facts.Node) {
		c, _ := n.Container.Get()
		c.Image, c.ImageID = image, id
		n.Container = facts.Saw(c)
	})
}

// What is not seen outweighs nothing that differs: the exit status of a fleet
// in which one node differs is 1.
func TestConfDiffOfAFleet(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	factstest.Dead(&w, "us-1")
	lineOn("cn-1", "allow_anonymous = off", "allow_anonymous = on")(&w, f)
	lineOn("cn-1", "outgoing_clustering_buffer_size = 16777216\n", "")(&w, f)
	c, r, err := Parse([]string{"conf", "diff"}, f)
	if err != nil {
		t.Fatal(err)
	}
	v, err := c.View(r, ops.World{Fleet: f, Seen: w})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "conf-diff-of-a-fleet.txt", v.Text+"("+v.Verdict.String()+")\n")
}

// What cannot work is shown as wrong, and a secret never.
func TestConfShowTellsWhatIsWrong(t *testing.T) {
	f := fleet(t)
	n := &f.Regions[0].Nodes[0]
	n.Conf["listener.vmq.clustering"] = secret.Plain("0.0.0.0:44053")
	delete(n.Conf, "metadata_plugin")
	c, r, err := Parse([]string{"conf", "show", "cn-1"}, f)
	if err != nil {
		t.Fatal(err)
	}
	v, err := c.View(r, ops.World{Fleet: f})
	if err != nil || v.Verdict != checks.Bad || !strings.Contains(v.Text, "WRONG  cn-1: listener.vmq.clustering is 0.0.0.0:44053") || !strings.Contains(v.Text, "NOTE  cn-1: metadata_plugin is not in the fleet file") {
		t.Errorf("%s %v\n%s", v.Verdict, err, v.Text)
	}
	if strings.Contains(v.Text, n.Cookie.Reveal()) || !strings.Contains(v.Text, "distributed_cookie = [redacted]") {
		t.Errorf("the cookie is shown, or not at all:\n%s", v.Text)
	}
}
