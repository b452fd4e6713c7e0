package weavenet

import (
	"fmt"
	"strings"
)

// The pages of /status, as the templates in weave's prog/weaver/http.go write
// them.
var pages = map[string]func(report) string{
	"":            overview,
	"targets":     func(s report) string { return lines(s.Router.Targets) },
	"connections": connectionsPage,
	"peers":       peersPage,
	"dns":         dnsPage,
	"ipam":        ipamPage,
}

var connectionStates = []string{"established", "pending", "retrying", "failed", "connecting"}

func lines(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return strings.Join(list, "\n") + "\n"
}

func overview(s report) string {
	var b strings.Builder
	r := s.Router
	row := func(key string, format string, args ...any) {
		fmt.Fprintf(&b, "%15s: %s\n", key, fmt.Sprintf(format, args...))
	}
	row("Version", "%s (%s)", s.Version, s.VersionCheck)
	b.WriteString("\n")
	row("Service", "router")
	row("Protocol", "%s %d..%d", r.Protocol, r.ProtocolMinVersion, r.ProtocolMaxVersion)
	row("Name", "%s(%s)", r.Name, r.NickName)
	row("Encryption", "%s", onOff(r.Encryption))
	row("PeerDiscovery", "%s", onOff(r.PeerDiscovery))
	row("Targets", "%d", len(r.Targets))
	row("Connections", "%d%s", len(r.Connections), brackets(" (%s)", r.countConnections()))
	row("Peers", "%d%s", len(r.Peers), brackets(" (with %s connections)", r.countPeers()))
	row("TrustedSubnets", "%s", orNone(r.TrustedSubnets))
	if i := s.IPAM; i != nil {
		b.WriteString("\n")
		row("Service", "ipam")
		row("Status", "%s", i.state())
		row("Range", "%s", i.Range)
		row("DefaultSubnet", "%s", i.DefaultSubnet)
	}
	if d := s.DNS; d != nil {
		b.WriteString("\n")
		row("Service", "dns")
		row("Domain", "%s", d.Domain)
		row("Upstream", "%s", orNone(d.Upstream))
		row("TTL", "%d", d.TTL)
		row("Entries", "%d", len(d.Entries))
	}
	if s.Proxy != nil {
		b.WriteString("\n")
		row("Service", "proxy")
		row("Address", "%s", orNone(s.Proxy.Addresses))
	}
	if s.Plugin != nil {
		b.WriteString("\n")
		row("Service", "plugin (legacy)")
		row("DriverName", "%s", s.Plugin.DriverName)
	}
	return b.String()
}

func onOff(on bool) string {
	if on {
		return "enabled"
	}
	return "disabled"
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

func brackets(format, text string) string {
	if text == "" {
		return ""
	}
	return fmt.Sprintf(format, text)
}

func counted(counts map[string]int, keys []string) string {
	var words []string
	for _, k := range keys {
		if counts[k] > 0 {
			words = append(words, fmt.Sprintf("%d %s", counts[k], k))
		}
	}
	return strings.Join(words, ", ")
}

func (r *routerReport) countConnections() string {
	counts := map[string]int{}
	for _, c := range r.Connections {
		counts[c.State]++
	}
	return counted(counts, connectionStates)
}

func (r *routerReport) countPeers() string {
	counts := map[string]int{}
	for _, p := range r.Peers {
		for _, c := range p.Connections {
			counts[map[bool]string{true: "established", false: "pending"}[c.Established]]++
		}
	}
	return counted(counts, connectionStates)
}

func (i *ipamReport) state() string {
	known := false
	for _, e := range i.Entries {
		known = known || e.Size > 0 && e.IsKnownPeer
	}
	switch {
	case len(i.Entries) > 0 && !known:
		return "all IP ranges owned by unreachable peers - use 'rmpeer' if they are dead"
	case len(i.Entries) > 0 && len(i.PendingAllocates) > 0:
		return "waiting for IP(s) to become available"
	case len(i.Entries) > 0:
		return "ready"
	case i.Paxos != nil:
		return fmt.Sprintf("awaiting consensus (quorum: %d, known: %d)", i.Paxos.Quorum, i.Paxos.KnownNodes)
	}
	return "idle"
}

func arrow(outbound bool) string {
	if outbound {
		return "->"
	}
	return "<-"
}

// connectionsPage prints attributes without a blank between them, as the real
// template does: "encrypted=truemtu=1376".
func connectionsPage(s report) string {
	var b strings.Builder
	for _, c := range s.Router.Connections {
		fmt.Fprintf(&b, "%s %-21v %-11v %s ", arrow(c.Outbound), c.Address, c.State, c.Info)
		if c.Attrs["encrypted"] == true {
			b.WriteString("encrypted=true")
		}
		if c.Attrs != nil {
			fmt.Fprintf(&b, "mtu=%v", c.Attrs["mtu"])
		}
		b.WriteString("\n")
	}
	return b.String()
}

func peersPage(s report) string {
	var b strings.Builder
	for _, p := range s.Router.Peers {
		fmt.Fprintf(&b, "%s(%s)\n", p.Name, p.NickName)
		for _, c := range p.Connections {
			state := "pending"
			if c.Established {
				state = "established"
			}
			fmt.Fprintf(&b, "   %s %-21v %-37v %s\n", arrow(c.Outbound), c.Address, c.Name+"("+c.NickName+")", state)
		}
	}
	return b.String()
}

func dnsPage(s report) string {
	var b strings.Builder
	if s.DNS == nil {
		return ""
	}
	for _, e := range s.DNS.Entries {
		fmt.Fprintf(&b, "%-12v %-15v %12.12v %v\n", strings.TrimSuffix(e.Hostname, "."+dnsDomain), e.Address, e.ContainerID, e.Origin)
	}
	return b.String()
}

// ipamPage lists the own share first.
func ipamPage(s report) string {
	if s.IPAM == nil {
		return ""
	}
	sums, order := map[string]*share{}, []string{s.Router.Name}
	for _, e := range s.IPAM.Entries {
		sum := sums[e.Peer]
		if sum == nil {
			sum = &share{Peer: e.Peer, Nickname: e.Nickname, IsKnownPeer: e.IsKnownPeer}
			sums[e.Peer] = sum
			if e.Peer != s.Router.Name {
				order = append(order, e.Peer)
			}
		}
		sum.Size += e.Size
	}
	var b strings.Builder
	for _, name := range order {
		sum := sums[name]
		if sum == nil {
			continue
		}
		info := ""
		if name == s.Router.Name {
			info = fmt.Sprintf("(%d active)", s.IPAM.ActiveIPs)
		} else if !sum.IsKnownPeer {
			info = "- unreachable!"
		}
		percent := float32(sum.Size) * 100 / float32(s.IPAM.RangeNumIPs)
		fmt.Fprintf(&b, "%-37v %8d IPs (%04.1f%% of total) %s\n", name+"("+sum.Nickname+")", sum.Size, percent, info)
	}
	return b.String()
}
