package commands

import (
	"strings"
	"testing"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
)

// What restart, stop and start do in each world, as the titles of their
// steps, or the sentence by which they refuse.
func TestRestartStopStartIn(t *testing.T) {
	f := fleet(t)
	const served = "\nWait until the MQTT ports of cn-1 are open\nProve the node in every view\nProve the data channels and an MQTT message, both ways\nSee that all is well on cn-1"
	for _, tt := range []struct {
		name, line string
		world      func() facts.Fleet
		steps      string
		refuses    string
		code       ops.Code
	}{
		{
			name: "a gated node", line: "restart cn", world: func() facts.Fleet { return deployed(f) },
			steps: "Stop the container of cn-1\nStart the container of cn-1\nAttach 10.0.0.1/24 to the container of cn-1\n" +
				"Wait until the broker of cn-1 answers and has bound 10.0.0.1:44053" + served,
		},
		{
			name: "a node of the runbook", line: "restart cn", world: func() facts.Fleet { return runbook(f) },
			steps: "Stop the container of cn-1\nStart the container of cn-1\nAttach 10.0.0.1/24 to the container of cn-1\n" +
				"Wait until the broker of cn-1 answers\nBind 10.0.0.1:44053 in place" + served,
		},
		{
			name: "a shell with the broker beside it", line: "restart cn", world: func() facts.Fleet { w := runbook(f); inLayer(&w); return w },
			steps: "Stop the broker of cn-1 cleanly\nStop the container of cn-1\nStart the container of cn-1\nAttach 10.0.0.1/24 to the container of cn-1\n" +
				"Start the broker of cn-1\nWait until the broker of cn-1 answers\nBind 10.0.0.1:44053 in place" + served,
		},
		{
			name: "another member is not healthy", line: "restart cn",
			world:   func() facts.Fleet { w := deployed(f); factstest.Unbound(&w, f, "eu-1"); return w },
			refuses: "eu-1: a member that is not healthy", code: ops.Failed,
		},
		{
			name: "another member cannot be seen", line: "restart cn",
			world:   func() facts.Fleet { w := deployed(f); factstest.Dead(&w, "eu-1"); return w },
			refuses: "eu-1 is a member and cannot be seen", code: ops.Unseen,
		},
		{
			name: "nothing to restart", line: "restart cn",
			world:   func() facts.Fleet { w := deployed(f); empty(&w, f, "cn-1"); return w },
			refuses: "cn-1 has no container to restart", code: ops.Failed,
		},
		{
			name: "stop", line: "stop cn", world: func() facts.Fleet { return deployed(f) },
			steps: "Stop the container of cn-1",
		},
		{
			name: "stop twice", line: "stop cn", world: func() facts.Fleet { w := deployed(f); stopped(&w, f); return w },
		},
		{
			name: "start", line: "start cn", world: func() facts.Fleet { w := deployed(f); stopped(&w, f); return w },
			steps: "Start the container of cn-1\nAttach 10.0.0.1/24 to the container of cn-1\n" +
				"Wait until the broker of cn-1 answers and has bound 10.0.0.1:44053" + served,
		},
		{
			name: "start what was held", line: "start cn", world: func() facts.Fleet {
				w := deployed(f)
				factstest.Edit(&w, "cn-1", func(n *facts.Node) {
					c, _ := n.Container.Get()
					c.HealthSays = "held starts=1 crashes=0 exit=0 for=hold"
					n.Container = facts.Saw(c)
				})
				return w
			},
			steps: "Let the gate of cn-1 start its broker\nWait until the broker of cn-1 answers and has bound 10.0.0.1:44053" + served,
		},
		{
			name: "start what runs", line: "start cn", world: func() facts.Fleet { return deployed(f) },
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := planOf(t, f, tt.world(), tt.line)
			switch {
			case tt.refuses == "" && err != nil:
				t.Fatal(err)
			case tt.refuses != "" && (err == nil || ops.CodeOf(err) != tt.code || !strings.Contains(err.Error(), tt.refuses)):
				t.Errorf("want %s %q, got %v", tt.code, tt.refuses, err)
			case tt.refuses == "" && titles(p) != tt.steps:
				t.Errorf("got\n%s\nwant\n%s", titles(p), tt.steps)
			}
			if tt.name == "start what was held" {
				golden(t, "start-held-back.txt", "$ "+tt.line+"\n"+p.String())
			}
		})
	}
}

func TestTwoNodesAreNotStoppedAtOnce(t *testing.T) {
	f := fleet(t)
	if _, _, err := Parse([]string{"stop", "all"}, f); ops.CodeOf(err) != ops.Refused || !strings.Contains(err.Error(), "must not be stopped at the same time") {
		t.Error(err)
	}
}
