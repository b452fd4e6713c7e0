package commands

import (
	"strings"
	"testing"
	"time"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/guard"
	"vmqbot/ops"
	"vmqbot/regions"
)

const ours = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

// guarded gives every host but the first of cn a guard that is well.
func guarded(f *regions.Fleet, seen *facts.Fleet) {
	for i, n := range f.Nodes() {
		g := facts.Guard{Machine: "Linux x86_64", OurMach: "Linux x86_64", Ours: ours, OurSize: 20 << 20}
		g.State = facts.Saw(facts.GuardState{
			Config: guard.ConfigOf(f, n).Text(), Program: ours, Version: "vmqbot v1", PID: 300, Began: factstest.Now.Add(-time.Hour), Looked: factstest.Now.Add(-2 * time.Second),
			Word: "attached", Why: n.Container + " has " + n.Address.String(), Given: i, Manager: "systemd", Runs: true,
		})
		if i == 0 {
			g.State = facts.Missed[facts.GuardState](facts.Absent, n.Name+" has no guard.")
		}
		node := seen.Nodes[n.Name]
		node.Guard = facts.Saw(g)
		seen.Nodes[n.Name] = node
	}
}

// planFor plans a line with what a test changes about the guard of one node.
func planFor(t *testing.T, line, node string, change func(*facts.Node)) (ops.Plan, error) {
	t.Helper()
	f := fleet(t)
	c, r, err := Parse(strings.Fields(line), f)
	if err != nil {
		t.Fatal(err)
	}
	seen := factstest.Healthy(f)
	guarded(f, &seen)
	n := seen.Nodes[node]
	change(&n)
	seen.Nodes[node] = n
	return c.Plan(r, ops.World{Fleet: f, Seen: seen})
}

func guardOf(n *facts.Node, change func(*facts.Guard, *facts.GuardState)) {
	g, _ := n.Guard.Get()
	s, _ := g.State.Get()
	change(&g, &s)
	if g.State.OK() {
		g.State = facts.Saw(s)
	}
	n.Guard = facts.Saw(g)
}

func TestGuardInstall(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*facts.Node)
		steps  int
		code   ops.Code // of the error; "" for none
	}{
		{"a guard that is well needs nothing", func(*facts.Node) {}, 0, ""},
		{"one of another version is renewed", func(n *facts.Node) {
			guardOf(n, func(g *facts.Guard, _ *facts.GuardState) { g.Ours = "ab" })
		}, 2, ""},
		{"one that was told something else is renewed", func(n *facts.Node) {
			guardOf(n, func(_ *facts.Guard, s *facts.GuardState) { s.Config = "{}" })
		}, 2, ""},
		{"one that does not run is renewed", func(n *facts.Node) {
			guardOf(n, func(_ *facts.Guard, s *facts.GuardState) { s.Runs = false })
		}, 2, ""},
		{"one that has said nothing for long is renewed", func(n *facts.Node) {
			guardOf(n, func(_ *facts.Guard, s *facts.GuardState) { s.Looked = factstest.Now.Add(-2 * time.Minute) })
		}, 2, ""},
		{"one that is not understood is renewed", func(n *facts.Node) {
			guardOf(n, func(g *facts.Guard, _ *facts.GuardState) {
				g.State = facts.Missed[facts.GuardState](facts.Unreadable, "cut")
			})
		}, 2, ""},
		{"another processor is refused", func(n *facts.Node) {
			guardOf(n, func(g *facts.Guard, s *facts.GuardState) { g.Machine, s.Runs = "Linux aarch64", false })
		}, 0, ops.Refused},
		{"a bot that does not know what it was built for is refused", func(n *facts.Node) {
			guardOf(n, func(g *facts.Guard, s *facts.GuardState) { g.OurMach, s.Runs = "", false })
		}, 0, ops.Refused},
		{"what cannot be seen is not touched", func(n *facts.Node) { n.Guard = facts.Missed[facts.Guard](facts.Unreadable, "garbage") }, 0, ops.Unseen},
		{"a host that cannot be seen is not touched", func(n *facts.Node) { n.Host = facts.Missed[facts.Host](facts.Unreachable, "no route") }, 0, ops.Unseen},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := planFor(t, "guard install sg-1", "sg-1", c.change)
			if len(p.Steps) != c.steps || (err != nil) != (c.code != "") || err != nil && ops.CodeOf(err) != c.code {
				t.Errorf("%v\n%s", err, p)
			}
		})
	}
}

func TestGuardRemove(t *testing.T) {
	p, err := planFor(t, "guard remove cn-1", "cn-1", func(*facts.Node) {})
	if err != nil || !p.Empty() {
		t.Errorf("%v\n%s", err, p)
	}
	p, err = planFor(t, "guard remove all", "cn-1", func(n *facts.Node) { n.Host = facts.Missed[facts.Host](facts.Unreachable, "no route") })
	if err != nil || len(p.Steps) == 0 || len(p.Unseen) != 1 {
		t.Errorf("%v\n%s", err, p)
	}
}

// What a schedule is given, it keeps word by word.
func TestScheduleWords(t *testing.T) {
	f := fleet(t)
	for line, want := range map[string]string{
		"schedule add 0 4 * * 1 restart sg --soak 30":                  "0 4 * * 1|restart sg --soak 30",
		"schedule add @daily conf push all":                            "@daily|conf push all",
		"schedule add @every 12h reattach cn":                          "@every 12h|reattach cn",
		"schedule add CRON_TZ=Asia/Shanghai 0 4 * * 1 restart sg":      "CRON_TZ=Asia/Shanghai 0 4 * * 1|restart sg",
		"schedule add 0 4 * * 1 restart":                               "",
		"schedule add 0 4 * * 1 restart nowhere":                       "",
		"schedule add 0 4 * * 1 restart sg --force":                    "",
		"schedule add 0 4 * * 1":                                       "",
		"schedule add 0 4 * *":                                         "",
		"schedule add 0 25 * * 1 restart sg":                           "",
		"schedule add CRON_TZ=Mars/Olympus 0 4 * * 1 restart sg":       "",
		"schedule add CRON_TZ=Local 0 4 * * 1 restart sg":              "",
		"schedule add * * * * * restart sg":                            "",
		"schedule add @every 59m restart sg":                           "",
		"schedule add @daily status all":                               "",
		"schedule add @daily autoheal off":                             "",
		"schedule add @daily schedule add @daily restart sg":           "",
		"schedule add @daily dance":                                    "",
		"schedule remove 4f2a9":                                        "",
		"maintenance eu --every 0+2+*+*+6 --for 2h new disks":          "maintenance",
		"maintenance eu --every nonsense --for 2h new disks":           "",
		"maintenance eu --every CRON_TZ=America/New_York+0+2+*+*+6 ok": "maintenance",
	} {
		_, r, err := Parse(strings.Fields(line), f)
		switch {
		case want == "":
			if err == nil {
				t.Errorf("%q was taken", line)
			}
		case err != nil:
			t.Errorf("%q: %v", line, err)
		case want != "maintenance":
			spec, inner, err := timesAndLine(r.Args["TIMES-AND-LINE"])
			if err != nil || spec+"|"+inner != want {
				t.Errorf("%q: %s|%s %v", line, spec, inner, err)
			}
			if len(r.Nodes) == 0 {
				t.Errorf("%q touches no region", line)
			}
		}
	}
	// A word with spaces survives being a line again.
	c, r, err := Parse([]string{"maintenance", "eu", "--every", "0 2 * * 6", "--for", "2h", "new", "disks"}, f)
	if err != nil {
		t.Fatal(err)
	}
	_, again, err := Parse(strings.Fields(r.Line), f)
	p, planErr := c.Plan(again, ops.World{Fleet: f})
	if err != nil || planErr != nil || !strings.Contains(p.String(), "maintenance eu for 2h0m0s at 0 2 * * 6: 'new disks'") {
		t.Errorf("%v %v\n%s", err, planErr, p)
	}
}
