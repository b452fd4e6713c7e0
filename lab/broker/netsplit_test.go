package broker_test

import (
	"fmt"
	"hash/fnv"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vmqbot/lab/broker/clique"
)

// coordinator is the node of n that registers a client.
func coordinator(client string, n uint32) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(client)) // never fails
	return h.Sum32()%n + 1
}

// One stopped node makes every other refuse clients, subscriptions and
// messages, while /health stays OK; the four switches change that.
func TestOneStoppedNodeStopsAll(t *testing.T) {
	w := newWorld(t)
	w.cluster(3)
	old := w.nodes[1].connect("old", true)
	if !old.publish("a", "0", fast.RPC) {
		t.Fatal("no PUBACK while all is well")
	}
	w.nodes[3].stop()
	w.sees(1, "1=T 2=T 3=F")
	w.sees(2, "1=T 2=T 3=F")
	for i := 1; i <= 2; i++ {
		w.refuses(i, 3)
		if got := w.get(i, "/health"); got != `200 {"status":"OK"}` {
			t.Errorf("/health of node %d: %s", i, got)
		}
	}
	if old.publish("a", "1", 100*time.Millisecond) { // unanswered
		t.Error("PUBACK although the cluster is not whole")
	}
	if code := old.subscribeWithin("b", 100*time.Millisecond); code != 255 {
		t.Errorf("SUBACK %d although the cluster is not whole", code)
	}
	if !old.c.IsConnected() {
		t.Error("the client was thrown out")
	}
	w.counts(1, "mqtt_publish_error", 1)
	until(t, "one open netsplit", func() bool {
		return w.nodes[1].metric("netsplit_detected")-w.nodes[1].metric("netsplit_resolved") == 1
	})

	for _, act := range []string{"register", "publish", "subscribe", "unsubscribe"} {
		o := w.nodes[2].admin("set", "allow_"+act+"_during_netsplit=on", "--all")
		if o.Exit != 0 || strings.Contains(o.Stdout, w.name(3)) || !strings.Contains(o.Stdout, w.name(1)) {
			t.Fatalf("set --all: exit %d %s", o.Exit, o.Stdout)
		}
	}
	now := w.nodes[1].connect("new", true)
	if code := now.subscribe("b"); code > 2 {
		t.Errorf("SUBACK %d with the switches on", code)
	}
	if !now.publish("b", "0", fast.RPC) {
		t.Error("no PUBACK with the switches on")
	}

	w.nodes[3].start()
	w.whole()
	csv := w.nodes[1].admin("show", "allow_publish_during_netsplit", "--all", "--format=csv").Stdout
	if want := "node,allow_publish_during_netsplit\r\n" + w.name(3) + ",off\r\n" + w.name(2) + ",on\r\n" + w.name(1) + ",on\r\n"; csv != want {
		t.Errorf("a restart keeps a runtime setting: %q", csv)
	}
	w.replay("set-config") // one of the ordinary ones
	o := w.nodes[1].admin("set", "max_inflight_messages=31", "--all", "--format=csv")
	if o.Exit != 1 || !strings.Contains(o.Stderr, "badarg") || w.nodes[2].admin("show", "max_inflight_messages", "--format=csv").Stdout != "node,max_inflight_messages\r\n"+w.name(2)+",31\r\n" {
		t.Errorf("set --all --format=csv sets and crashes: exit %d %q", o.Exit, o.Stderr)
	}
}

// A cut link is noticed by nobody before the tick time is over.
func TestCutLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cluster(4)
	pub := w.nodes[3].connect("pub", true)
	far := w.nodes[1].connect("far", true)
	far.subscribe("x")
	w.counts(3, "router_subscriptions", 1)

	w.net.sever(w.ip(3))
	w.replay("cluster-show-10s-after-cut")
	w.replay("cluster-show-peer-ip-gone")
	hung := make(chan byte, 8)
	for i := range 8 { // those of node 3's share wait for it
		switch id := fmt.Sprint("some", i); coordinator(id, 4) {
		case 3:
			go func() {
				_, code := w.nodes[1].dial(id, true, patience)
				hung <- code
			}()
		default:
			hung <- 3
			w.nodes[1].connect(id, true)
		}
	}
	if !pub.publish("x", "0", fast.RPC) {
		t.Error("no PUBACK on the cut node in the blind time")
	}
	shown := make(chan clique.Output, 1)
	go func() { shown <- w.nodes[4].admin("session", "show") }()
	until(t, "clients that wait", func() bool { return w.nodes[1].metric("mqtt_connect_received") == 9 })
	until(t, "node 3 to be asked by both", func() bool {
		return w.net.asked(w.ip(1), w.ip(3), "sync") && w.net.asked(w.ip(4), w.ip(3), "sessions")
	})

	w.net.tick(w.ip(3))
	for range 8 {
		if code := <-hung; code != 3 {
			t.Errorf("CONNACK %d after the blind time, want 3", code)
		}
	}
	o := <-shown
	if want := "RPC to '" + w.name(4) + "' failed: {'EXIT',"; o.Exit != 1 || !strings.HasPrefix(o.Stderr, want) || !strings.Contains(o.Stderr, "nodedown") {
		t.Errorf("session show in the blind time: exit %d %q", o.Exit, o.Stderr)
	}
	for i, want := range map[int]string{1: "1=T 2=T 3=F 4=T", 2: "1=T 2=T 3=F 4=T", 3: "1=F 2=F 3=T 4=F"} {
		w.sees(i, want)
	}
	w.refuses(1, 3)
	w.refuses(3, 3)
	w.replay("set-all-during-split")

	w.net.heal(w.ip(3))
	w.whole()
	w.nodes[3].connect("again", true)
	until(t, "the message of the blind time", func() bool { return len(far.received()) == 1 })
}

// E3: what exceeds the buffer of an absent node is lost, although acknowledged,
// and counted only when a later second brings another message.
func TestBufferOfAnAbsentNode(t *testing.T) {
	for _, c := range []struct {
		name string
		size string
		lost bool
	}{
		{"10 000 bytes by default", "", true},
		{"16 MiB", "outgoing_clustering_buffer_size = 16777216", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.cluster(2, c.size, "allow_register_during_netsplit = on", "allow_publish_during_netsplit = on")
			sub := w.nodes[2].connect("sub", false)
			sub.subscribe("k")
			sub.leave()
			w.counts(1, "router_subscriptions", 1)
			w.nodes[2].stop()
			w.sees(1, "1=T 2=F")
			pub := w.nodes[1].connect("pub", true)
			big := strings.Repeat("x", 1000)
			for range 40 {
				if !pub.publish("k", big, fast.RPC) {
					t.Fatal("no PUBACK")
				}
			}
			w.nodes[2].start()
			w.whole()
			back := w.nodes[2].connect("sub", false)
			if !c.lost {
				until(t, "all 40 messages", func() bool { return len(back.received()) == 40 })
				return
			}
			until(t, "the buffered messages", func() bool { return len(back.received()) > 0 })
			w.nodes[1].connect("marker", true).publish("k", "end", fast.RPC)
			until(t, "the marker", func() bool { got := back.received(); return got[len(got)-1] == "k end" })
			if n := len(back.received()); n > 10 || n < 5 {
				t.Errorf("%d messages of 1 kB arrived, the buffer holds 10 kB", n-1)
			}
		})
	}
}

func TestDroppedBytesAreCountedLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cluster(2, "allow_register_during_netsplit = on", "allow_publish_during_netsplit = on")
	w.nodes[2].connect("sub", false).subscribe("k")
	w.counts(1, "router_subscriptions", 1)
	w.nodes[2].stop()
	w.sees(1, "1=T 2=F")
	pub := w.nodes[1].connect("pub", true)
	big := strings.Repeat("x", 1000)
	for second := int64(-1); second != time.Now().Unix(); { // until a burst is within one second of the clock
		second = time.Now().Unix()
		pub.publish("k", big, fast.RPC) // it may bring the count of the burst before
		before := w.nodes[1].metric("cluster_bytes_dropped")
		for range 40 {
			pub.publish("k", big, fast.RPC)
		}
		after := w.nodes[1].metric("cluster_bytes_dropped")
		if after != before && second == time.Now().Unix() {
			t.Errorf("cluster_bytes_dropped is %d right after the burst, and was %d", after, before)
		}
	}
	until(t, "the next second's message to bring the count", func() bool {
		pub.publish("k", "y", fast.RPC)
		return w.nodes[1].metric("cluster_bytes_dropped") > 30000
	})
}

// A client that moves to another node takes its queue along.
func TestSessionMoves(t *testing.T) {
	w := newWorld(t)
	w.cluster(3)
	sub := w.nodes[1].connect("mover", false)
	sub.subscribe("m")
	sub.leave()
	w.counts(2, "router_subscriptions", 1)
	w.counts(3, "router_subscriptions", 1)
	pub := w.nodes[3].connect("pub", true)
	pub.publishAll("m", 5)
	until(t, "the queue on node 1", func() bool {
		return strings.HasSuffix(w.nodes[1].admin("session", "show", "--client_id=mover", "--offline_messages", "--format=csv").Stdout, "\n5\r\n")
	})
	moved := w.nodes[2].connect("mover", false)
	moved.expect("m", 5)
	if !moved.present {
		t.Error("the CONNACK does not say session present")
	}
	if rows := w.nodes[3].admin("session", "show", "--client_id=mover", "--node", "--format=csv").Stdout; rows != "node\r\n"+w.name(2)+"\r\n" {
		t.Errorf("session show: %q", rows)
	}
	if left, err := filepath.Glob(filepath.Join(w.nodes[1].dir, "data", "msgstore", "*", "*.json")); err != nil || len(left) > 0 {
		t.Errorf("files left on node 1: %v %v", left, err)
	}
	// a connection with the same name elsewhere ends the first; node 3 has to
	// have heard of the move, or that news would end its own
	moved.subscribe("m2")
	w.counts(3, "router_subscriptions", 2)
	w.nodes[3].connect("mover", false)
	until(t, "the first connection to end", func() bool { return !moved.c.IsConnected() })
}
