package checks_test

import (
	"testing"
	"time"

	"vmqbot/facts"
	"vmqbot/gate"
	"vmqbot/regions"
	"vmqbot/vernemq"
	"vmqbot/weave"
)

func gateSays(line string) func(*world) {
	return func(w *world) {
		w.container("cn-1", func(c *facts.Container) {
			c.Labels, c.HealthSays = map[string]string{gate.Label: "1"}, line
		})
	}
}

// lonely is a node whose broker knows nobody but itself.
func lonely(w *world, name string) {
	n, _ := w.fleet.Node(name)
	w.vernemq(name, func(b *facts.Broker) { b.View = facts.Saw([]vernemq.Member{{Node: n.ErlangName(), Running: true}}) })
}

func and(all ...func(*world)) func(*world) {
	return func(w *world) {
		for _, f := range all {
			f(w)
		}
	}
}

// TestBothAtOnce: the address and the port are told in one breath, because the
// address alone is no repair.
func TestBothAtOnce(t *testing.T) {
	table(t, "ip", []row{
		{name: "the address is lost and the port not bound", broken: and(has("127.0.0.1 172.17.0.2"), f2), verdict: wrong,
			evidence: "want 10.0.0.1/24, have 127.0.0.1 172.17.0.2; and 44053 is not bound (F2)",
			effect:   "weave attach alone would turn cluster show green and leave messages into cn lost", repair: "reattach cn-1", row: "F1"},
		{name: "the container is not known and its namespace is", broken: and(has("127.0.0.1"), func(w *world) {
			w.at("cn-1", func(n *facts.Node) { n.Container = facts.Missed[facts.Container](facts.Unreadable, "cut") })
		}), verdict: unknown, evidence: "not checked: container is unknown"},
	})
}

// TestHalfSeenBroker: what is not known of the container or its addresses is
// not made up.
func TestHalfSeenBroker(t *testing.T) {
	noClock := func(w *world) {
		w.at("cn-1", func(n *facts.Node) { change(&n.Host, func(h *facts.Host) { h.Clock = time.Time{} }) })
	}
	table(t, "broker", []row{
		{name: "just started, and its address is missing: it is not starting", broken: and(inBroker(noPong), justStarted, has("127.0.0.1")), verdict: wrong,
			evidence: "because 10.0.0.1 is missing", effect: "neither enter nor leave cn", repair: "reattach cn-1", row: "F3"},
		{name: "no process, and the addresses cannot be read", broken: and(inBroker(noProcess), missNetns("cn-1", facts.Unreadable, "garbled")), verdict: wrong,
			evidence: "no broker process in it", effect: "clients cannot connect", repair: "reattach cn-1", row: "F22"},
		{name: "no process, and the host's clock is not known", broken: and(inBroker(noProcess), justStarted, noClock), verdict: wrong,
			evidence: "no broker process in it", effect: "clients cannot connect", repair: "reattach cn-1", row: "F22"},
		{name: "no process, and nobody knows since when", broken: and(inBroker(noProcess), func(w *world) {
			w.container("cn-1", func(c *facts.Container) { c.StartedAt = time.Time{} })
		}), verdict: wrong, evidence: "no broker process in it", effect: "clients cannot connect", repair: "reattach cn-1", row: "F22"},
		{name: "no process, and the clock went back since the start", broken: and(inBroker(noProcess), func(w *world) {
			w.container("cn-1", func(c *facts.Container) { c.StartedAt = now.Add(time.Hour) })
		}), verdict: wrong, evidence: "no broker process in it", effect: "clients cannot connect", repair: "reattach cn-1", row: "F22"},
		{name: "no process, because it was stopped behind its gate", broken: and(inBroker(noProcess), gateSays("held starts=1 crashes=0 exit=0 for=hold")), verdict: wrong,
			evidence: "stopped on purpose", effect: "clients cannot connect", repair: "start cn-1", row: "F22"},
		{name: "a gate's word in a container that has none", broken: and(inBroker(noProcess), func(w *world) {
			w.container("cn-1", func(c *facts.Container) { c.HealthSays = "held starts=1 crashes=0 exit=0 for=hold" })
		}), verdict: wrong, evidence: "logs cn-1", effect: "clients cannot connect", repair: "reattach cn-1", row: "F22"},
		{name: "ping could not be asked", broken: inBroker(func(b *facts.Broker) { b.Ping = facts.Missed[bool](facts.TooLate, "no answer in 5s") }), verdict: unknown,
			evidence: "vernemq ping: no answer in 5s"},
		{name: "ping was answered by silence", broken: inBroker(func(b *facts.Broker) { b.Ping = facts.Missed[bool](facts.Down, "not responding") }), verdict: wrong,
			evidence: "ping fails", effect: "neither asked nor stopped", byHand: "conf diff cn-1 shows", row: "F4"},
		{name: "nothing of it was read", broken: func(w *world) {
			w.at("cn-1", func(n *facts.Node) { n.Broker = facts.Missed[facts.Broker](facts.Denied, "docker exec is forbidden") })
		}, verdict: unknown, evidence: "the broker: docker exec is forbidden"},
	})
}

// TestWhoJoins names the one that is alone, whoever was asked.
func TestWhoJoins(t *testing.T) {
	const effect = "no message passes between"
	table(t, "cluster", []row{
		{name: "the peer is alone", where: "cn-1->eu-1", broken: func(w *world) { lonely(w, "eu-1"); forgets(w, "cn-1", "VerneMQ@10.0.0.4") },
			verdict: wrong, evidence: "cn-1 does not know eu-1", effect: effect, repair: "join eu-1", row: "F6"},
		{name: "the one that was asked is alone", where: "eu-1->cn-1", broken: func(w *world) { lonely(w, "eu-1"); forgets(w, "cn-1", "VerneMQ@10.0.0.4") },
			verdict: wrong, evidence: "eu-1 does not know cn-1", effect: effect, repair: "join eu-1", row: "F6"},
		{name: "both are alone", where: "cn-1->eu-1", broken: func(w *world) { lonely(w, "eu-1"); lonely(w, "cn-1") },
			verdict: wrong, evidence: "cn-1 does not know eu-1", effect: effect, repair: "join cn-1", row: "F6"},
		{name: "it knows the other, which knows others", where: "cn-1->eu-1", broken: func(w *world) { forgets(w, "cn-1", "VerneMQ@10.0.0.4") },
			verdict: wrong, evidence: "cn-1 does not know eu-1", effect: effect, byHand: "wait 20 s", row: "F6"},
		{name: "a member is away, and whether clients are served is not known", where: "cn-1->eu-1", broken: func(w *world) {
			stopped(w, "cn-1", "VerneMQ@10.0.0.4")
			w.vernemq("cn-1", func(b *facts.Broker) { b.Switches = facts.Missed[map[string]bool](facts.Failed, "cut") })
		}, verdict: wrong, evidence: "cn-1 sees eu-1 not running", effect: "unless the netsplit switches are on", byHand: "ip, port and broker say of eu-1", row: "F6"},
		{name: "a member is away, and one switch is not told", where: "cn-1->eu-1", broken: func(w *world) {
			stopped(w, "cn-1", "VerneMQ@10.0.0.4")
			w.vernemq("cn-1", func(b *facts.Broker) {
				change(&b.Switches, func(on *map[string]bool) { *on = map[string]bool{"allow_register_during_netsplit": true} })
			})
		}, verdict: wrong, evidence: "cn-1 sees eu-1 not running", effect: "refuses clients until", byHand: "ip, port", row: "F6"},
	})
}

// TestWhoRewrites: conf push needs a gate, deploy makes one.
func TestWhoRewrites(t *testing.T) {
	table(t, "port", []row{
		{name: "a container that deploy made", broken: and(f2, func(w *world) { alsoListens(w, "0.0.0.0:44053") }, gateSays("running starts=1 crashes=0 exit=-1 for=own")),
			verdict: wrong, evidence: "0.0.0.0", effect: "lost for clients connected in cn", repair: "conf push cn-1", row: "F5"},
		{name: "one client port is enough for a broker that runs", broken: and(f2, func(w *world) {
			w.network("cn-1", func(n *facts.Netns) { n.Sockets = []facts.Socket{listen("0.0.0.0:1900"), listen("0.0.0.0:4369")} })
		}), verdict: wrong, evidence: "cluster show says running, but 44053 is not bound on 10.0.0.1", effect: "lost", repair: "reattach cn-1", row: "F2"},
		{name: "a call to a client port is no open port", broken: and(f2, func(w *world) {
			w.network("cn-1", func(n *facts.Netns) {
				s := listen("0.0.0.0:1883")
				s.State = facts.Established
				n.Sockets = []facts.Socket{s}
			})
		}), verdict: wrong, evidence: "nor does any port of its clients", effect: "lost", repair: "reattach cn-1", row: "F2"},
		{name: "no client port is planned", broken: and(f2, func(w *world) {
			w.plan("cn-1", func(n *regions.Node) { n.Ports = []int{regions.ClusterPort} })
			w.network("cn-1", func(n *facts.Netns) { n.Sockets = nil })
		}), verdict: wrong, evidence: "cluster show says running, but 44053 is not bound on 10.0.0.1", effect: "lost", repair: "reattach cn-1", row: "F2"},
	})
}

// TestTwoNodesInARegion: there the name of the region would say too much.
func TestTwoNodesInARegion(t *testing.T) {
	table(t, "ip", []row{{name: "one of two", broken: func(w *world) {
		second := w.node(t, "cn-1")
		second.Name = "cn-2"
		w.fleet.Regions[0].Nodes = append(w.fleet.Regions[0].Nodes, second)
		w.addresses("cn-1", "127.0.0.1")
	}, verdict: wrong, evidence: "want 10.0.0.1/24", effect: "messages neither enter nor leave cn-1;", repair: "reattach cn-1", row: "F1"}})
}

// TestDials tells the connections that may be the missing one, and no others.
func TestDials(t *testing.T) {
	const effect = "take the way over another host"
	only := func(cs ...weave.Connection) func(*world) {
		return func(w *world) { w.router("cn-1", func(r *weave.Report) { r.Connections = cs }) }
	}
	up := weave.Connection{Address: "203.0.113.30:6783", State: weave.Established, PeerName: mac("us-1")}
	table(t, "peer", []row{
		{name: "others are up or nearly so", where: "cn-1->sg-1", broken: only(up, weave.Connection{Address: "203.0.113.40:6783", State: weave.Pending, PeerName: mac("eu-1")}), verdict: wrong,
			evidence: "want a weave connection to sg.example.net (fa:fe:00:00:00:0s), there is none", effect: effect, byHand: "was told to dial", row: "F10"},
		{name: "the dial to its address fails", where: "cn-1->sg-1", broken: and(func(w *world) { w.plan("sg-1", func(n *regions.Node) { n.Host = "203.0.113.20" }) },
			only(weave.Connection{Address: "203.0.113.20:6783", State: weave.Retrying, Info: "i/o timeout"})), verdict: wrong,
			evidence: "there is none; 203.0.113.20:6783 retrying i/o timeout", effect: effect, byHand: "was told to dial", row: "F10"},
		{name: "known and not up", where: "cn-1->sg-1", broken: toSG(func(c *weave.Connection) { c.State, c.Info = weave.Failed, "no route to host" }), verdict: wrong,
			evidence: "is failed: no route to host", effect: effect, byHand: "open TCP 6783", row: "F10"},
		{name: "a router that did not say its name", where: "cn-1->sg-1", broken: func(w *world) { w.router("sg-1", func(r *weave.Report) { r.Name = "" }) }, verdict: unknown, evidence: "not checked: router of sg-1 is unknown"},
	})
}
