package facts_test

import (
	"reflect"
	"testing"
	"time"

	"vmqbot/facts"
	"vmqbot/vernemq"
	"vmqbot/weave"
)

var begun = time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)

// glance is one look at two nodes.
func glance(i int) facts.Fleet {
	node := func(own, other string) facts.Node {
		return facts.Node{
			Container: facts.Saw(facts.Container{RestartCount: i, OOMKilled: i > 1}),
			Weave: facts.Saw(weave.Report{Name: own, Connections: []weave.Connection{
				{PeerName: other, State: weave.Pending, Carrier: "sleeve", MTU: 1},
				{PeerName: other, State: weave.Established, Carrier: "fastdp", MTU: 1376},
			}}),
			Vitals: facts.Saw(facts.Vitals{Metrics: facts.Saw(vernemq.Metrics{
				"cluster_bytes_dropped": float64(i), "netsplit_detected": 3, "netsplit_resolved": 1, "queue_message_in": 100,
				"queue_message_out": 50, "queue_message_drop": 5, "queue_message_expired": 3, "queue_message_unhandled": 2,
			})}),
		}
	}
	return facts.Fleet{
		At:    begun.Add(time.Duration(i) * time.Minute),
		Nodes: map[string]facts.Node{"cn-1": node("cn", "sg"), "sg-1": node("sg", "cn")},
		Pings: []facts.Ping{{From: "cn-1", To: "sg-1", Echo: facts.Saw(facts.Echo{Sent: 3, Received: 2, Avg: time.Second})}},
	}
}

func TestHistory(t *testing.T) {
	var empty facts.History
	h := empty.With(glance(1)).With(glance(2))
	if !empty.Empty() || h.Empty() || len(empty.Link("cn-1", "sg-1")) != 0 {
		t.Error("With wrote into what it was given")
	}
	if got, want := h.Link("cn-1", "sg-1")[1], (facts.LinkSample{At: glance(2).At, Sent: 3, Received: 2, RTT: time.Second, MTU: 1376, Carrier: "fastdp"}); got != want {
		t.Errorf("a link: got %+v, want %+v", got, want)
	}
	if got, want := h.Link("sg-1", "cn-1")[0], (facts.LinkSample{At: glance(1).At, MTU: 1376, Carrier: "fastdp"}); got != want {
		t.Errorf("a link without ping: got %+v, want %+v", got, want)
	}
	if got, want := h.Node("cn-1"), []facts.NodeSample{
		{At: glance(1).At, Known: true, Restarts: 1, Counted: true, Dropped: 1, Splits: 2, In: 100, Queued: 40},
		{At: glance(2).At, Known: true, Restarts: 2, OOM: true, Counted: true, Dropped: 2, Splits: 2, In: 100, Queued: 40},
	}; !reflect.DeepEqual(got, want) {
		t.Errorf("a node: got %+v\nwant %+v", got, want)
	}
	if got := h.Pairs(); !reflect.DeepEqual(got, []facts.Pair{{From: "cn-1", To: "sg-1"}, {From: "sg-1", To: "cn-1"}}) {
		t.Errorf("pairs %v", got)
	}
}

// TestTwoFutures of one past do not write into each other.
func TestTwoFutures(t *testing.T) {
	past := facts.History{}.With(glance(1)).With(glance(2)).With(glance(3))
	one, two := past.With(glance(4)), past.With(glance(5))
	if a, b := one.Node("cn-1"), two.Node("cn-1"); a[3].Restarts != 4 || b[3].Restarts != 5 || len(past.Node("cn-1")) != 3 {
		t.Errorf("%+v and %+v", a[3], b[3])
	}
}

// TestHistoryIsBounded, and what is not looked at any more is forgotten.
func TestHistoryIsBounded(t *testing.T) {
	var h facts.History
	for i := range facts.KeptLinks + 10 {
		h = h.With(glance(i))
	}
	links, nodes := h.Link("cn-1", "sg-1"), h.Node("cn-1")
	if len(links) != facts.KeptLinks || len(nodes) != facts.KeptNodes || !links[0].At.Equal(glance(10).At) || nodes[len(nodes)-1].Restarts != facts.KeptLinks+9 {
		t.Errorf("%d of a link, %d of a node", len(links), len(nodes))
	}
	alone := glance(0)
	delete(alone.Nodes, "sg-1")
	if h = h.With(alone); len(h.Pairs()) != 0 || len(h.Node("sg-1")) != 0 || len(h.Node("cn-1")) != facts.KeptNodes {
		t.Errorf("left: %v", h.Pairs())
	}
}

// TestWhatWasNotSeenIsNotCounted: it is there, with nothing in it.
func TestWhatWasNotSeenIsNotCounted(t *testing.T) {
	blind := facts.Fleet{At: begun, Nodes: map[string]facts.Node{"cn-1": {}, "sg-1": {}}}
	h := facts.History{}.With(glance(1)).With(blind)
	if got := h.Node("cn-1")[1]; got != (facts.NodeSample{At: begun}) {
		t.Errorf("a node: %+v", got)
	}
	if got := h.Link("cn-1", "sg-1")[1]; got != (facts.LinkSample{At: begun}) {
		t.Errorf("a link: %+v", got)
	}
	lacks := glance(1)
	n := lacks.Nodes["cn-1"]
	n.Vitals = facts.Saw(facts.Vitals{Metrics: facts.Saw(vernemq.Metrics{"queue_message_in": 7})})
	lacks.Nodes["cn-1"] = n
	if got := (facts.History{}).With(lacks).Node("cn-1")[0]; got.Counted || got.In != 0 {
		t.Errorf("a broker that lacks a counter: %+v", got)
	}
}
