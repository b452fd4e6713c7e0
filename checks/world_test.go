package checks_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"vmqbot/checks"
	"vmqbot/conf"
	"vmqbot/facts"
	"vmqbot/regions"
	"vmqbot/vernemq"
	"vmqbot/weave"
)

// world is a fleet of four regions with one node each, and one look at it in
// which everything is right. Tests break it.
type world struct {
	fleet *regions.Fleet
	seen  facts.Fleet
}

var (
	now   = time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	names = []string{"cn-1", "sg-1", "us-1", "eu-1"}
)

func newFleet() *regions.Fleet {
	f := &regions.Fleet{Cluster: "release", Image: "airdroid/vernemq:1.6.1"}
	for i, name := range names {
		region, _, _ := strings.Cut(name, "-")
		n := regions.Node{
			Name: name, Region: region, Host: region + ".example.net", Peer: region + ".example.net", SSH: regions.SSH{User: "ops"},
			Container: "vernemq-release-" + name, Image: f.Image, Ports: []int{1883, 1889, 1900, regions.ClusterPort},
			Address: netip.MustParsePrefix(fmt.Sprintf("10.0.0.%d/24", i+1)),
		}
		f.Regions = append(f.Regions, regions.Region{Name: region, Nodes: []regions.Node{n}})
	}
	return f
}

func healthy() *world {
	w := &world{fleet: newFleet()}
	w.seen = facts.Fleet{At: now, Took: 80 * time.Millisecond, Nodes: map[string]facts.Node{}}
	for i, n := range w.fleet.Nodes() {
		w.seen.Nodes[n.Name] = w.lookAt(i, n)
		for _, p := range w.fleet.Peers(n) {
			w.seen.Crossings = append(w.seen.Crossings, facts.Crossing{From: n.Name, To: p.Name, Delivered: facts.Saw(41 * time.Millisecond)})
		}
	}
	return w
}

func (w *world) lookAt(i int, n regions.Node) facts.Node {
	c := facts.Container{
		ID: fmt.Sprintf("c0ffee%d", i), Name: n.Container, Image: n.Image, ImageID: "sha256:0123456789abcdef", State: "running",
		Running: true, PID: 1000 + i, StartedAt: now.Add(-time.Hour),
	}
	return facts.Node{
		Host:      facts.Saw(facts.Host{RTT: 30 * time.Millisecond, Clock: now.Add(40 * time.Millisecond)}),
		Docker:    facts.Saw(facts.Docker{Version: "20.10.24", APIVersion: "1.41"}),
		Container: facts.Saw(c),
		Netns:     facts.Saw(w.netns(c.PID, n)),
		Weave:     facts.Saw(w.weave(n)),
		Broker:    facts.Saw(w.broker(n)),
		Vitals:    facts.Saw(w.vitals(n)),
		Machine:   facts.Saw(machine(i)),
	}
}

// machine is a host of its own, with Docker's usual network.
func machine(i int) facts.Machine {
	own := netip.AddrFrom4([4]byte{192, 0, 2, byte(10 + i)})
	bridge := netip.MustParsePrefix("172.17.0.0/16")
	return facts.Machine{
		ID: fmt.Sprintf("%032x", 100+i), Client: netip.MustParseAddr("198.51.100.7"),
		Addresses: []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("172.17.0.1"), own},
		Routes:    []facts.Route{{Dev: "eth0", To: netip.PrefixFrom(own, 24).Masked()}, {Dev: "docker0", To: bridge}, {Dev: "weave", To: netip.MustParsePrefix("10.32.0.0/12")}},
		MinAPI:    facts.Saw("1.12"), Networks: facts.Saw([]facts.Network{{Name: "bridge", Driver: "bridge", Subnets: []netip.Prefix{bridge}}}),
	}
}

func (w *world) vitals(n regions.Node) facts.Vitals {
	return facts.Vitals{
		Disks:   facts.Saw(map[string]facts.Disk{"/var/lib/docker": {Free: 60 << 30, Total: 100 << 30}}),
		Metrics: facts.Saw(vernemq.Metrics{"cluster_bytes_dropped": 0, "netsplit_detected": 0, "netsplit_resolved": 0}),
		Conf:    facts.Saw(conf.Render(n, conf.ParseVersion(n.Image)).Text()),
		Hooks:   map[string]facts.Seen[facts.Dial]{},
	}
}

func (w *world) fares(node string, edit func(*facts.Vitals)) {
	w.at(node, func(n *facts.Node) { change(&n.Vitals, edit) })
}

// netns is what the kernel shows of a healthy broker: a call to each peer's
// cluster port and a call from each peer.
func (w *world) netns(pid int, n regions.Node) facts.Netns {
	at := n.ClusterAddr()
	ns := facts.Netns{PID: pid, Addresses: []netip.Addr{at.Addr(), netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("172.17.0.2")}}
	ns.Sockets = []facts.Socket{listen(at.String()), listen("0.0.0.0:1883"), listen("0.0.0.0:1889"), listen("0.0.0.0:1900"), listen("0.0.0.0:4369")}
	for _, p := range w.fleet.Peers(n) {
		ns.Sockets = append(ns.Sockets,
			facts.Socket{Local: netip.AddrPortFrom(at.Addr(), 40000), Remote: p.ClusterAddr(), State: facts.Established},
			facts.Socket{Local: at, Remote: netip.AddrPortFrom(p.Address.Addr(), 40000), State: facts.Established})
	}
	return ns
}

func listen(at string) facts.Socket {
	return facts.Socket{Local: netip.MustParseAddrPort(at), Remote: netip.MustParseAddrPort("0.0.0.0:0"), State: facts.Listen}
}

func mac(node string) string { return "fa:fe:00:00:00:0" + node[:1] }

func (w *world) weave(n regions.Node) weave.Report {
	r := weave.Report{Ready: true, Version: "2.6.5", Name: mac(n.Name), NickName: n.Region}
	for _, p := range w.fleet.Peers(n) {
		r.Connections = append(r.Connections, weave.Connection{
			Address: "203.0.113.9:6783", Outbound: true, State: weave.Established,
			PeerName: mac(p.Name), NickName: p.Region, Carrier: "fastdp", MTU: 1376,
		})
		r.Targets = append(r.Targets, p.Peer)
	}
	return r
}

func (w *world) broker(n regions.Node) facts.Broker {
	b := facts.Broker{
		Process: facts.Saw(facts.Process{PID: 77, Root: "/usr/lib/vernemq", Name: n.ErlangName()}),
		Ping:    facts.Saw(true),
		Listeners: facts.Saw([]vernemq.Listener{
			{Type: "mqtt", Status: "running", Address: "0.0.0.0", Port: 1883},
			{Type: "vmq", Status: "running", Address: n.Address.Addr().String(), Port: regions.ClusterPort},
		}),
	}
	var view []vernemq.Member
	for _, m := range w.fleet.Nodes() {
		view = append(view, vernemq.Member{Node: m.ErlangName(), Running: true})
	}
	b.View = facts.Saw(view)
	on := map[string]bool{}
	for _, s := range checks.Switches {
		on[s] = true
	}
	b.Switches = facts.Saw(on)
	return b
}

// change edits one fact that was seen.
func change[T any](s *facts.Seen[T], edit func(*T)) {
	v, ok := s.Get()
	if !ok {
		panic("nothing seen to change")
	}
	edit(&v)
	*s = facts.Saw(v)
}

func (w *world) at(node string, edit func(*facts.Node)) {
	n := w.seen.Nodes[node]
	edit(&n)
	w.seen.Nodes[node] = n
}

func (w *world) container(node string, edit func(*facts.Container)) {
	w.at(node, func(n *facts.Node) { change(&n.Container, edit) })
}

func (w *world) network(node string, edit func(*facts.Netns)) {
	w.at(node, func(n *facts.Node) { change(&n.Netns, edit) })
}

func (w *world) router(node string, edit func(*weave.Report)) {
	w.at(node, func(n *facts.Node) { change(&n.Weave, edit) })
}

func (w *world) vernemq(node string, edit func(*facts.Broker)) {
	w.at(node, func(n *facts.Node) { change(&n.Broker, edit) })
}

func (w *world) plan(node string, edit func(*regions.Node)) {
	for i := range w.fleet.Regions {
		for j := range w.fleet.Regions[i].Nodes {
			if n := &w.fleet.Regions[i].Nodes[j]; n.Name == node {
				edit(n)
			}
		}
	}
}

// addresses sets what the kernel shows in a container.
func (w *world) addresses(node, list string) {
	w.network(node, func(n *facts.Netns) {
		n.Addresses = nil
		for _, a := range strings.Fields(list) {
			n.Addresses = append(n.Addresses, netip.MustParseAddr(a))
		}
	})
}

// unbind takes a listening socket away, and the calls that came in on it.
func (w *world) unbind(node, at string) {
	local := netip.MustParseAddrPort(at)
	w.network(node, func(n *facts.Netns) {
		var kept []facts.Socket
		for _, s := range n.Sockets {
			if s.Local != local {
				kept = append(kept, s)
			}
		}
		n.Sockets = kept
	})
}

// hangUp takes away one end of the data channel from one node to another.
func (w *world) hangUp(node string, isEnd func(facts.Socket) bool) {
	w.network(node, func(n *facts.Netns) {
		var kept []facts.Socket
		for _, s := range n.Sockets {
			if s.State != facts.Established || !isEnd(s) {
				kept = append(kept, s)
			}
		}
		n.Sockets = kept
	})
}

// unsee is a host that does not answer: nothing on it was seen.
func (w *world) unsee(node string) { w.blind(node, facts.Unreachable, "no route to host") }

func (w *world) blind(node string, b facts.Blind, why string) {
	w.seen.Nodes[node] = facts.Node{
		Host: facts.Missed[facts.Host](b, why), Docker: facts.Missed[facts.Docker](b, why),
		Container: facts.Missed[facts.Container](b, why), Netns: facts.Missed[facts.Netns](b, why),
		Weave: facts.Missed[weave.Report](b, why), Broker: facts.Missed[facts.Broker](b, why),
		Vitals: facts.Missed[facts.Vitals](b, why),
	}
	for i, c := range w.seen.Crossings {
		if c.From == node || c.To == node {
			w.seen.Crossings[i].Delivered = facts.Missed[time.Duration](b, why)
		}
	}
}

// crossed sets what became of the message from one node to another.
func (w *world) crossed(from, to string, what facts.Seen[time.Duration]) {
	for i, c := range w.seen.Crossings {
		if c.From == from && c.To == to {
			w.seen.Crossings[i].Delivered = what
		}
	}
}

func (w *world) node(t testing.TB, name string) regions.Node {
	t.Helper()
	n, ok := w.fleet.Node(name)
	if !ok {
		t.Fatalf("no node %s", name)
	}
	return n
}
