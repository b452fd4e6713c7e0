package checks_test

import (
	"net/netip"
	"testing"

	"vmqbot/facts"
	"vmqbot/regions"
	"vmqbot/secret"
	"vmqbot/weave"
)

func TestLaunch(t *testing.T) {
	dns := func(at string) func(*world) {
		return func(w *world) {
			w.router("cn-1", func(r *weave.Report) { r.DNS = &weave.DNSSummary{Address: at} })
		}
	}
	planned := func(edit func(*regions.Network)) func(*world) {
		return func(w *world) { edit(&w.fleet.Network) }
	}
	password := planned(func(n *regions.Network) { n.Password = secret.New("hunter2") })
	span := func(has string) func(*world) {
		return allOf(planned(func(n *regions.Network) { n.Range = netip.MustParsePrefix("10.40.0.0/16") }), func(w *world) {
			w.router("cn-1", func(r *weave.Report) { r.IPAM = &weave.IPAMSummary{Range: has} })
		})
	}
	table(t, "launch", []row{
		{name: "without DNS", verdict: fine, evidence: "would come back as it is"},
		{name: "DNS on docker0", broken: dns("172.17.0.1:53"), verdict: fine, evidence: "would come back"},
		{name: "DNS on every address", broken: dns("0.0.0.0:53"), verdict: fine, evidence: "would come back"},
		{name: "DNS where docker0 was", broken: dns("172.30.0.1:53"), verdict: wrong, evidence: "was told 172.30.0.1:53 at launch", effect: "dies again and again", repair: "network up cn-1", row: "F16"},
		{name: "DNS on nonsense", broken: dns("nowhere"), verdict: wrong, evidence: "was told nowhere", effect: "dies again and again", repair: "network up cn-1", row: "F16"},
		{name: "no password where the plan has one", broken: password, verdict: wrong, evidence: "without a password", effect: "clear text", repair: "network up cn-1", row: "F10"},
		{name: "a password that is planned", broken: allOf(password, func(w *world) { w.router("cn-1", func(r *weave.Report) { r.Encryption = true }) }), verdict: fine, evidence: "would come back"},
		{name: "a password that nobody planned", broken: func(w *world) { w.router("cn-1", func(r *weave.Report) { r.Encryption = true }) }, verdict: fine, evidence: "would come back"},
		{name: "the planned range", broken: span("10.40.0.0/16"), verdict: fine, evidence: "would come back"},
		{name: "another range", broken: span("10.32.0.0/12"), verdict: wrong, evidence: "with the range 10.32.0.0/12, and the fleet file says 10.40.0.0/16", effect: "refuse each other", repair: "network up cn-1", row: "F19"},
		{name: "the host tells nothing", broken: untold, verdict: unknown, evidence: "no answer"},
		{name: "the router is down", broken: missWeave(facts.Down, ""), verdict: unknown, evidence: "not checked: router is bad"},
	})
}

func TestTargets(t *testing.T) {
	told := func(words ...string) func(*world) {
		return func(w *world) { w.router("cn-1", func(r *weave.Report) { r.Targets = words }) }
	}
	table(t, "targets", []row{
		{name: "all of them", verdict: fine, evidence: "dials every other host"},
		{name: "with their port, in capitals, and one of no fleet", broken: told("SG.example.net:6783", "us.example.net", "eu.example.net", "203.0.113.99"), verdict: fine, evidence: "dials every other host"},
		{name: "a chain", broken: told("sg.example.net"), verdict: wrong, evidence: "never told to dial us-1 (us.example.net), eu-1 (eu.example.net)", effect: "it is alone", repair: "network up cn-1", row: "F21"},
		{name: "another port is another peer", broken: told("sg.example.net:6790", "us.example.net", "eu.example.net"), verdict: wrong, evidence: "never told to dial sg-1", effect: "alone", repair: "network up cn-1", row: "F21"},
		{name: "by where the others reach it", broken: allOf(told("192.0.2.7", "us.example.net", "eu.example.net"), func(w *world) {
			w.plan("sg-1", func(n *regions.Node) { n.Peer = "192.0.2.7" })
		}), verdict: fine, evidence: "dials every other host"},
		{name: "what is on the same machine is not dialed", broken: allOf(told("us.example.net", "eu.example.net"), func(w *world) {
			w.plan("sg-1", func(n *regions.Node) { n.Host = "cn.example.net" })
		}), verdict: fine, evidence: "dials every other host"},
	})
}

func TestDetached(t *testing.T) {
	table(t, "detached", []row{
		{name: "it has the address", verdict: wrong, evidence: "has 10.0.0.1/24", effect: "none", repair: "detach cn-1", row: "F1"},
		{name: "it has lost it", broken: func(w *world) { w.addresses("cn-1", "127.0.0.1") }, verdict: fine, evidence: "does not have 10.0.0.1/24"},
		{name: "nobody can see", broken: func(w *world) { w.unsee("cn-1") }, verdict: unknown, evidence: "not checked"},
	})
}
