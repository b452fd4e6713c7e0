package checks_test

import (
	"net/netip"
	"testing"

	"vmqbot/facts"
	"vmqbot/regions"
	"vmqbot/vernemq"
)

const cnPort = "10.0.0.1:44053"

// f2 is the failure that this program exists for: the broker started without
// its address, and everything it says about itself is green.
func f2(w *world) {
	w.unbind("cn-1", cnPort)
	listeners(w, vernemq.Listener{Type: "mqtt", Status: "running", Address: "0.0.0.0", Port: 1883})
}

func listeners(w *world, all ...vernemq.Listener) {
	w.vernemq("cn-1", func(b *facts.Broker) { b.Listeners = facts.Saw(all) })
}

func on44053(kind, status, address string) vernemq.Listener {
	return vernemq.Listener{Type: kind, Status: status, Address: address, Port: regions.ClusterPort}
}

func baseLook(w *world) {
	for _, name := range names {
		w.at(name, func(n *facts.Node) { n.Broker, n.Vitals = facts.Seen[facts.Broker]{}, facts.Seen[facts.Vitals]{} })
	}
	w.seen.Crossings = nil
}

func TestPort(t *testing.T) {
	const effect = "every message published outside cn is lost for clients connected in cn; clients there notice nothing"
	f := func(steps ...func(*world)) func(*world) {
		return func(w *world) {
			for _, s := range steps {
				s(w)
			}
		}
	}
	table(t, "port", []row{
		{name: "it listens as type vmq", verdict: fine, evidence: "10.0.0.1:44053 listens as type vmq"},
		{name: "it listens, in a look that does not ask the broker", broken: baseLook, verdict: fine, evidence: "its type was not looked at"},
		{name: "attached by hand, never bound, and every view green", broken: f2, verdict: wrong,
			evidence: "cluster show says running, but 44053 is not bound on 10.0.0.1", effect: effect, repair: "reattach cn-1", row: "F2"},
		{name: "not bound, in a look that does not ask the broker", broken: f(f2, baseLook), verdict: wrong,
			evidence: "44053 is not bound on 10.0.0.1", effect: effect, repair: "reattach cn-1", row: "F2"},
		{name: "not bound, and one view does not show it running", broken: f(f2, func(w *world) { stopped(w, "us-1", "VerneMQ@10.0.0.1") }), verdict: wrong,
			evidence: "44053 is not bound", effect: effect, repair: "reattach cn-1", row: "F2"},
		{name: "not bound, and nothing else listens either", broken: func(w *world) {
			w.network("cn-1", func(n *facts.Netns) { n.Sockets = nil })
		}, verdict: wrong, evidence: "the broker is down or still starting", effect: effect, repair: "reattach cn-1", row: "F2"},
		{name: "bound on Docker's address", broken: f(f2, func(w *world) { alsoListens(w, "172.17.0.2:44053") }), verdict: wrong,
			evidence: "it listens on 172.17.0.2 instead", effect: effect, repair: "reattach cn-1", row: "F2"},
		{name: "the next port listens", broken: f(f2, func(w *world) { alsoListens(w, "10.0.0.1:44054") }), verdict: wrong,
			evidence: "44053 is not bound", effect: effect, repair: "reattach cn-1", row: "F2"},
		{name: "a port that begins alike listens", broken: f(f2, func(w *world) { alsoListens(w, "10.0.0.1:4405") }), verdict: wrong,
			evidence: "44053 is not bound", effect: effect, repair: "reattach cn-1", row: "F2"},
		{name: "a call on that port is no listener", broken: func(w *world) {
			w.network("cn-1", func(n *facts.Netns) { n.Sockets = n.Sockets[1:] })
		}, verdict: wrong, evidence: "44053 is not bound", effect: effect, repair: "reattach cn-1", row: "F2"},
		{name: "bound on every address", broken: f(f2, func(w *world) { alsoListens(w, "0.0.0.0:44053") }), verdict: wrong,
			evidence: "listens on every address (0.0.0.0)", effect: effect, repair: "deploy cn-1", row: "F5"},
		{name: "bound on every address of IPv6", broken: f(f2, func(w *world) { alsoListens(w, "[::]:44053") }), verdict: wrong,
			evidence: "listens on every address", effect: effect, repair: "deploy cn-1", row: "F5"},
		{name: "somebody typed listener start", broken: func(w *world) { listeners(w, on44053("mqtt", "running", "10.0.0.1")) }, verdict: wrong,
			evidence: "speaks mqtt, want vmq: `vmq-admin listener start` opens MQTT whatever the port", effect: effect, repair: "reattach cn-1", row: "F2"},
		{name: "listener start beside a right row", broken: func(w *world) {
			listeners(w, on44053("vmq", "running", "10.0.0.1"), on44053("mqtt", "running", "10.0.0.1"))
		}, verdict: wrong, evidence: "speaks mqtt", effect: effect, repair: "reattach cn-1", row: "F2"},
		{name: "a socket, but no row of type vmq", broken: func(w *world) {
			listeners(w, vernemq.Listener{Type: "mqtt", Status: "running", Address: "0.0.0.0", Port: 1883})
		}, verdict: wrong, evidence: "lists no listener of type vmq", effect: effect, repair: "reattach cn-1", row: "F2"},
		{name: "a row of type vmq on another address", broken: func(w *world) { listeners(w, on44053("vmq", "running", "172.17.0.2")) }, verdict: wrong,
			evidence: "lists no listener of type vmq there", effect: effect, repair: "reattach cn-1", row: "F2"},
		{name: "a suspended row", broken: func(w *world) { listeners(w, on44053("vmq", "suspended", "10.0.0.1")) }, verdict: wrong,
			evidence: "is suspended, want running", effect: effect, repair: "reattach cn-1", row: "F2"},
		{name: "a socket, and an empty list", broken: func(w *world) { listeners(w) }, verdict: unknown, evidence: "lists no listener at all"},
		{name: "a socket, and a garbled list", broken: func(w *world) {
			w.vernemq("cn-1", func(b *facts.Broker) {
				b.Listeners = facts.Missed[[]vernemq.Listener](facts.Unreadable, "cut in the middle")
			})
		}, verdict: unknown, evidence: "of which type: cut in the middle"},
		{name: "a socket, and a broker that was not reached", broken: func(w *world) {
			w.at("cn-1", func(n *facts.Node) { n.Broker = facts.Missed[facts.Broker](facts.TooLate, "exec hung") })
		}, verdict: unknown, evidence: "exec hung"},
		{name: "the address is missing", broken: has("127.0.0.1"), verdict: unknown, evidence: "not checked: ip is bad"},
	})
}

func alsoListens(w *world, at string) {
	w.network("cn-1", func(n *facts.Netns) { n.Sockets = append(n.Sockets, listen(at)) })
}

func TestChannel(t *testing.T) {
	sgPort := netip.MustParseAddrPort("10.0.0.2:44053")
	outgoing := func(s facts.Socket) bool { return s.Remote == sgPort }
	incoming := func(s facts.Socket) bool {
		return s.Local == sgPort && s.Remote.Addr() == netip.MustParseAddr("10.0.0.1")
	}
	const effect = "messages published in cn are lost for clients connected in sg, though publishers get their acknowledgement"
	table(t, "channel", []row{
		{name: "established at both ends", where: "cn-1->sg-1", verdict: fine, evidence: "seen from both ends"},
		{name: "neither end", where: "cn-1->sg-1", broken: func(w *world) {
			w.hangUp("cn-1", outgoing)
			w.hangUp("sg-1", incoming)
		}, verdict: wrong, evidence: "want a connection from cn-1 to sg-1:44053, there is none", effect: effect, repair: "reattach cn-1", row: "F29"},
		{name: "the other direction is another connection", where: "sg-1->cn-1", broken: func(w *world) {
			w.hangUp("cn-1", outgoing)
			w.hangUp("sg-1", incoming)
		}, verdict: fine, evidence: "seen from both ends"},
		{name: "only the near end", where: "cn-1->sg-1", broken: func(w *world) { w.hangUp("sg-1", incoming) }, verdict: wrong,
			evidence: "cn-1 has a connection to sg-1:44053, but sg-1 does not have its other end", effect: effect, repair: "reattach cn-1", row: "F29"},
		{name: "only the far end", where: "cn-1->sg-1", broken: func(w *world) { w.hangUp("cn-1", outgoing) }, verdict: wrong,
			evidence: "but cn-1 does not have its other end", effect: effect, repair: "reattach cn-1", row: "F29"},
		{name: "another port of the peer is no channel", where: "cn-1->sg-1", broken: func(w *world) {
			w.hangUp("cn-1", outgoing)
			w.network("cn-1", func(n *facts.Netns) {
				n.Sockets = append(n.Sockets, facts.Socket{Local: netip.MustParseAddrPort("10.0.0.1:40001"),
					Remote: netip.MustParseAddrPort("10.0.0.2:44054"), State: facts.Established})
			})
		}, verdict: wrong, evidence: "does not have its other end", effect: effect, repair: "reattach cn-1", row: "F29"},
		{name: "the peer's port is not bound", where: "sg-1->cn-1", broken: f2, verdict: unknown, evidence: "not checked: port of cn-1 is bad"},
		{name: "our own port is not bound", where: "cn-1->sg-1", broken: f2, verdict: unknown, evidence: "not checked: port is bad"},
		{name: "the peer's host is not seen", where: "cn-1->eu-1", broken: func(w *world) { w.unsee("eu-1") }, verdict: unknown, evidence: "not checked: host of eu-1 is bad"},
		{name: "a third host does not matter", where: "cn-1->sg-1", broken: func(w *world) { w.unsee("eu-1") }, verdict: fine, evidence: "both ends"},
	})
}
