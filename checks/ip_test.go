package checks_test

import (
	"net/netip"
	"testing"

	"vmqbot/facts"
	"vmqbot/regions"
)

func has(list string) func(*world) { return func(w *world) { w.addresses("cn-1", list) } }

func missNetns(node string, b facts.Blind, why string) func(*world) {
	return func(w *world) {
		w.at(node, func(n *facts.Node) { n.Netns = facts.Missed[facts.Netns](b, why) })
	}
}

func TestIP(t *testing.T) {
	const effect = "messages neither enter nor leave cn"
	table(t, "ip", []row{
		{name: "it is there", verdict: fine, evidence: "holds 10.0.0.1/24"},
		{name: "lost by a restart of the container", broken: has("127.0.0.1 172.17.0.2"), verdict: wrong,
			evidence: "want 10.0.0.1/24, have 127.0.0.1 172.17.0.2", effect: effect, repair: "reattach cn-1", row: "F1"},
		{name: "nothing but loopback", broken: has("127.0.0.1"), verdict: wrong,
			evidence: "want 10.0.0.1/24, have 127.0.0.1", effect: effect, repair: "reattach cn-1", row: "F1"},
		{name: "somebody else's address that contains it", broken: has("110.0.0.1 127.0.0.1"), verdict: wrong,
			evidence: "have 110.0.0.1 127.0.0.1", effect: effect, repair: "reattach cn-1", row: "F1"},
		{name: "an address that begins like it", broken: has("10.0.0.10 10.0.0.11 127.0.0.1"), verdict: wrong,
			evidence: "have 10.0.0.10 10.0.0.11", effect: effect, repair: "reattach cn-1", row: "F1"},
		{name: "the address of the neighbor", broken: has("10.0.0.2 127.0.0.1"), verdict: wrong,
			evidence: "have 10.0.0.2", effect: effect, repair: "reattach cn-1", row: "F1"},
		{name: "an empty table", broken: has(""), verdict: unknown, evidence: "not even 127.0.0.1"},
		{name: "a table without loopback, though the address is in it", broken: has("10.0.0.1"), verdict: unknown, evidence: "not even 127.0.0.1"},
		{name: "a garbled table", broken: missNetns("cn-1", facts.Unreadable, "fib_trie does not hold 127.0.0.1"), verdict: unknown, evidence: "fib_trie does not hold"},
		{name: "a table of nobody", broken: missNetns("cn-1", facts.Absent, "process 77 is gone"), verdict: unknown, evidence: "process 77 is gone"},
		{name: "the container restarted between two reads", broken: func(w *world) {
			w.network("cn-1", func(n *facts.Netns) { n.PID = 999 })
		}, verdict: unknown, evidence: "restarted while it was looked at"},
		{name: "no address is planned", broken: func(w *world) {
			w.plan("cn-1", func(n *regions.Node) { n.Address = netip.Prefix{} })
		}, verdict: unknown, evidence: "plans no address"},
		{name: "the container is stopped", broken: inState("exited", nil), verdict: unknown, evidence: "not checked: container is bad"},
		{name: "the host is not seen", broken: func(w *world) { w.unsee("cn-1") }, verdict: unknown, evidence: "not checked: host is bad"},
	})
}

// In a region of two nodes the effect names the node: its neighbor is well.
func TestIPInARegionOfTwo(t *testing.T) {
	w := healthy()
	w.addresses("cn-1", "127.0.0.1")
	w.fleet.Regions[0].Nodes = append(w.fleet.Regions[0].Nodes, regions.Node{Name: "cn-2", Region: "cn"})
	row{verdict: wrong, effect: "messages neither enter nor leave cn-1;", repair: "reattach cn-1", row: "F1"}.judge(t, w, "ip")
}

func TestClash(t *testing.T) {
	const effect = "now to one container and now to the other"
	table(t, "clash", []row{
		{name: "nobody else has it", verdict: fine, evidence: "10.0.0.1 is nowhere else"},
		{name: "sg-1 has it too", broken: func(w *world) { w.addresses("sg-1", "10.0.0.1 10.0.0.2 127.0.0.1") }, verdict: wrong,
			evidence: "want 10.0.0.1 on cn-1 only, have it on sg-1", effect: effect,
			byHand: "on sg.example.net: weave detach 10.0.0.1/24 vernemq-release-sg-1, then reattach sg-1", row: "F13"},
		{name: "sg-1 has it, and cn-1 lost it", broken: func(w *world) {
			w.addresses("cn-1", "127.0.0.1")
			w.addresses("sg-1", "10.0.0.1 127.0.0.1")
		}, verdict: wrong, evidence: "have it on sg-1", effect: effect, byHand: "weave detach", row: "F13"},
		{name: "two others have it", broken: func(w *world) {
			w.addresses("sg-1", "10.0.0.1 127.0.0.1")
			w.addresses("eu-1", "10.0.0.1 127.0.0.1")
		}, verdict: wrong, evidence: "have it on sg-1, eu-1", effect: effect, byHand: "weave detach", row: "F13"},
		{name: "sg-1 has one that contains it", broken: func(w *world) { w.addresses("sg-1", "10.0.0.2 110.0.0.1 127.0.0.1") }, verdict: fine, evidence: "nowhere else"},
		{name: "sg-1 cannot be seen and may have it", broken: func(w *world) { w.unsee("sg-1") }, verdict: unknown, evidence: "but sg-1 cannot be seen"},
		{name: "sg-1's container is stopped and so has nothing", broken: missNetns("sg-1", facts.Down, "exited"), verdict: fine, evidence: "nowhere else"},
		{name: "no address is planned", broken: func(w *world) {
			w.plan("cn-1", func(n *regions.Node) { n.Address = netip.Prefix{} })
		}, verdict: unknown, evidence: "plans no address"},
	})
}
