package broker_test

import (
	"strings"
	"testing"
)

// boundTooEarly is the failure that the program exists for, vernemq-real.md
// E1: node 2 starts without its address, fails to bind its cluster port, and
// gets the address back.
func boundTooEarly(t *testing.T, nodes int) *world {
	t.Helper()
	w := newWorld(t)
	for i := 1; i <= nodes; i++ {
		r := w.plan(i)
		r.mqtt, r.http = "0.0.0.0", "0.0.0.0"
		r.start()
		if i > 1 {
			r.do("Done", "cluster", "join", "discovery-node="+w.name(1))
		}
	}
	w.whole()
	w.nodes[2].stop()
	w.net.remove(w.ip(2))
	w.nodes[2].start()
	w.net.restore(w.ip(2))
	w.whole()
	return w
}

func TestClusterPortBoundTooEarly(t *testing.T) {
	w := boundTooEarly(t, 3)
	two := w.nodes[2]
	t.Run("error.log names the cause", func(t *testing.T) {
		log := two.log("error.log")
		for _, want := range []string{
			"Reason: {listen_error,{" + tuple(w.ip(2)) + ",44053},eaddrnotavail}",
			"can't reconfigure vmq listener(" + tuple(w.ip(2)) + ", 44053) with Options ",
		} {
			if !strings.Contains(log, want) {
				t.Errorf("no %q in %s", want, log)
			}
		}
	})
	t.Run("everything is green", func(t *testing.T) {
		for i := 1; i <= 3; i++ {
			if body := w.get(i, "/health/listeners_full_cluster"); body != `200 {"status":"OK"}` {
				t.Errorf("node %d: %s", i, body)
			}
		}
		if rows := two.admin("listener", "show", "--format=csv").Stdout; strings.Contains(rows, "vmq,") || !strings.Contains(rows, "mqtt,running") {
			t.Errorf("listener show: %s", rows)
		}
		if env := two.terms("vmq_config", "get_env", "listeners. "); !strings.Contains(env, "{vmq,[{{"+tuple(w.ip(2))+",44053}") {
			t.Errorf("the expected listeners lack the cluster port: %s", env)
		}
	})
	sub := two.connect("sub", true)
	sub.subscribe("f/#")
	w.counts(1, "router_subscriptions", 1)
	t.Run("messages into the node vanish, acknowledged", func(t *testing.T) {
		w.nodes[1].connect("pub", true).publishAll("f/a", 10)
		until(t, "the log of node 1", func() bool {
			return strings.Contains(w.nodes[1].log("console.log"), "can't connect to cluster node '"+w.name(2)+"' due to econnrefused")
		})
		if got := sub.received(); len(got) != 0 {
			t.Errorf("received %v", got)
		}
		if n := w.nodes[1].metric("cluster_bytes_dropped"); n != 0 {
			t.Errorf("cluster_bytes_dropped is %d: ten small messages fit the buffer", n)
		}
	})
	t.Run("messages out of the node arrive", func(t *testing.T) {
		out := w.nodes[1].connect("out", true)
		out.subscribe("g/#")
		w.counts(2, "router_subscriptions", 2)
		two.connect("pub2", true).publishAll("g/a", 5)
		out.expect("g/a", 5)
	})
	t.Run("start_listener repairs, and what was buffered comes", func(t *testing.T) {
		again := "vmq. " + tuple(w.ip(2)) + ". 44053. []. "
		if said := two.terms("vmq_ranch_config", "start_listener", again); said != "ok" {
			t.Fatalf("start_listener: %s", said)
		}
		w.channels(2, 2)
		sub.expect("f/a", 10)
		if said := two.terms("vmq_ranch_config", "start_listener", again); !strings.HasPrefix(said, "{error,{already_started,") {
			t.Errorf("start_listener again: %s", said)
		}
		foreign := two.terms("vmq_ranch_config", "start_listener", `vmq. "`+w.ip(9)+`". 44053. []. `)
		if !strings.Contains(foreign, "{listen_error,{"+tuple(w.ip(9))+",44053},eaddrnotavail}") {
			t.Errorf("start_listener on a foreign address: %s", foreign)
		}
	})
}

// E2 (b): stopping and starting the server in the same process binds again.
func TestNodeStopAndStartBindsAgain(t *testing.T) {
	w := boundTooEarly(t, 2)
	two := w.nodes[2]
	two.do("Done", "node", "stop")
	w.sees(1, "1=T 2=F")
	if o := two.admin("cluster", "show"); o.Exit != 1 || !strings.Contains(o.Stderr, "{badarg,") {
		t.Errorf("cluster show of a stopped server: exit %d, %q", o.Exit, o.Stderr)
	}
	two.do("Done", "node", "start")
	w.whole()
	w.channels(2, 1)
}

// E2 (d): `listener start` on the cluster port says Done and opens MQTT there.
func TestListenerStartIsATrap(t *testing.T) {
	w := boundTooEarly(t, 2)
	two := w.nodes[2]
	crash := two.admin("listener", "restart", "address="+w.ip(2), "port=44053")
	if crash.Exit != 1 || !strings.HasPrefix(crash.Stderr, "RPC to '"+w.name(2)+"' failed: {'EXIT',") {
		t.Errorf("listener restart: exit %d %q", crash.Exit, crash.Stderr)
	}
	two.do("Done", "listener", "start", "address="+w.ip(2), "port=44053")
	if rows := two.admin("listener", "show", "--format=csv").Stdout; !strings.Contains(rows, "mqtt,running,"+w.ip(2)+",44053") {
		t.Errorf("listener show: %s", rows)
	}
	for flag, want := range map[string]string{"--vmq": "Invalid key: \"vmq\"\n", "--type=vmq": "Invalid key: \"type\"\n"} {
		if o := two.admin("listener", "start", "address="+w.ip(2), "port=44054", flag); o.Exit != 1 || o.Stdout != want {
			t.Errorf("listener start %s: exit %d %q", flag, o.Exit, o.Stdout)
		}
	}
	until(t, "node 1 to meet an MQTT port", func() bool {
		return strings.Contains(two.log("console.log"), "cant_parse_connect_fixed_header")
	})
	sub := two.connect("sub", true)
	sub.subscribe("f")
	w.counts(1, "router_subscriptions", 1)
	w.nodes[1].connect("pub", true).publishAll("f", 5)
	two.do("Done", "listener", "stop", "address="+w.ip(2), "port=44053")
	two.do("Done", "listener", "delete", "address="+w.ip(2), "port=44053")
	if got := sub.received(); len(got) != 0 {
		t.Errorf("received %v through an MQTT port", got)
	}
}
