package broker_test

import (
	"strings"
	"testing"
	"time"
)

// The answers of single nodes that are not in a cluster yet.
func TestSamplesOfSingleNodes(t *testing.T) {
	w := newWorld(t)
	w.start(1)
	w.start(2)
	three := w.plan(3)
	three.start()
	four := w.plan(4)
	four.mqtt = "" // the default configuration of 2.1.2 opens no MQTT port
	four.start()
	for _, name := range []string{
		"cluster-show-1-node", "cluster-show-1-node-json", "cluster-show-bad-format", "cluster-show-right-after-start",
		"listener-show-right-after-start", "api-key-show", "session-show-none", "session-show-none-json",
		"join-bad-key", "join-empty-value", "join-extra-flag", "join-no-args", "join-no-args-json", "join-self",
		"join-wrong-name", "join-unreachable-host", "join-unreachable-host-json",
		"vmq-admin-help", "vmq-admin-no-args", "vmq-admin-unknown", "vmq-admin-unknown-json", "webhooks-after-restart",
		"vmq-admin-cluster-join-help", "vmq-admin-cluster-leave-help", "fix-dead-queues-cmd", "session-show-help",
		"session-show-bad-field", "leave-bad-timeout",
	} {
		w.replay(name)
	}
	three.connect("visitor", true).leave()
	w.replay("node-history-nonempty")
	w.replay("join-nonempty")
	w.replay("join-nonempty-json")
	w.replay("join-ok")
	w.sees(1, "1=T 2=T")
	w.replay("cluster-show-2-nodes")
	w.replay("join-already")
}

// A node with another cookie is told nothing but "not reachable".
func TestSamplesOfAWrongCookie(t *testing.T) {
	w := newWorld(t)
	w.start(1)
	four := w.plan(4)
	four.cookie = "other"
	four.start()
	w.replay("join-wrong-cookie")
	w.replay("join-wrong-cookie-json")
	if got := four.view(); got != "4=T" {
		t.Errorf("node 4 sees %q", got)
	}
}

// Joining by way of a member that is not the first.
func TestSamplesOfJoining(t *testing.T) {
	w := newWorld(t)
	w.start(1)
	two := w.plan(2)
	two.timing.Reconnect, two.timing.Ready = time.Hour, time.Hour
	two.start()
	w.start(3)
	two.do("Done", "cluster", "join", "discovery-node="+w.name(1))
	w.replay("cluster-show-right-after-join")
	w.sees(1, "1=T 2=T")
	w.replay("join-ok-json")
	w.sees(3, "1=T 2=T 3=T")
}

// A healthy cluster of four.
func TestSamplesOfFourNodes(t *testing.T) {
	w := newWorld(t)
	w.cluster(4)
	for i := 1; i <= 4; i++ {
		w.channels(i, 3)
	}
	one := w.nodes[1].connect("sub-n1", true)
	one.subscribe("conf/#")
	w.nodes[2].connect("alice!sub-n2", false).subscribe("a/b")
	w.counts(1, "router_subscriptions", 2)
	tok := one.c.Publish("conf/x", 1, true, "retained")
	if !tok.WaitTimeout(fast.RPC) {
		t.Fatal("no PUBACK")
	}
	one.expectOne("conf/x retained")
	for _, name := range []string{
		"cluster-show-4-nodes", "cluster-show-4-nodes-json", "listener-show", "listener-show-json", "plugin-show", "plugin-show-json",
		"retain-show", "session-show-filter", "set-config", "set-config-bad", "set-config-not-settable", "show-config-unknown",
		"set-config-node",
	} {
		w.replay(name)
	}
	w.nodes[1].do(`max_inflight_messages set to "30"`, "set", "max_inflight_messages=30")
	w.replay("show-after-set")
	w.nodes[1].admin("set", "max_inflight_messages=30", "--all")
	w.replay("show-after-set-all")
	for i, v := range []string{"20", "22", "21", "22"} {
		w.nodes[1].admin("set", "max_inflight_messages="+v, "--node="+w.name(i+1))
	}
	w.replay("show-set-value-after-restart")
	for _, name := range []string{"session-show", "session-show-fields", "set-config-unknown"} {
		w.replayLines(name)
	}
	w.replayJSONRows("session-show-json")
	w.sameNames("node-status-json")
	w.sameNames("node-status")

	w.replay("listener-stop")
	w.replayPage("health-listener-stopped")
	w.replay("listener-restart")
	w.replay("session-disconnect-unknown")
	w.replay("session-disconnect")
	until(t, "the client to be gone", func() bool {
		return strings.Contains(w.nodes[1].admin("session", "show", "--client_id", "--is_online", "--format=csv").Stdout, "sub-n2,false")
	})
}

// One of four stopped, then left for.
func TestSamplesOfAStoppedNode(t *testing.T) {
	w := newWorld(t)
	w.cluster(4)
	w.nodes[1].connect("sub-n1", true)
	w.nodes[2].connect("sub-n2", false)
	w.nodes[4].stop()
	for i := 1; i <= 3; i++ {
		w.sees(i, "1=T 2=T 3=T 4=F")
	}
	for _, name := range []string{"cluster-show-one-stopped", "cluster-show-one-stopped-json", "cluster-show-after-kill9", "set-all-one-stopped"} {
		w.replay(name)
	}
	w.replayLines("session-show-one-stopped")
	w.replayPage("http-full-cluster-one-stopped")
	w.replayPage("http-health-one-stopped")
	w.refuses(1, 3)
	w.replay("leave-dead-node")
	w.sees(3, "1=T 2=T 3=T")
	w.replay("leave-again")
	w.refuses(1, 0)
}
