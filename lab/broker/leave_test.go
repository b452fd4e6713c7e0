package broker_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Leaving without -k only suspends the MQTT port; restarting it is the undo.
func TestLeaveWithoutKill(t *testing.T) {
	w := newWorld(t)
	w.cluster(4)
	for i := 1; i <= 4; i++ {
		w.channels(i, 3)
	}
	w.nodes[1].connect("sub-n1", false).leave()
	w.nodes[2].connect("sub-n2", true)
	w.nodes[4].connect("keep4", true)
	until(t, "sub-n1 to be gone", func() bool { return strings.Contains(w.nodes[1].admin("listener", "show").Stdout, "| 0            |") })
	w.replay("leave-online-without-k")
	w.replay("cluster-show-after-leave-without-k")
	w.replay("listener-show-after-leave-without-k")
	w.replayLines("session-show-after-leave-without-k")
	if _, code := w.nodes[4].dial("new", true, time.Second); code == 0 {
		t.Error("the suspended port let a client in")
	}
	w.replay("leave-self")
	w.replay("undo-leave-listener-restart")
	w.nodes[3].connect("new", true)
}

// Leaving with -k moves the queues, ends the node, and it comes back alone.
func TestLeaveWithKill(t *testing.T) {
	var w *world
	slower(t, 200*time.Millisecond, func(last time.Duration) bool {
		w = newWorld(t)
		return w.leaveWithKill(last)
	})
	four := w.nodes[4]
	four.wait()
	four.timing = fast
	delete(w.nodes, 4)
	w.whole()
	var homes int
	for i := 1; i <= 3; i++ {
		homes += strings.Count(w.nodes[i].admin("session", "show", "--client_id=keep4", "--node", "--format=csv").Stdout, w.name(i))
	}
	if homes == 0 {
		t.Error("nobody has the queue of keep4")
	}
	back := w.nodes[2].connect("keep4", false)
	back.expect("a/b", 1)

	w.nodes[4] = four
	four.start()
	w.replay("cluster-show-left-node-restarted")
	w.replay("rejoin-left-node")
	four.stop()
	if err := os.RemoveAll(filepath.Join(four.dir, "data")); err != nil {
		t.Fatal(err)
	}
	four.start()
	w.replay("rejoin-after-wipe")
	w.whole()
}

// leaveWithKill makes node 4 leave. It reports whether the command heard of it,
// which node 4 has its last moment for.
func (w *world) leaveWithKill(last time.Duration) bool {
	t := w.t
	t.Helper()
	w.cluster(3)
	four := w.plan(4)
	four.timing.Reconnect = last
	four.start()
	four.do("Done", "cluster", "join", "discovery-node="+w.name(1))
	w.whole()
	sub := four.connect("keep4", false)
	sub.subscribe("a/b")
	sub.leave()
	w.counts(1, "router_subscriptions", 1)
	w.nodes[1].connect("pub", true).publishAll("a/b", 1)
	until(t, "the message on node 4", func() bool {
		return strings.Contains(four.admin("session", "show", "--client_id=keep4", "--offline_messages", "--format=csv").Stdout, "\n1")
	})

	s := w.readSample("leave-online-with-k")
	o := w.nodes[1].admin(s.argv...)
	if strings.HasPrefix(o.Stdout, "error, still online queues") {
		t.Logf("node 4 ended in %s, before the answer was there", last)
		return false
	}
	line := regexp.MustCompile(`(Migrated 0/1 queues and 0/1 messages\n)+(Migrated 1/1 queues and 1/1 messages\n)+Done\n`)
	if o.Exit != 0 || !line.MatchString(o.Stdout) || !line.MatchString(s.stdout) {
		t.Errorf("exit %d, %q, want as %q", o.Exit, o.Stdout, s.stdout)
	}
	return true
}

// A node that was left for while it was down is a ghost when it comes back.
func TestForcedOutNodeIsAGhost(t *testing.T) {
	w := newWorld(t)
	w.cluster(3)
	three := w.nodes[3]
	three.stop()
	w.sees(1, "1=T 2=T 3=F")
	w.nodes[1].do("Done", "cluster", "leave", "node="+w.name(3))
	w.sees(2, "1=T 2=T")
	three.start()
	w.sees(3, "1=T 2=T 3=T")
	until(t, "the ghost to be turned away for a while", func() bool {
		return strings.Count(w.nodes[1].log("console.log"), "remote_node_not_available") > 15
	})
	for i := 1; i <= 2; i++ {
		if got := w.nodes[i].view(); got != "1=T 2=T" {
			t.Errorf("node %d sees %q: the ghost was taken back", i, got)
		}
	}
	if got := three.view(); got != "1=T 2=T 3=T" {
		t.Errorf("the ghost sees %q: it was told", got)
	}
	w.nodes[1].do("Done", "cluster", "leave", "node="+strings.Replace(w.name(3), "VerneMQ", "Nobody", 1))
}

// With a second node down the membership goes and the command never ends.
func TestLeaveWhileAnotherNodeIsDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cluster(4)
	w.nodes[2].stop()
	w.nodes[4].stop()
	w.sees(1, "1=T 2=F 3=T 4=F")
	done := make(chan string, 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		done <- w.nodes[1].node.Admin(ctx, []string{"cluster", "leave", "node=" + w.name(2), "--timeout=10"}).Stdout
	}()
	w.sees(1, "1=T 3=T 4=F")
	w.sees(3, "1=T 3=T 4=F")
	cancel() // it would wait for the other dead node without end
	if said := <-done; said == "Done\n" {
		t.Error("said Done although the cluster is not whole")
	}
}
