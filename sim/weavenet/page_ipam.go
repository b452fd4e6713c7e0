package weavenet

import (
	"fmt"
	"strings"
)

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
