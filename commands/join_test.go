package commands

import (
	"testing"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
)

const (
	joinGated = `
Join eu-1 to the cluster of cn-1
Open the MQTT ports of eu-1
Wait until the MQTT ports of eu-1 are open
Prove the node in every view
Prove the data channels and an MQTT message, both ways
See that all is well on eu-1`
	joinLoose = `
Join eu-1 to the cluster of cn-1
Prove the node in every view
Prove the data channels and an MQTT message, both ways
See that all is well on eu-1`
)

func TestJoinIn(t *testing.T) {
	shutDoorsOf := func(w *facts.Fleet, name string) {
		factstest.Edit(w, name, func(n *facts.Node) {
			g, _ := n.Ground.Get()
			g.Doors = facts.Saw("")
			n.Ground = facts.Saw(g)
		})
	}
	deeds(t, []deed{
		{name: "a broker on its own", line: "join eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { alone(w, f, "eu-1") }, steps: joinGated, notes: "when VerneMQ says non_empty_node"},
		{name: "one of the runbook", line: "join eu-1", byHand: true, world: func(w *facts.Fleet, f *regions.Fleet) { alone(w, f, "eu-1") }, steps: joinLoose},
		{name: "a member", line: "join eu-1", notes: "eu-1 is a member already"},
		{name: "all are members", line: "join all", notes: "us-1 is a member already\neu-1 is a member already"},
		{
			name: "a join that was interrupted before its ports were opened", line: "join eu-1", world: func(w *facts.Fleet, _ *regions.Fleet) { shutDoorsOf(w, "eu-1") },
			steps: "Open the MQTT ports of eu-1\nWait until the MQTT ports of eu-1 are open\nProve the node in every view\n" +
				"Prove the data channels and an MQTT message, both ways\nSee that all is well on eu-1",
		},
		{
			name: "no cluster yet", line: "join all", byHand: true,
			world: func(w *facts.Fleet, f *regions.Fleet) {
				empty(w, f, "us-1")
				for _, name := range []string{"cn-1", "sg-1", "eu-1"} {
					alone(w, f, name)
				}
			},
			refuses: "the broker of us-1 does not run; deploy makes the node and joins it", fix: "deploy us-1", code: ops.Failed,
		},
		{
			name: "two nodes found a cluster", line: "join eu-1", byHand: true,
			world: func(w *facts.Fleet, f *regions.Fleet) {
				empty(w, f, "sg-1", "us-1")
				alone(w, f, "cn-1")
				alone(w, f, "eu-1")
			},
			steps: joinLoose, notes: "there is no cluster yet: cn-1 founds it",
		},
		{
			name: "the first of a fleet has nobody to join", line: "join cn-1", byHand: true,
			world: func(w *facts.Fleet, f *regions.Fleet) { empty(w, f, "sg-1", "us-1", "eu-1"); alone(w, f, "cn-1") },
			notes: "cn-1 is the whole cluster so far",
		},
	})
}

func TestJoinRefuses(t *testing.T) {
	deeds(t, []deed{
		{
			name: "a node without a container", line: "join eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { empty(w, f, "eu-1") },
			refuses: "the broker of eu-1 does not run; deploy makes", fix: "deploy eu-1", code: ops.Failed,
		},
		{
			name: "a host that cannot be seen", line: "join eu-1", world: func(w *facts.Fleet, _ *regions.Fleet) { factstest.Dead(w, "eu-1") },
			refuses: "eu-1: dial tcp", fix: "diagnose eu-1", code: ops.Unseen,
		},
		{
			name: "a broker that may or may not run", line: "join eu-1",
			world: func(w *facts.Fleet, f *regions.Fleet) {
				seeAs(w, f, "eu-1", "gone")
				factstest.Edit(w, "eu-1", func(n *facts.Node) { n.Broker = facts.Missed[facts.Broker](facts.TooLate, "no answer in 5s") })
			},
			refuses: "whether the broker of eu-1 runs cannot be seen", fix: "diagnose eu-1", code: ops.Unseen,
		},
		{
			name: "one without its address", line: "join eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { alone(w, f, "eu-1"); factstest.Unbound(w, f, "eu-1") },
			refuses: "eu-1 is not well", fix: "reattach eu-1", code: ops.Failed,
		},
		{
			name: "one that was removed and came back", line: "join eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { seeAs(w, f, "eu-1", "gone") },
			refuses: "counts itself a member, and no other node does", fix: "replace eu-1 --dead", code: ops.Failed,
		},
		{
			name: "one that lost its data", line: "join eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { sees(w, f, "eu-1") },
			refuses: "3 nodes call eu-1 a member, and it knows none of them", fix: "replace eu-1 --dead", code: ops.Failed,
		},
		{
			name: "a member is stopped", line: "join eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { alone(w, f, "eu-1"); off(w, f, "cn-1") },
			refuses: "cn-1: a member that is not healthy", fix: "reattach cn-1", code: ops.Failed,
		},
		{
			name: "the members do not agree", line: "join eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { alone(w, f, "eu-1"); seeAs(w, f, "sg-1", "gone", "us-1") },
			refuses: "us-1 does not know sg-1", fix: "cluster", code: ops.Failed,
		},
	})
}

func TestJoinGolden(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	alone(&w, f, "eu-1")
	p, err := planOf(t, f, w, "join eu-1")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "join-a-lone-node.txt", p.String())
}

// One after the other: what an earlier step joined, a later one joins through
// and is proven with.
func TestJoinAllIsOneCluster(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	for _, n := range f.Nodes() {
		alone(&w, f, n.Name)
	}
	p, err := planOf(t, f, w, "join all")
	if err != nil {
		t.Fatal(err)
	}
	wellPlanned(t, f, p)
	joined := 0
	for _, s := range p.Steps {
		e, _ := s.Do.(ops.Exec)
		if e.Judge == ops.Joined {
			joined++
			if s.Node == "cn-1" {
				t.Error("the founder is told to join")
			}
		}
		if len(s.Among) > 0 && len(s.Among) != joined {
			t.Errorf("%s of %s is proven with %v, and %d have joined", s.Title, s.Node, s.Among, joined)
		}
	}
	if joined != 3 {
		t.Errorf("%d join:\n%s", joined, p)
	}
}
