package checks_test

import (
	"strings"
	"testing"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/weave"
)

// TestTheOthersAreAskedAboutAHost that does not answer us.
func TestTheOthersAreAskedAboutAHost(t *testing.T) {
	state := func(w *world, s weave.State) {
		for _, name := range []string{"sg-1", "us-1", "eu-1"} {
			factstest.Edit(&w.seen, name, func(n *facts.Node) {
				r, _ := n.Weave.Get()
				r.Connections = append([]weave.Connection(nil), r.Connections...)
				for i, c := range r.Connections {
					if c.NickName == "cn" {
						r.Connections[i].State = s
					}
				}
				n.Weave = facts.Saw(r)
			})
		}
	}
	for _, c := range []struct {
		name     string
		breaks   func(*world)
		says     string
		severity checks.Severity
	}{
		{"our own way is broken", func(*world) {}, "weave of sg-1, us-1, eu-1 still reaches it", checks.Warning},
		{"nobody reaches it", func(w *world) { state(w, weave.Failed) }, "weave of sg-1, us-1, eu-1 does not reach it either", checks.Critical},
		{"one of them does", func(w *world) {
			state(w, weave.Failed)
			healthy := healthy()
			w.seen.Nodes["us-1"] = healthy.seen.Nodes["us-1"]
		}, "weave of us-1 still reaches it", checks.Warning},
		{"nobody can be asked", func(w *world) { w.unsee("sg-1"); w.unsee("us-1"); w.unsee("eu-1") }, "", checks.Critical},
	} {
		w := healthy()
		c.breaks(w)
		w.unsee("cn-1")
		o := checks.One(w.fleet, w.seen, w.node(t, "cn-1"), "host")
		if o.Verdict != checks.Bad || o.Severity != c.severity || !strings.Contains(o.Evidence, c.says) || c.says == "" && strings.Contains(o.Evidence, "weave") {
			t.Errorf("%s: %s %s %q", c.name, o.Verdict, o.Severity, o.Evidence)
		}
	}
}
