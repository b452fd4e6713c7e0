// Package factstest makes worlds for tests: a healthy fleet as one look would
// see it, and the ways in which it breaks, each as the real one was seen to.
package factstest

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"vmqbot/conf"
	"vmqbot/facts"
	"vmqbot/regions"
	"vmqbot/vernemq"
	"vmqbot/weave"
)

// Now is when these worlds are looked at.
var Now = time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)

// Healthy is a fleet in which everything is as planned.
func Healthy(f *regions.Fleet) facts.Fleet {
	w := facts.Fleet{At: Now, Took: 200 * time.Millisecond, Nodes: map[string]facts.Node{}}
	for i, n := range f.Nodes() {
		w.Nodes[n.Name] = node(f, n, 1000+i)
		for _, to := range f.Nodes() {
			w.Crossings = append(w.Crossings, facts.Crossing{From: n.Name, To: to.Name, Delivered: facts.Saw(30 * time.Millisecond)})
			if to.Name != n.Name {
				echo := facts.Echo{Sent: 3, Received: 3, Min: 179 * time.Millisecond, Avg: 180 * time.Millisecond, Max: 181 * time.Millisecond}
				w.Pings = append(w.Pings, facts.Ping{From: n.Name, To: to.Name, Echo: facts.Saw(echo)})
			}
		}
	}
	return w
}

func node(f *regions.Fleet, n regions.Node, pid int) facts.Node {
	c := facts.Container{
		ID: "c0ffee" + n.Name, Name: n.Container, Image: n.Image, ImageID: "sha256:0123456789abcdef", State: "running", Status: "Up 3 hours",
		Running: true, PID: pid, StartedAt: Now.Add(-3 * time.Hour), IP: netip.MustParseAddr("172.17.0.2"), Published: map[int]int{1883: 1883},
	}
	process := facts.Process{PID: pid + 5000, Root: "/usr/lib/vernemq", Name: n.ErlangName()}
	return facts.Node{
		Host:      facts.Saw(facts.Host{RTT: time.Millisecond, Clock: Now}),
		Docker:    facts.Saw(facts.Docker{Version: "20.10.24", APIVersion: "1.41", Containers: []facts.Container{c}}),
		Container: facts.Saw(c),
		Netns:     facts.Saw(netns(f, n, pid)),
		Weave:     facts.Saw(report(f, n)),
		Broker: facts.Saw(facts.Broker{
			Process: facts.Saw(process), Ping: facts.Saw(true), View: facts.Saw(view(f)), Listeners: facts.Saw(listeners(n)),
			Switches: facts.Saw(map[string]bool{
				"allow_register_during_netsplit": true, "allow_publish_during_netsplit": true,
				"allow_subscribe_during_netsplit": true, "allow_unsubscribe_during_netsplit": true,
			}),
		}),
		Images:  facts.Saw([]facts.Image{{ID: "sha256:0123456789abcdef", Tags: []string{n.Image}, Size: 83_000_000, Created: Now.AddDate(0, -1, 0)}}),
		Library: facts.Saw(library(n)),
		Log:     facts.Saw([]string{"starting vernemq", "vernemq is up"}),
		Vitals:  facts.Saw(vitals(n)),
		LogFiles: facts.Saw([]facts.LogFile{
			{Name: "console.log", Lines: []string{"2026-11-23T13:59:00.000000+00:00 [info] <0.400.0> vmq_cluster_node: successfully connected to cluster node 'VerneMQ@10.0.0.2'"}},
			{Name: "crash.log", Lines: []string{}},
		}),
		Machine: facts.Saw(machine(pid)),
	}
}

// library is a host with room, that has the planned image and nothing else.
func library(n regions.Node) facts.Library {
	disk := facts.Saw(facts.Disk{Free: 60 << 30, Total: 100 << 30})
	return facts.Library{
		Arch: "amd64", Root: "/var/lib/docker", Disk: disk, Home: disk, Ends: facts.Saw(""),
		Images: []facts.Stored{{
			ImageDetail: facts.ImageDetail{ID: "sha256:0123456789abcdef", Arch: "amd64", OS: "linux", Cmd: []string{"start_vernemq"}, Size: 83_000_000, Created: Now.AddDate(0, -1, 0)},
			Tags:        []string{n.Image}, Layers: []string{"sha256:a1", "sha256:b1"}, Sizes: []int64{80_000_000, 3_000_000},
		}},
	}
}

// machine is a host of its own, with Docker's usual network, on which the
// planned folders are.
func machine(pid int) facts.Machine {
	bridge := netip.MustParsePrefix("172.17.0.0/16")
	own := netip.AddrFrom4([4]byte{192, 0, 2, byte(pid % 200)}) //nolint:gosec // below 200
	return facts.Machine{
		ID: fmt.Sprintf("%032x", pid), Client: netip.MustParseAddr("198.51.100.7"),
		Addresses: []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("172.17.0.1"), own},
		Routes:    []facts.Route{{Dev: "eth0", To: netip.PrefixFrom(own, 24).Masked()}, {Dev: "docker0", To: bridge}},
		MinAPI:    facts.Saw("1.12"), Networks: facts.Saw([]facts.Network{{Name: "bridge", Driver: "bridge", Subnets: []netip.Prefix{bridge}}}),
	}
}

// vitals are those of a node that wants for nothing.
func vitals(n regions.Node) facts.Vitals {
	v := facts.Vitals{
		Disks: facts.Saw(map[string]facts.Disk{"/var/lib/docker": {Free: 60 << 30, Total: 100 << 30}}),
		Metrics: facts.Saw(vernemq.Metrics{
			"cluster_bytes_dropped": 0, "netsplit_detected": 0, "netsplit_resolved": 0, "queue_message_in": 4, "queue_message_out": 4,
			"queue_message_drop": 0, "queue_message_expired": 0, "queue_message_unhandled": 0,
		}),
		Hooks: map[string]facts.Seen[facts.Dial]{}, Certs: map[string]facts.Seen[facts.Cert]{},
		Conf: facts.Saw(conf.Render(n, conf.ParseVersion(n.Image)).Text()),
	}
	for _, h := range n.Webhooks() {
		v.Hooks[h.Addr()] = facts.Saw(facts.Dial{Connected: true})
	}
	for _, l := range n.TLSListeners() {
		v.Certs[l.Key] = facts.Saw(facts.Cert{Subject: "CN=" + n.Name, Begins: Now.AddDate(0, -1, 0), Ends: Now.AddDate(1, 0, 0)})
	}
	return v
}

func netns(f *regions.Fleet, n regions.Node, pid int) facts.Netns {
	own := n.ClusterAddr()
	ns := facts.Netns{PID: pid, Addresses: []netip.Addr{own.Addr(), netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("172.17.0.2")}}
	ns.Sockets = append(ns.Sockets,
		facts.Socket{Local: own, State: facts.Listen},
		facts.Socket{Local: netip.MustParseAddrPort("0.0.0.0:1883"), State: facts.Listen},
		facts.Socket{Local: netip.MustParseAddrPort("0.0.0.0:1889"), State: facts.Listen},
		facts.Socket{Local: netip.MustParseAddrPort("0.0.0.0:1900"), State: facts.Listen})
	for i, p := range f.Peers(n) {
		ephemeral := uint16(40000 + i) //nolint:gosec // a handful of peers
		ns.Sockets = append(ns.Sockets,
			facts.Socket{Local: netip.AddrPortFrom(own.Addr(), ephemeral), Remote: p.ClusterAddr(), State: facts.Established},
			facts.Socket{Local: own, Remote: netip.AddrPortFrom(p.ClusterAddr().Addr(), ephemeral), State: facts.Established})
	}
	return ns
}

func report(f *regions.Fleet, n regions.Node) weave.Report {
	crypt := !f.Network.Password.IsZero()
	r := weave.Report{Ready: true, Version: "2.6.5", Name: "mac-" + n.Host, NickName: n.Host, Encryption: crypt}
	if f.Network.Range.IsValid() {
		r.IPAM = &weave.IPAMSummary{State: weave.IPAMIdle, Range: f.Network.Range.String()}
	}
	for _, p := range f.Peers(n) {
		r.Connections = append(r.Connections, weave.Connection{
			Address: p.Peer + ":6783", Outbound: true, State: weave.Established, PeerName: "mac-" + p.Host, NickName: p.Host, Carrier: "sleeve", MTU: 1438, Encrypted: crypt,
		})
		r.Targets = append(r.Targets, p.Peer)
	}
	return r
}

func view(f *regions.Fleet) []vernemq.Member {
	var ms []vernemq.Member
	for _, n := range f.Nodes() {
		ms = append(ms, vernemq.Member{Node: n.ErlangName(), Running: true})
	}
	return ms
}

func listeners(n regions.Node) []vernemq.Listener {
	return []vernemq.Listener{
		{Type: "vmq", Status: "running", Address: n.Address.Addr().String(), Port: regions.ClusterPort},
		{Type: "mqtt", Status: "running", Address: "0.0.0.0", Port: 1883},
	}
}

// Edit changes what was seen of one node.
func Edit(w *facts.Fleet, name string, change func(*facts.Node)) {
	n := w.Nodes[name]
	change(&n)
	w.Nodes[name] = n
}

// Dead makes the host of a node unreachable.
func Dead(w *facts.Fleet, name string) {
	why := "dial tcp " + name + ":22: i/o timeout"
	w.Nodes[name] = facts.Node{Host: facts.Missed[facts.Host](facts.Unreachable, why)}
	w.Crossings = slices.DeleteFunc(w.Crossings, func(c facts.Crossing) bool { return c.From == name || c.To == name })
	w.Pings = slices.DeleteFunc(w.Pings, func(p facts.Ping) bool { return p.From == name || p.To == name })
}

// Restarted is what a docker restart leaves: the address is gone, the broker
// runs, 44053 is not bound, and no message crosses into the node (F1, F2).
func Restarted(w *facts.Fleet, f *regions.Fleet, name string) {
	Unbound(w, f, name)
	lost, _ := f.Node(name)
	Edit(w, name, func(n *facts.Node) {
		ns, _ := n.Netns.Get()
		ns.Addresses = slices.DeleteFunc(slices.Clone(ns.Addresses), func(a netip.Addr) bool { return a == lost.Address.Addr() })
		n.Netns = facts.Saw(ns)
		b, _ := n.Broker.Get()
		why := "Node '" + lost.ErlangName() + "' not responding to pings."
		b.Ping = facts.Saw(false)
		b.View = facts.Missed[[]vernemq.Member](facts.Down, why)
		b.Listeners = facts.Missed[[]vernemq.Listener](facts.Down, why)
		b.Switches = facts.Missed[map[string]bool](facts.Down, why)
		n.Broker = facts.Saw(b)
	})
}

// Unbound is an attach by hand after a restart: the address is back, every
// view is right, and 44053 is still not bound (F2).
func Unbound(w *facts.Fleet, f *regions.Fleet, name string) {
	lost, _ := f.Node(name)
	for _, p := range f.Nodes() {
		Edit(w, p.Name, func(n *facts.Node) {
			ns, ok := n.Netns.Get()
			if !ok {
				return
			}
			ns.Sockets = slices.DeleteFunc(slices.Clone(ns.Sockets), func(s facts.Socket) bool {
				if p.Name == name {
					return s.Local == lost.ClusterAddr()
				}
				return s.Remote == lost.ClusterAddr()
			})
			n.Netns = facts.Saw(ns)
		})
	}
	Edit(w, name, func(n *facts.Node) {
		b, _ := n.Broker.Get()
		b.Listeners = facts.Saw([]vernemq.Listener{{Type: "mqtt", Status: "running", Address: "0.0.0.0", Port: 1883}})
		n.Broker = facts.Saw(b)
	})
	w.Crossings = slices.Clone(w.Crossings) // whoever looked before keeps what it saw
	for i, c := range w.Crossings {
		if c.To == name && c.From != name {
			w.Crossings[i].Delivered = facts.Missed[time.Duration](facts.TooLate, "published and acknowledged, and nothing came in 5s")
		}
	}
}
