package checks_test

import (
	"net/netip"
	"testing"

	"vmqbot/facts"
	"vmqbot/regions"
	"vmqbot/weave"
)

func (w *world) host(node string, edit func(*facts.Machine)) {
	w.at(node, func(n *facts.Node) { change(&n.Machine, edit) })
}

// allOf breaks several things.
func allOf(all ...func(*world)) func(*world) {
	return func(w *world) {
		for _, broken := range all {
			broken(w)
		}
	}
}

func untold(w *world) {
	w.at("cn-1", func(n *facts.Node) { n.Machine = facts.Missed[facts.Machine](facts.TooLate, "no answer") })
}

func routeTo(node, dev, to string) func(*world) {
	return func(w *world) {
		w.host(node, func(m *facts.Machine) {
			m.Routes = append(m.Routes, facts.Route{Dev: dev, To: netip.MustParsePrefix(to)})
		})
	}
}

func TestForward(t *testing.T) {
	blindWeave := func(b facts.Blind) func(*world) {
		return func(w *world) {
			w.at("cn-1", func(n *facts.Node) { n.Weave = facts.Missed[weave.Report](b, "administratively prohibited") })
		}
	}
	table(t, "forward", []row{
		{name: "a channel opens", verdict: fine, evidence: "opens channels"},
		{name: "nobody listens behind it", broken: blindWeave(facts.Down), verdict: fine, evidence: "opens channels"},
		{name: "sshd forbids it", broken: blindWeave(facts.Denied), verdict: wrong, evidence: "forbids channels", effect: "cannot be seen", byHand: "AllowTcpForwarding yes"},
		{name: "no answer in time", broken: blindWeave(facts.TooLate), verdict: unknown, evidence: "prohibited"},
	})
}

func TestEngine(t *testing.T) {
	versions := func(api, version string) func(*world) {
		return func(w *world) {
			w.host("cn-1", func(m *facts.Machine) { m.MinAPI = facts.Saw(api) })
			w.router("cn-1", func(r *weave.Report) { r.Version = version })
		}
	}
	const effect = "an address that is lost cannot be given back"
	table(t, "engine", []row{
		{name: "an old engine", verdict: fine, evidence: "1.12 and newer"},
		{name: "Docker 25 and the last weave of its makers", broken: versions("1.24", "2.8.1"), verdict: wrong, evidence: "weave 2.8.1 speaks API 1.18", effect: effect, byHand: "weave 2.8.3 or newer", row: "F17"},
		{name: "Docker 25 and the fork", broken: versions("1.24", "2.8.3"), verdict: fine, evidence: "weave 2.8.3 speaks 1.24"},
		{name: "Docker 25 and a later fork", broken: versions("1.24", "2.10.0"), verdict: fine, evidence: "speaks 1.24"},
		{name: "Docker 29 and the fork", broken: versions("1.44", "2.9.0"), verdict: wrong, evidence: "weave 2.9.0 speaks API 1.24", effect: effect, byHand: "DOCKER_API_VERSION=1.44", row: "F17"},
		{name: "no weave is seen", broken: func(w *world) {
			w.at("cn-1", func(n *facts.Node) { n.Weave = facts.Missed[weave.Report](facts.Down, "not running") })
		}, verdict: unknown, evidence: "which weave is there is not known"},
		{name: "an engine that does not tell", broken: func(w *world) {
			w.host("cn-1", func(m *facts.Machine) { m.MinAPI = facts.Missed[string](facts.Failed, "EOF") })
		}, verdict: unknown, evidence: "does not tell"},
		{name: "a version that is none", broken: versions("two", "2.8.1"), verdict: unknown, evidence: "does not tell"},
		{name: "nothing was read", broken: untold, verdict: unknown, evidence: "no answer"},
	})
}

func TestRoute(t *testing.T) {
	table(t, "route", []row{
		{name: "none touches the plan", verdict: fine, evidence: "10.0.0.0/24"},
		{name: "a cloud's network holds it", broken: routeTo("cn-1", "eth0", "10.0.0.0/16"), verdict: wrong, evidence: "10.0.0.0/16 dev eth0", effect: "goes into the container's network", byHand: "10.244.77.0/24", row: "F14"},
		{name: "one machine of it", broken: routeTo("cn-1", "tun0", "10.0.0.9/32"), verdict: wrong, evidence: "10.0.0.9/32 dev tun0", effect: "the container's network", byHand: "plan other addresses", row: "F14"},
		{name: "weave's own", broken: routeTo("cn-1", "weave", "10.0.0.0/24"), verdict: fine, evidence: "no route"},
		{name: "another network", broken: routeTo("cn-1", "eth1", "10.0.1.0/24"), verdict: fine, evidence: "no route"},
		{name: "nothing was read", broken: untold, verdict: unknown, evidence: "no answer"},
		{name: "no address is planned", broken: func(w *world) { w.plan("cn-1", func(n *regions.Node) { n.Address = netip.Prefix{} }) }, verdict: unknown, evidence: "plans no address"},
	})
}

func TestBridge(t *testing.T) {
	const effect, hand = "cannot be reached", "default-address-pools"
	table(t, "bridge", []row{
		{name: "the usual one meets nothing", verdict: fine, evidence: "172.17.0.0/16"},
		{name: "the eu host of the runbook: the same network outside", broken: routeTo("cn-1", "eth0", "172.17.0.0/16"), verdict: wrong, evidence: "the route 172.17.0.0/16 dev eth0", effect: effect, repair: "prepare cn-1", row: "F15"},
		{name: "a wider one outside", broken: routeTo("cn-1", "eth0", "172.16.0.0/12"), verdict: wrong, evidence: "172.16.0.0/12 dev eth0", effect: effect, repair: "prepare cn-1", row: "F15"},
		{name: "whoever asks comes from there", broken: func(w *world) {
			w.host("cn-1", func(m *facts.Machine) { m.Client = netip.MustParseAddr("172.17.3.4") })
		}, verdict: wrong, evidence: "the address that the bot comes from, 172.17.3.4", effect: effect, repair: "prepare cn-1", row: "F15"},
		{name: "another host is there", broken: func(w *world) {
			w.host("sg-1", func(m *facts.Machine) {
				m.Addresses, m.Networks = append(m.Addresses, netip.MustParseAddr("172.17.9.9")), facts.Saw([]facts.Network{})
			})
		}, verdict: wrong, evidence: "the address of sg-1's host, 172.17.0.1", effect: effect, repair: "prepare cn-1", row: "F15"},
		{name: "Docker took the plan", broken: func(w *world) {
			w.host("cn-1", func(m *facts.Machine) {
				m.Networks = facts.Saw([]facts.Network{{Name: "own", Driver: "bridge", Subnets: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/16")}}})
			})
		}, verdict: wrong, evidence: "own holds the plan", effect: effect, repair: "prepare cn-1", row: "F15"},
		{name: "a bridge of another name is its own route", broken: func(w *world) {
			w.host("cn-1", func(m *facts.Machine) {
				m.Networks = facts.Saw([]facts.Network{{Name: "own", Driver: "bridge", Subnets: []netip.Prefix{netip.MustParsePrefix("172.30.0.0/16")}}})
				m.Routes = append(m.Routes, facts.Route{Dev: "mybridge", To: netip.MustParsePrefix("172.30.0.0/16")})
			})
		}, verdict: fine, evidence: "meet nothing"},
		{name: "weave's plugin is no bridge", broken: func(w *world) {
			w.host("cn-1", func(m *facts.Machine) {
				m.Networks = facts.Saw([]facts.Network{{Name: "weave", Driver: "weavemesh", Subnets: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}})
			})
		}, verdict: fine, evidence: "meet nothing"},
		{name: "nothing was read", broken: untold, verdict: unknown, evidence: "no answer"},
	})
}

func TestMachine(t *testing.T) {
	same := func(w *world) { w.host("sg-1", func(m *facts.Machine) { m.ID = "00000000000000000000000000000064" }) }
	noWeave := func(w *world) {
		for _, n := range []string{"cn-1", "sg-1", "us-1", "eu-1"} {
			w.at(n, func(n *facts.Node) { n.Weave = facts.Missed[weave.Report](facts.Down, "not running") })
		}
	}
	table(t, "machine", []row{
		{name: "every host is its own", verdict: fine, evidence: "no other host"},
		{name: "a copy, before weave runs", broken: allOf(same, noWeave), verdict: wrong, evidence: "sg-1 (machine-id 00000000000000000000000000000064)", effect: "refuses their connection", byHand: "systemd-machine-id-setup", row: "F20"},
		{name: "a copy to which weave gave another name", broken: same, verdict: fine, evidence: "no other host"},
		{name: "weave's names are one", broken: func(w *world) {
			w.router("sg-1", func(r *weave.Report) { r.Name = "7a:00:00:00:00:01" })
			w.router("cn-1", func(r *weave.Report) { r.Name = "7a:00:00:00:00:01" })
		}, verdict: wrong, evidence: "weave's peer 7a:00:00:00:00:01", effect: "one peer", byHand: "--name", row: "F20"},
		{name: "the other one is not seen", broken: allOf(noWeave, func(w *world) { w.unsee("sg-1") }), verdict: unknown, evidence: "sg-1 cannot be seen"},
		{name: "nothing was read", broken: untold, verdict: unknown, evidence: "no answer"},
	})
}

func TestVolumes(t *testing.T) {
	planned := func(w *world) {
		w.plan("cn-1", func(n *regions.Node) { n.Volumes = regions.Volumes{Data: "/srv/data", Conf: "/srv/conf/"} })
	}
	mounts := func(m map[string]string) func(*world) {
		return func(w *world) {
			planned(w)
			w.container("cn-1", func(c *facts.Container) { c.Mounts = m })
		}
	}
	absent := func(w *world) {
		w.at("cn-1", func(n *facts.Node) { n.Container = facts.Missed[facts.Container](facts.Absent, "no such container") })
	}
	table(t, "volumes", []row{
		{name: "mounted as planned", broken: mounts(map[string]string{"/var/lib/vernemq": "/srv/data", "/etc/vernemq": "/srv/conf"}), verdict: fine, evidence: "mounts the planned folders"},
		{name: "the runbook's: data in the container", broken: mounts(map[string]string{"/etc/vernemq": "/srv/conf"}), verdict: wrong, evidence: "data (/srv/data)", effect: "takes the membership", repair: "deploy cn-1", row: "F31"},
		{name: "another folder", broken: mounts(map[string]string{"/var/lib/vernemq": "/srv/data", "/etc/vernemq": "/srv/old"}), verdict: wrong, evidence: "configuration (/srv/conf/)", effect: "goes with the container", repair: "deploy cn-1", row: "F31"},
		{name: "no container, folders there", broken: allOf(planned, absent), verdict: fine, evidence: "are there"},
		{name: "no container, a folder missing", broken: allOf(planned, allOf(absent, func(w *world) {
			w.host("cn-1", func(m *facts.Machine) { m.Missing = []string{"/srv/data"} })
		})), verdict: wrong, evidence: "/srv/data is not there", effect: "no message", repair: "deploy cn-1", row: "F31"},
		{name: "nothing was read", broken: untold, verdict: unknown, evidence: "no answer"},
	})
}
