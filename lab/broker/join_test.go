package broker_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The switch that lets a node with clients in.
func TestJoinOfANonEmptyNode(t *testing.T) {
	for _, c := range []struct{ line, said string }{
		{"vmq_swc.prevent_nonempty_join = on", "failed for reason: non_empty_node"},
		{"vmq_swc.prevent_nonempty_join = off", "Done"},
	} {
		t.Run(c.line, func(t *testing.T) {
			w := newWorld(t)
			w.start(1)
			two := w.start(2, c.line)
			two.connect("early", true)
			if o := two.admin("cluster", "join", "discovery-node="+w.name(1)); !strings.Contains(o.Stdout, c.said) {
				t.Errorf("join: %q", o.Stdout)
			}
		})
	}
}

// Subscriptions and retained messages of the cluster come to a node that joins.
func TestJoiningBringsTheMetadata(t *testing.T) {
	w := newWorld(t)
	w.start(1)
	one := w.nodes[1].connect("sub", true)
	one.subscribe("x/#")
	tok := one.c.Publish("x/kept", 1, true, "v")
	if !tok.WaitTimeout(fast.RPC) {
		t.Fatal("no PUBACK")
	}
	two := w.start(2)
	two.do("Done", "cluster", "join", "discovery-node="+w.name(1))
	w.whole()
	w.counts(2, "retain_messages", 1)
	late := two.connect("late", true)
	late.subscribe("x/kept")
	late.expectOne("x/kept v")
}

// E8: a node whose data is lost comes back by itself, but not at once.
func TestLostDataHealsByItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cluster(3)
	three := w.nodes[3]
	three.stop()
	if err := os.RemoveAll(filepath.Join(three.dir, "data")); err != nil {
		t.Fatal(err)
	}
	three.timing.Adopt = time.Hour
	three.start()
	w.sees(1, "1=T 2=T 3=T")
	if got := three.view(); got != "3=T" {
		t.Errorf("node 3 sees %q right after the loss", got)
	}
	if o := three.admin("cluster", "join", "discovery-node="+w.name(1)); !strings.Contains(o.Stdout, "non_empty_node") {
		t.Errorf("join meanwhile: %q", o.Stdout)
	}
	three.stop()
	three.timing.Adopt = fast.Adopt
	three.start()
	w.whole()
}

// domain.md 0.4: with 0.0.0.0 as cluster address a node dials itself, forever.
func TestClusterPortOnAllAddresses(t *testing.T) {
	w := newWorld(t)
	w.start(1)
	w.start(2, "listener.vmq.clustering = 0.0.0.0:44053")
	w.nodes[2].do("Done", "cluster", "join", "discovery-node="+w.name(1))
	w.whole()
	until(t, "node 1 to dial itself", func() bool {
		return strings.Contains(w.nodes[1].log("console.log"), "terminate due to remote_node_not_available")
	})
	sub := w.nodes[2].connect("sub", true)
	sub.subscribe("a")
	w.counts(1, "router_subscriptions", 1)
	w.nodes[1].connect("pub", true).publishAll("a", 3)
	w.nodes[2].connect("pub2", true).publishAll("a", 1)
	until(t, "the local message", func() bool { return len(sub.received()) > 0 })
	if got := sub.received(); len(got) != 1 {
		t.Errorf("received %v", got)
	}
}
