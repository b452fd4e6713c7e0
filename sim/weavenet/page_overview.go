package weavenet

import (
	"fmt"
	"strings"
)

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
