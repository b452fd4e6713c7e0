package checks_test

import (
	"testing"
	"time"

	"vmqbot/facts"
)

func crossedTo(from, to string, b facts.Blind, why string) func(*world) {
	return func(w *world) { w.crossed(from, to, facts.Missed[time.Duration](b, why)) }
}

func refusedEverywhere(why string) func(*world) {
	return func(w *world) {
		for i := range w.seen.Crossings {
			w.seen.Crossings[i].Delivered = facts.Missed[time.Duration](facts.Denied, why)
		}
	}
}

func TestMQTT(t *testing.T) {
	const (
		lost = "5 messages were published at sg-1, 5 of them acknowledged, and none arrived at cn-1."
		into = "messages published in sg are lost for clients connected in cn, though publishers get their acknowledgement"
	)
	none := crossedTo("sg-1", "cn-1", facts.TooLate, lost)
	table(t, "mqtt", []row{
		{name: "it arrives", where: "sg-1->cn-1", verdict: fine, evidence: "a message arrived in 41ms"},
		{name: "F2: it does not arrive, and the peer's port is why", where: "sg-1->cn-1", broken: func(w *world) { f2(w); none(w) }, verdict: wrong,
			evidence: "none arrived at cn-1 (port of cn-1 is bad)", effect: into, repair: "reattach cn-1"},
		{name: "it does not arrive, and the peer's address is why", where: "sg-1->cn-1", broken: func(w *world) { has("127.0.0.1")(w); none(w) }, verdict: wrong,
			evidence: "(ip of cn-1 is bad)", effect: into, repair: "reattach cn-1"},
		{name: "it does not arrive, and the port is open to all", where: "sg-1->cn-1", broken: func(w *world) {
			f2(w)
			alsoListens(w, "0.0.0.0:44053")
			none(w)
		}, verdict: wrong, evidence: "(port of cn-1 is bad)", effect: into, repair: "deploy cn-1"},
		{name: "it does not arrive, and the channel is why", where: "sg-1->cn-1", broken: func(w *world) {
			cn := w.node(t, "cn-1").ClusterAddr()
			w.hangUp("sg-1", func(s facts.Socket) bool { return s.Remote == cn })
			none(w)
		}, verdict: wrong, evidence: "(channel is bad)", effect: into, repair: "reattach sg-1"},
		{name: "it does not arrive, and nothing shows why", where: "sg-1->cn-1", broken: none, verdict: wrong,
			evidence: "want a message from sg-1 to cn-1, none came", effect: into, byHand: "ask again in two minutes"},
		{name: "the other direction is another message", where: "cn-1->sg-1", broken: none, verdict: fine, evidence: "arrived"},
		{name: "it arrives although the port looks bad: it is the proof", where: "sg-1->cn-1", broken: f2, verdict: fine, evidence: "arrived"},
		{name: "MQTT is not open", where: "sg-1->cn-1", broken: crossedTo("sg-1", "cn-1", facts.Down, "connection refused"), verdict: wrong,
			evidence: "MQTT does not answer: connection refused", effect: "clients of sg or cn cannot connect", byHand: "logs cn-1"},
		{name: "clients are refused while a member is away", where: "sg-1->cn-1", broken: refusedEverywhere("CONNACK 3, broker unavailable"), verdict: wrong,
			evidence: "a member of the cluster is away and the netsplit switches are off", effect: "clients of sg or cn cannot connect", byHand: "bring the member back", row: "F7"},
		{name: "the probe's password is wrong", where: "sg-1->cn-1", broken: refusedEverywhere("CONNACK 4, bad user name or password."), verdict: unknown,
			evidence: "which proves nothing about messages: CONNACK 4"},
		{name: "the login that others take is refused", where: "sg-1->cn-1", broken: crossedTo("sg-1", "cn-1", facts.Denied, "CONNACK 5, not authorized"), verdict: wrong,
			evidence: "is refused: CONNACK 5", effect: "may be refused as the probe was", byHand: "webhook", row: "F28"},
		{name: "the access list is not loaded yet", where: "sg-1->cn-1", broken: crossedTo("sg-1", "cn-1", facts.Denied, "SUBACK 0x80: it refuses"), verdict: unknown,
			evidence: "while it loads its access list"},
		{name: "the broker is not there", where: "sg-1->cn-1", broken: func(w *world) {
			w.vernemq("cn-1", noProcess)
			crossedTo("sg-1", "cn-1", facts.Down, "connection refused")(w)
		}, verdict: unknown, evidence: "not checked: the broker of cn-1 does not run"},
		{name: "something else went wrong", where: "sg-1->cn-1", broken: crossedTo("sg-1", "cn-1", facts.Failed, "the login was cut: EOF"), verdict: unknown, evidence: "EOF"},
		{name: "nothing was sent", where: "sg-1->cn-1", broken: func(w *world) { w.seen.Crossings = nil }, verdict: unknown, evidence: "no message was sent from sg-1 to cn-1"},
		{name: "the peer's container is stopped", where: "sg-1->cn-1", broken: inState("exited", nil), verdict: unknown, evidence: "not checked: container of cn-1 is bad"},
		{name: "the peer's host is not seen", where: "sg-1->cn-1", broken: func(w *world) { w.unsee("cn-1") }, verdict: unknown, evidence: "not checked: host of cn-1 is bad"},
	})
}
