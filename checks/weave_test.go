package checks_test

import (
	"testing"

	"vmqbot/facts"
	"vmqbot/regions"
	"vmqbot/weave"
)

func missWeave(b facts.Blind, why string) func(*world) {
	return func(w *world) {
		w.at("cn-1", func(n *facts.Node) { n.Weave = facts.Missed[weave.Report](b, why) })
	}
}

// dockerSays is what the engine says of the router's container.
func dockerSays(state string) func(*world) {
	return func(w *world) {
		w.at("cn-1", func(n *facts.Node) {
			change(&n.Docker, func(d *facts.Docker) {
				d.Containers = append(d.Containers, facts.Container{Name: weave.Container, State: state})
			})
		})
	}
}

func TestRouter(t *testing.T) {
	const effect = "no message passes between cn and the other hosts"
	table(t, "router", []row{
		{name: "it answers", verdict: fine, evidence: "weave 2.6.5, cn (fa:fe:00:00:00:0c)"},
		{name: "it is stopped", broken: missWeave(facts.Down, "connection refused."), verdict: wrong,
			evidence: "the weave router on cn.example.net does not answer: connection refused", effect: effect, repair: "network up cn-1", row: "F9"},
		{name: "it hangs", broken: missWeave(facts.TooLate, "no answer in 5s"), verdict: wrong, evidence: "no answer in 5s", effect: effect, repair: "network up cn-1", row: "F9"},
		{name: "it ends again and again", broken: allOf(missWeave(facts.Down, "connection refused."), dockerSays("restarting")), verdict: wrong,
			evidence: "connection refused; Docker starts it again and again, and doctor cn-1 reads in its log why it ends", effect: effect, repair: "network up cn-1", row: "F9"},
		{name: "it is up and hangs", broken: allOf(missWeave(facts.TooLate, "no answer in 5s"), dockerSays("running")), verdict: wrong, evidence: "no answer in 5s", effect: effect, repair: "network up cn-1", row: "F9"},
		{name: "it is starting", broken: func(w *world) { w.router("cn-1", func(r *weave.Report) { r.Ready = false }) }, verdict: wrong,
			evidence: "not ready", effect: effect, repair: "network up cn-1", row: "F9"},
		{name: "its report is cut", broken: missWeave(facts.Unreadable, "unexpected end of JSON"), verdict: unknown, evidence: "unexpected end of JSON"},
		{name: "its report is empty", broken: func(w *world) { w.router("cn-1", func(r *weave.Report) { *r = weave.Report{} }) }, verdict: unknown, evidence: "without its name"},
		{name: "Docker does not matter to it", broken: missDocker(facts.TooLate, ""), verdict: fine, evidence: "weave 2.6.5"},
		{name: "the host is not seen", broken: func(w *world) { w.unsee("cn-1") }, verdict: unknown, evidence: "not checked: host is bad"},
	})
}

// toSG edits cn's connection to sg.
func toSG(edit func(*weave.Connection)) func(*world) {
	return func(w *world) {
		w.router("cn-1", func(r *weave.Report) {
			for i := range r.Connections {
				if r.Connections[i].PeerName == mac("sg-1") {
					edit(&r.Connections[i])
				}
			}
		})
	}
}

func TestPeer(t *testing.T) {
	const effect = "messages between cn and sg take the way over another host, or none"
	failed := func(address string) func(*world) {
		return toSG(func(c *weave.Connection) {
			*c = weave.Connection{Address: address, Outbound: true, State: weave.Failed, Info: "dial tcp: connection refused, retry: never"}
		})
	}
	table(t, "peer", []row{
		{name: "established", where: "cn-1->sg-1", verdict: fine, evidence: "established over fastdp, mtu 1376"},
		{name: "established, but slowly", where: "cn-1->sg-1", broken: toSG(func(c *weave.Connection) { c.Carrier, c.MTU = "sleeve", 1438 }), verdict: fine, evidence: "over sleeve, mtu 1438"},
		{name: "known by the router's name, not by nickname or address", where: "cn-1->sg-1", broken: toSG(func(c *weave.Connection) {
			c.NickName, c.Address, c.Outbound = "localhost", "100.64.0.9:51000", false
		}), verdict: fine, evidence: "established"},
		{name: "UDP is blocked", where: "cn-1->sg-1", broken: toSG(func(c *weave.Connection) { c.State = weave.Pending }), verdict: wrong,
			evidence: "pending: TCP passes, UDP does not", effect: effect, byHand: "open UDP 6783 and 6784", row: "F10"},
		{name: "the dial fails, to a host planned by name", where: "cn-1->sg-1", broken: failed("203.0.113.20:6783"), verdict: wrong,
			evidence: "there is none; 203.0.113.20:6783 failed dial tcp: connection refused", effect: effect, byHand: "was told to dial sg.example.net: open TCP 6783", row: "F10"},
		{name: "the dial that fails is to another host", where: "cn-1->sg-1", broken: func(w *world) {
			w.plan("sg-1", func(n *regions.Node) { n.Host, n.Peer = "203.0.113.20", "203.0.113.20" })
			failed("203.0.113.40:6783")(w)
		}, verdict: wrong, evidence: "want a weave connection to 203.0.113.20 (fa:fe:00:00:00:0s), there is none", effect: effect, repair: "network up cn-1", row: "F10"},
		{name: "it was never told of the peer", where: "cn-1->sg-1", broken: func(w *world) {
			w.router("cn-1", func(r *weave.Report) { r.Connections, r.Targets = nil, nil })
		}, verdict: wrong, evidence: "there is none", effect: effect, repair: "network up cn-1", row: "F10"},
		{name: "two connections, one of them established", where: "cn-1->sg-1", broken: func(w *world) {
			w.router("cn-1", func(r *weave.Report) {
				r.Connections = append([]weave.Connection{{State: weave.Pending, PeerName: mac("sg-1")}}, r.Connections...)
			})
		}, verdict: fine, evidence: "established"},
		{name: "cloned machines", where: "cn-1->sg-1", broken: func(w *world) {
			w.router("sg-1", func(r *weave.Report) { r.Name = mac("cn-1") })
		}, verdict: wrong, evidence: "the machines are clones", effect: effect, byHand: "/etc/machine-id", row: "F20"},
		{name: "two hosts behind one address", where: "cn-1->sg-1", broken: func(w *world) {
			w.plan("sg-1", func(n *regions.Node) { n.Host, n.SSH.Port = "cn.example.net", 2222 })
			w.router("sg-1", func(r *weave.Report) { r.Name = mac("cn-1") })
		}, verdict: wrong, evidence: "the machines are clones", effect: effect, byHand: "/etc/machine-id", row: "F20"},
		{name: "two nodes on one host", where: "cn-1->sg-1", broken: func(w *world) {
			w.plan("sg-1", func(n *regions.Node) { n.Host = "cn.example.net" })
			w.router("sg-1", func(r *weave.Report) { r.Name = mac("cn-1") })
		}, verdict: fine, evidence: "on the same host"},
		{name: "the peer's report was not read", where: "sg-1->cn-1", broken: missWeave(facts.Unreadable, "cut"), verdict: unknown, evidence: "not checked: router of cn-1 is unknown"},
		{name: "the peer's router is down", where: "sg-1->cn-1", broken: missWeave(facts.Down, ""), verdict: unknown, evidence: "not checked: router of cn-1 is bad"},
		{name: "our router is down", where: "cn-1->sg-1", broken: missWeave(facts.Down, ""), verdict: unknown, evidence: "not checked: router is bad"},
	})
}
