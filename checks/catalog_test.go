package checks_test

import (
	"testing"
	"time"

	"vmqbot/facts"
	"vmqbot/regions"
	"vmqbot/secret"
	"vmqbot/weave"
)

// F16, F17 and F18, as the log of a router that is down tells them apart.
func TestDied(t *testing.T) {
	said := func(cause weave.Cause, line string) func(*world) {
		return func(w *world) {
			w.host("cn-1", func(m *facts.Machine) { m.Death = facts.Saw(weave.Death{Cause: cause, Line: line}) })
		}
	}
	down := missWeave(facts.Down, "connection refused.")
	const effect = "no message passes between cn and the other hosts"
	table(t, "died", []row{
		{name: "it runs, whatever its log says of before", broken: said(weave.Firewall, "RULE_INSERT failed"), verdict: fine, evidence: "stays up"},
		{name: "iptables refuses its rules", broken: allOf(down, said(weave.Firewall, "RULE_INSERT failed")), verdict: wrong, evidence: "ended and says: RULE_INSERT failed", effect: effect, byHand: "IPTABLES_BACKEND=nft (or legacy)", row: "F18"},
		{name: "it answers, and is not ready", broken: allOf(func(w *world) { w.router("cn-1", func(r *weave.Report) { r.Ready = false }) }, said(weave.Firewall, "RULE_INSERT failed")), verdict: wrong, evidence: "RULE_INSERT failed", effect: effect, byHand: "IPTABLES_BACKEND", row: "F18"},
		{name: "DNS where docker0 was", broken: allOf(down, said(weave.StaleDNS, "Unable to start dns server")), verdict: wrong, evidence: "Unable to start dns server", effect: effect, repair: "network up cn-1", row: "F16"},
		{name: "an engine that moved on", broken: allOf(down, said(weave.OldClient, "client version 1.18 is too old")), verdict: wrong, evidence: "too old", effect: effect, repair: "prepare cn-1", row: "F17"},
		{name: "its log says nothing", broken: allOf(down, said(weave.NoCause, "")), verdict: fine, evidence: "says why it ends"},
		{name: "there is none", broken: allOf(down, func(w *world) {
			w.host("cn-1", func(m *facts.Machine) {
				m.Death = facts.Missed[weave.Death](facts.Absent, "no such container")
			})
		}), verdict: fine, evidence: "no weave router"},
		{name: "its log cannot be read", broken: allOf(down, func(w *world) {
			w.host("cn-1", func(m *facts.Machine) {
				m.Death = facts.Missed[weave.Death](facts.TooLate, "no answer in 5s.")
			})
		}), verdict: unknown, evidence: "no answer in 5s"},
		{name: "the host tells nothing", broken: allOf(down, untold), verdict: unknown, evidence: "no answer"},
	})
}

// F25.
func TestPlugin(t *testing.T) {
	file := func(node, text string) func(*world) {
		return func(w *world) {
			w.fares(node, func(v *facts.Vitals) { v.Conf = facts.Saw(secret.New("nodename = x\n" + text)) })
		}
	}
	image := func(node, ref string) func(*world) {
		return func(w *world) { w.container(node, func(c *facts.Container) { c.Image = ref }) }
	}
	swc, tree := "metadata_plugin = vmq_swc\n", "metadata_plugin = vmq_plumtree\n"
	everywhere := func(text string) func(*world) {
		return allOf(file("cn-1", text), file("sg-1", text), file("us-1", text), file("eu-1", text))
	}
	const effect = "do not reach each other"
	table(t, "plugin", []row{
		{name: "what the version takes, everywhere", broken: everywhere(""), verdict: fine, evidence: "uses vmq_plumtree"},
		{name: "said everywhere", broken: everywhere(swc), verdict: fine, evidence: "uses vmq_swc"},
		{name: "one says another", broken: allOf(everywhere(""), file("cn-1", swc)), verdict: wrong, evidence: "cn-1 keeps what the cluster shares in vmq_swc, and sg-1, us-1, eu-1 in vmq_plumtree", effect: effect, byHand: "metadata_plugin: vmq_plumtree", row: "F25"},
		{name: "another is the odd one", broken: allOf(everywhere(""), file("sg-1", swc)), verdict: fine, evidence: "uses vmq_plumtree"},
		{name: "one has a newer image and says nothing", broken: allOf(everywhere(""), image("cn-1", "airdroid/vernemq:2.1.2")), verdict: wrong, evidence: "cn-1 keeps what the cluster shares in vmq_swc", effect: effect, byHand: "leave cn-1 and replace it", row: "F25"},
		{name: "a newer image that says the old one", broken: allOf(everywhere(tree), image("cn-1", "airdroid/vernemq:2.1.2")), verdict: fine, evidence: "vmq_plumtree"},
		{name: "half and half", broken: allOf(everywhere(""), file("cn-1", swc), file("sg-1", swc)), verdict: wrong, evidence: "us-1, eu-1 in vmq_plumtree", effect: effect, byHand: "nothing moves", row: "F25"},
		{name: "an image without a version", broken: allOf(everywhere(""), image("cn-1", "airdroid/vernemq:latest")), verdict: unknown, evidence: "names no version"},
		{name: "a file that nobody can read", broken: allOf(everywhere(""), file("cn-1", "= =\n")), verdict: unknown, evidence: "cannot be read"},
		{name: "nobody else is seen", broken: allOf(everywhere(""), func(w *world) { w.unsee("sg-1"); w.unsee("us-1"); w.unsee("eu-1") }), verdict: unknown, evidence: "what the others use cannot be seen"},
	})
}

// F36.
func TestAlone(t *testing.T) {
	mode := func(node, mode string) func(*world) {
		return func(w *world) { w.container(node, func(c *facts.Container) { c.NetworkMode = mode }) }
	}
	together := func(w *world) { w.plan("sg-1", func(n *regions.Node) { n.Host = "cn.example.net" }) }
	const effect = "weave gives no address to it"
	table(t, "alone", []row{
		{name: "Docker's bridge", broken: mode("cn-1", "default"), verdict: fine, evidence: "a network of its own"},
		{name: "the host's", broken: mode("cn-1", "host"), verdict: wrong, evidence: "no network of its own but that of cn.example.net itself", effect: effect, repair: "deploy cn-1", row: "F36"},
		{name: "two of one host in the host's", broken: allOf(together, mode("cn-1", "host"), mode("sg-1", "host")), verdict: wrong, evidence: "vernemq-release-cn-1 and vernemq-release-sg-1 (sg-1) share one network", effect: effect, repair: "deploy cn-1", row: "F36"},
		{name: "two of two hosts in the hosts'", broken: allOf(mode("cn-1", "host"), mode("sg-1", "host")), verdict: wrong, evidence: "but that of cn.example.net itself", effect: effect, repair: "deploy cn-1", row: "F36"},
		{name: "another container's", broken: mode("cn-1", "container:c0ffee"), verdict: wrong, evidence: "another container", effect: effect, repair: "deploy cn-1", row: "F36"},
		{name: "no container", broken: func(w *world) {
			w.at("cn-1", func(n *facts.Node) { n.Container = facts.Missed[facts.Container](facts.Absent, "none") })
		}, verdict: fine, evidence: "has no container"},
	})
}

// F34, by our clock, whatever the hosts' clocks say.
func TestTogether(t *testing.T) {
	down := func(node string, from, to time.Duration) func(*world) {
		return func(w *world) {
			w.container(node, func(c *facts.Container) { c.FinishedAt, c.StartedAt = now.Add(from), now.Add(to) })
		}
	}
	late := func(node string, by time.Duration) func(*world) {
		return func(w *world) {
			w.at(node, func(n *facts.Node) { change(&n.Host, func(h *facts.Host) { h.Clock = now.Add(by) }) })
			w.container(node, func(c *facts.Container) { c.FinishedAt, c.StartedAt = c.FinishedAt.Add(by), c.StartedAt.Add(by) })
		}
	}
	const effect = "every other node refuses clients"
	m := func(n float64) time.Duration { return time.Duration(n * float64(time.Minute)) }
	table(t, "together", []row{
		{name: "nobody was down", verdict: fine, evidence: "not down within the last hour"},
		{name: "one after the other", broken: allOf(down("cn-1", m(-10), m(-9)), down("sg-1", m(-8), m(-7))), verdict: fine, evidence: "the only one"},
		{name: "both at once", broken: allOf(down("cn-1", m(-10), m(-8)), down("sg-1", m(-9), m(-7))), verdict: wrong, evidence: "vernemq-release-cn-1 and vernemq-release-sg-1 were down at the same time, from 13:51:00 to 13:52:00 UTC", effect: effect, byHand: "restart all", row: "F34"},
		{name: "both at once, as the third sees it", where: "us-1", broken: allOf(down("cn-1", m(-10), m(-8)), down("sg-1", m(-9), m(-7))), verdict: fine, evidence: "not down within"},
		{name: "yesterday", broken: allOf(down("cn-1", m(-1500), m(-1400)), down("sg-1", m(-1500), m(-1400))), verdict: fine, evidence: "not down within"},
		{name: "the clock of one is an hour ahead", broken: allOf(down("cn-1", m(-10), m(-8)), down("sg-1", m(-9), m(-7)), late("sg-1", time.Hour)), verdict: wrong, evidence: "from 13:51:00 to 13:52:00 UTC", effect: effect, byHand: "restart all", row: "F34"},
		{name: "one is still down", broken: allOf(down("cn-1", m(-10), m(-8)), down("sg-1", m(-9), m(-300)), func(w *world) {
			w.container("sg-1", func(c *facts.Container) { c.Running = false })
		}), verdict: wrong, evidence: "from 13:51:00 to 13:52:00", effect: effect, byHand: "restart all", row: "F34"},
		{name: "two of one region", broken: allOf(func(w *world) { w.plan("sg-1", func(n *regions.Node) { n.Region = "cn" }) }, down("cn-1", m(-10), m(-8)), down("sg-1", m(-9), m(-7))), verdict: fine, evidence: "the only one"},
		{name: "another region is not seen", broken: allOf(down("cn-1", m(-10), m(-8)), func(w *world) { w.unsee("eu-1") }), verdict: unknown, evidence: "is not known; eu-1"},
	})
}
