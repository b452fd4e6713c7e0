package regions

import (
	"net/netip"
	"slices"
	"strings"
)

// ErlangName is the node's name inside the cluster; it holds the weave
// address, so a node is renamed by nothing less than leave, wipe and join.
func (n Node) ErlangName() string { return "VerneMQ@" + n.Address.Addr().String() }

// ClusterAddr is where the node's data channel must listen.
func (n Node) ClusterAddr() netip.AddrPort {
	return netip.AddrPortFrom(n.Address.Addr(), ClusterPort)
}

// Beside reports whether two nodes are on one machine: two ports, or two ways
// there, are two machines behind one address.
func (n Node) Beside(m Node) bool {
	return strings.EqualFold(n.Host, m.Host) && n.SSH.Port == m.SSH.Port && n.SSH.Jump == m.SSH.Jump
}

// Nodes returns every node in the order of the file.
func (f *Fleet) Nodes() []Node {
	var ns []Node
	for _, r := range f.Regions {
		ns = append(ns, r.Nodes...)
	}
	return ns
}

// Node finds a node by name.
func (f *Fleet) Node(name string) (Node, bool) {
	ns := f.Nodes()
	i := slices.IndexFunc(ns, func(n Node) bool { return n.Name == name })
	if i < 0 {
		return Node{}, false
	}
	return ns[i], true
}

// Region finds a region by name.
func (f *Fleet) Region(name string) (Region, bool) {
	i := slices.IndexFunc(f.Regions, func(r Region) bool { return r.Name == name })
	if i < 0 {
		return Region{}, false
	}
	return f.Regions[i], true
}

// Peers returns every node of the cluster but n.
func (f *Fleet) Peers(n Node) []Node {
	return slices.DeleteFunc(f.Nodes(), func(p Node) bool { return p.Name == n.Name })
}

// OtherHosts are the machines that a node's machine should be joined with: every
// other one of the fleet, by its first node in the order of the file.
func (f *Fleet) OtherHosts(n Node) []Node {
	var hosts []Node
	for _, p := range f.Nodes() {
		if !p.Beside(n) && !slices.ContainsFunc(hosts, p.Beside) {
			hosts = append(hosts, p)
		}
	}
	return hosts
}
