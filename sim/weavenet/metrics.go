package weavenet

import (
	"fmt"
	"strings"
)

// metrics is what Prometheus reads, as weave's prog/weaver/metrics.go names it.
func metrics(s report) string {
	var b strings.Builder
	head := func(name, kind, help string) { fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind) }
	counts := map[string]int{}
	for _, c := range s.Router.Connections {
		counts[c.State]++
	}
	head("weave_connections", "gauge", "Number of peer-to-peer connections.")
	for _, state := range connectionStates {
		fmt.Fprintf(&b, "weave_connections{state=%q} %d\n", state, counts[state])
	}
	head("weave_connection_terminations_total", "counter", "Number of peer-to-peer connections terminated.")
	fmt.Fprintf(&b, "weave_connection_terminations_total %d\n", s.Router.TerminationCount)
	if i := s.IPAM; i != nil {
		peers, lost := map[string]bool{}, uint32(0)
		for _, e := range i.Entries {
			if !e.IsKnownPeer {
				peers[e.Peer] = true
				lost += e.Size
			}
		}
		head("weave_ips", "gauge", "Number of IP addresses.")
		fmt.Fprintf(&b, "weave_ips{state=\"local-used\"} %d\n", i.ActiveIPs)
		head("weave_max_ips", "gauge", "Size of IP address space used by allocator.")
		fmt.Fprintf(&b, "weave_max_ips %d\n", i.RangeNumIPs)
		head("weave_ipam_unreachable_count", "gauge", "Number of unreachable peers.")
		fmt.Fprintf(&b, "weave_ipam_unreachable_count %d\n", len(peers))
		head("weave_ipam_unreachable_percentage", "gauge", "Percentage of IP addresses owned  by unreachable peers.")
		fmt.Fprintf(&b, "weave_ipam_unreachable_percentage %v\n", float64(lost)*100/float64(i.RangeNumIPs))
		head("weave_ipam_pending_allocates", "gauge", "Number of pending allocates.")
		fmt.Fprintf(&b, "weave_ipam_pending_allocates %d\n", len(i.PendingAllocates))
		head("weave_ipam_pending_claims", "gauge", "Number of pending claims.")
		fmt.Fprintf(&b, "weave_ipam_pending_claims %d\n", len(i.PendingClaims))
	}
	if s.DNS != nil {
		head("weave_dns_entries", "gauge", "Number of DNS entries.")
		fmt.Fprintf(&b, "weave_dns_entries %d\n", len(s.DNS.Entries))
	}
	return b.String()
}
