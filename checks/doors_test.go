package checks_test

import (
	"testing"

	"vmqbot/facts"
	"vmqbot/gate"
)

func TestDoors(t *testing.T) {
	sockets := func(at ...string) func(*world) {
		return func(w *world) {
			w.network("cn-1", func(n *facts.Netns) {
				n.Sockets = nil
				for _, a := range at {
					n.Sockets = append(n.Sockets, listen(a))
				}
			})
		}
	}
	table(t, "doors", []row{
		{name: "all three", verdict: fine, evidence: "MQTT listens on 1883, 1889, 1900"},
		{name: "one is missing", broken: sockets("0.0.0.0:1883", "0.0.0.0:1900"), verdict: wrong, evidence: "MQTT does not listen on 1889", effect: "clients cannot connect to cn-1", byHand: "logs cn-1"},
		{name: "on the loopback alone, where Docker sends nothing", broken: sockets("127.0.0.1:1883", "0.0.0.0:1889", "0.0.0.0:1900"), verdict: wrong, evidence: "does not listen on 1883", effect: "clients cannot", byHand: "logs cn-1"},
		{name: "the container is down", broken: inState("exited", nil), verdict: unknown},
	})
}

func TestGate(t *testing.T) {
	says := func(line string) func(*world) {
		return func(w *world) {
			w.container("cn-1", func(c *facts.Container) {
				c.Labels, c.HealthSays = map[string]string{gate.Label: "1"}, line
			})
		}
	}
	table(t, "gate", []row{
		{name: "made by hand", verdict: fine, evidence: "has no gate"},
		{name: "running", broken: says("running starts=1 crashes=0 exit=-1 for=own"), verdict: fine, evidence: "running starts=1"},
		{name: "it ended once and runs", broken: says("running starts=2 crashes=1 exit=1 for=own"), verdict: fine, evidence: "crashes=1"},
		{name: "starting", broken: says("starting starts=1 crashes=0 exit=-1 for=own"), verdict: fine, evidence: "starting"},
		{name: "it ends again and again", broken: says("backoff starts=4 crashes=4 exit=137 for=8s"), verdict: wrong, evidence: "ended 4 times", effect: "clients cannot connect", byHand: "logs cn-1", row: "F22"},
		{name: "stopped on purpose", broken: says("held starts=1 crashes=0 exit=0 for=hold"), verdict: wrong, evidence: "on purpose", effect: "clients cannot connect", repair: "start cn-1", row: "F22"},
		{name: "waiting for its address", broken: says("waiting starts=0 crashes=0 exit=-1 for=10.0.0.1/32"), verdict: wrong, evidence: "waits for 10.0.0.1", effect: "neither enter nor leave", repair: "reattach cn-1", row: "F1"},
		{name: "it has not spoken yet", broken: says(""), verdict: unknown, evidence: "not spoken"},
		{name: "garbled", broken: says("running starts=1 cra"), verdict: unknown, evidence: "gate of"},
	})
}

func TestLoop(t *testing.T) {
	says := func(line string) func(*world) {
		return func(w *world) {
			w.container("cn-1", func(c *facts.Container) {
				c.Labels, c.HealthSays = map[string]string{gate.Label: "1"}, line
			})
		}
	}
	table(t, "loop", []row{
		{name: "made by hand", verdict: fine, evidence: "again not once"},
		{name: "it never ended", broken: says("running starts=1 crashes=0 exit=-1 for=own"), verdict: fine, evidence: "not once"},
		{name: "it ended twice", broken: says("backoff starts=2 crashes=2 exit=1 for=2s"), verdict: fine, evidence: "2 times"},
		{name: "three times in a row", broken: says("starting starts=4 crashes=3 exit=1 for=own"), verdict: wrong, evidence: "ended 3 times in a row", effect: "clients cannot connect", byHand: "logs cn-1", row: "F22"},
		{name: "garbled", broken: says("running starts=1 cra"), verdict: unknown, evidence: "gate of"},
	})
}
