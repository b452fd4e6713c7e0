package checks_test

import (
	"slices"
	"testing"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/regions"
	"vmqbot/vernemq"
)

// forget takes a node out of the views of others.
func forget(node string, others ...string) func(*world) {
	return func(w *world) {
		n, _ := w.fleet.Node(node)
		for _, o := range others {
			w.vernemq(o, func(b *facts.Broker) {
				view, _ := b.View.Get()
				b.View = facts.Saw(slices.DeleteFunc(slices.Clone(view), func(m vernemq.Member) bool { return m.Node == n.ErlangName() }))
			})
		}
	}
}

func TestGone(t *testing.T) {
	both := func(all ...func(*world)) func(*world) {
		return func(w *world) {
			for _, change := range all {
				change(w)
			}
		}
	}
	table(t, "gone", []row{
		{name: "a member", verdict: wrong, evidence: "still a member for sg-1, us-1, eu-1", effect: "refuses clients", byHand: "wait 20 s", row: "F8"},
		{name: "one view is behind", broken: forget("cn-1", "sg-1", "eu-1"), verdict: wrong, evidence: "still a member for us-1", effect: "netsplit", byHand: "leave cn-1 again", row: "F8"},
		{name: "nobody names it, whatever itself says", broken: forget("cn-1", "sg-1", "us-1", "eu-1"), verdict: fine, evidence: "no member any more for sg-1, us-1, eu-1"},
		{name: "its own host is lost", broken: both(forget("cn-1", "sg-1", "us-1", "eu-1"), func(w *world) { w.unsee("cn-1") }), verdict: fine, evidence: "no member any more"},
		{name: "one that was asked cannot tell", broken: both(forget("cn-1", "sg-1", "us-1"), func(w *world) { w.unsee("eu-1") }), verdict: unknown, evidence: "no route to host"},
		{name: "one cannot tell and another counts it in", broken: both(forget("cn-1", "sg-1"), func(w *world) { w.unsee("eu-1") }), verdict: wrong, evidence: "us-1", effect: "netsplit", byHand: "wait", row: "F8"},
		{name: "a view that lists nobody", broken: both(forget("cn-1", "sg-1", "us-1"), func(w *world) {
			w.vernemq("eu-1", func(b *facts.Broker) { b.View = facts.Saw([]vernemq.Member(nil)) })
		}), verdict: unknown, evidence: "lists nobody"},
		{name: "one that nobody asked does not count", broken: both(forget("cn-1", "sg-1", "us-1"), func(w *world) { delete(w.seen.Nodes, "eu-1") }), verdict: fine, evidence: "for sg-1, us-1"},
		{name: "nobody was asked", broken: func(w *world) {
			for _, name := range []string{"sg-1", "us-1", "eu-1"} {
				delete(w.seen.Nodes, name)
			}
		}, verdict: unknown, evidence: "no other node was asked"},
	})
}

// What is right only after a leave is no finding of a sweep.
func TestGoneIsJudgedOnlyWhenNamed(t *testing.T) {
	w := healthy()
	for _, o := range checks.Judge(w.fleet, w.seen, w.fleet.Nodes()) {
		if o.Check == "gone" {
			t.Errorf("a sweep says %s of %s: %s", o.Verdict, o.Node, o.Evidence)
		}
	}
	if !checks.Linked("gone") {
		t.Error("its proof would not look at the other nodes")
	}
	n, _ := w.fleet.Node("cn-1")
	if o := checks.Between(w.fleet, w.seen, n, []string{"sg-1"}, "gone"); o.Verdict != checks.Bad || o.Node != "cn-1" {
		t.Errorf("%+v", o)
	}
	forget("cn-1", "sg-1")(w)
	seen := facts.Fleet{Nodes: map[string]facts.Node{"cn-1": w.seen.Nodes["cn-1"], "sg-1": w.seen.Nodes["sg-1"]}}
	if o := checks.Between(w.fleet, seen, n, []string{"sg-1"}, "gone"); o.Verdict != checks.OK {
		t.Errorf("%+v", o)
	}
	alone := &regions.Fleet{Regions: w.fleet.Regions[:1]}
	if o := checks.One(alone, w.seen, n, "gone"); o.Verdict != checks.Unknown {
		t.Errorf("a fleet of one: %+v", o)
	}
}
