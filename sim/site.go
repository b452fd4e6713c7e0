package sim

import (
	"fmt"
	"net/netip"
)

// Site is one host of the plan, and the node on it.
type Site struct {
	Name      string // of the host; the region's where a region has one host
	Region    string // "" for the jump host
	Title     string
	Node      string
	IP        netip.Addr   // in the network between the hosts
	Address   netip.Prefix // of the node in the weave network
	Container string
	Jump      bool // reached through the jump host
}

// The network between the hosts, and who is who in it.
var (
	underlay = netip.MustParsePrefix("10.78.0.0/16")
	operator = netip.MustParseAddr("10.78.0.254")
	jumpIP   = netip.MustParseAddr("10.78.0.10")
)

// titles are the runbook's regions, in the order in which they join.
var titles = [][2]string{{"cn", "China"}, {"sg", "Singapore"}, {"us", "United States"}, {"eu", "Europe"}}

// fourRegions is the lab's plan: one node in each, eu behind the jump host.
func fourRegions() []Site {
	sites := make([]Site, len(titles))
	for i, t := range titles {
		sites[i] = site(t[0], t[0], t[1], i+1)
	}
	sites[3].Jump = true
	return sites
}

// manyNodes spreads n nodes over the four regions.
func manyNodes(n int) []Site {
	sites := make([]Site, n)
	for i := range sites {
		t := titles[i%len(titles)]
		sites[i] = site(fmt.Sprintf("%s%d", t[0], i/len(titles)+1), t[0], t[1], i+1)
		sites[i].Node = fmt.Sprintf("%s-%d", t[0], i/len(titles)+1)
		sites[i].Container = "vernemq-release-" + sites[i].Node
	}
	return sites
}

// site is the i-th host, from 1.
func site(name, region, title string, i int) Site {
	high, low := byte(i/250), byte(i%250)
	return Site{
		Name: name, Region: region, Title: title, Node: name + "-1", Container: "vernemq-release-" + name + "-1",
		IP: netip.AddrFrom4([4]byte{10, 78, high, low + 10}), Address: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, high, low}), subnet.Bits()),
	}
}

// subnet is the weave network: room for a few hundred nodes.
var subnet = netip.MustParsePrefix("10.0.0.0/24")

// NodeName is the node's name in VerneMQ.
func (s Site) NodeName() string { return "VerneMQ@" + s.Address.Addr().String() }
