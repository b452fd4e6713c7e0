package fabric

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// TCP is the namespace's /proc/net/tcp: listeners first, then connections.
func (s *Space) TCP() string {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	var b strings.Builder
	b.WriteString("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode" + strings.Repeat(" ", 53) + "\n")
	n := 0
	row := func(local, remote netip.AddrPort, state, inode int) {
		line := fmt.Sprintf("%4d: %s %s %02X 00000000:00000000 00:00000000 00000000     0        0 %d 1 0000000000000000 20 4 30 10 -1", n, socket(local), socket(remote), state, inode)
		fmt.Fprintf(&b, "%-149s\n", line)
		n++
	}
	for _, l := range s.listeners {
		row(l.at, netip.AddrPortFrom(netip.IPv4Unspecified(), 0), 0x0A, l.inode)
	}
	for _, c := range s.conns {
		row(c.local, c.remote, 0x01, c.inode)
	}
	return b.String()
}

// socket writes an IPv4 address as the kernel does on a little-endian machine.
func socket(at netip.AddrPort) string {
	a := netip.IPv4Unspecified().As4()
	if at.Addr().Is4() {
		a = at.Addr().As4()
	}
	return fmt.Sprintf("%08X:%04X", binary.LittleEndian.Uint32(a[:]), at.Port())
}

// FibTrie is the namespace's /proc/net/fib_trie.
func (s *Space) FibTrie() string {
	var b strings.Builder
	for _, table := range []string{"Main", "Local"} {
		fmt.Fprintf(&b, "%s:\n  +-- 0.0.0.0/0 3 0 5\n", table)
		s.f.mu.Lock()
		gateway := s.gateway != nil
		s.f.mu.Unlock()
		if gateway {
			b.WriteString("     |-- 0.0.0.0\n        /0 universe UNICAST\n")
		}
		addresses := s.Addresses()
		slices.SortStableFunc(addresses, func(x, y Address) int {
			return cmp.Or(x.Prefix.Masked().Addr().Compare(y.Prefix.Masked().Addr()), x.Prefix.Addr().Compare(y.Prefix.Addr()))
		})
		for i, a := range addresses {
			net := a.Prefix.Masked()
			if i == 0 || addresses[i-1].Prefix.Masked() != net {
				fmt.Fprintf(&b, "     +-- %s 2 0 2\n", net)
				leaf(&b, net.Addr(), net.Bits(), kind(a.Dev))
			}
			if a.Prefix.Addr() != net.Addr() {
				leaf(&b, a.Prefix.Addr(), 32, "host LOCAL")
			} else {
				b.WriteString("           /32 host LOCAL\n")
			}
			if i == len(addresses)-1 || addresses[i+1].Prefix.Masked() != net {
				leaf(&b, last(net), 32, "link BROADCAST")
			}
		}
	}
	return b.String()
}

func kind(dev string) string {
	if dev == "lo" {
		return "host LOCAL"
	}
	return "link UNICAST"
}

func leaf(b *strings.Builder, a netip.Addr, bits int, kind string) {
	fmt.Fprintf(b, "        |-- %s\n           /%d %s\n", a, bits, kind)
}

// last is the broadcast address of a network.
func last(p netip.Prefix) netip.Addr {
	a := p.Addr().As4()
	n := binary.BigEndian.Uint32(a[:]) | 1<<(32-p.Bits()) - 1
	binary.BigEndian.PutUint32(a[:], n)
	return netip.AddrFrom4(a)
}

// Routes is the namespace's /proc/net/route: a default route where packets leave
// through another namespace, then the subnet of each interface.
func (s *Space) Routes() string {
	var b strings.Builder
	row := func(format string, args ...any) { fmt.Fprintf(&b, "%-127s\n", fmt.Sprintf(format, args...)) }
	row("Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT")
	s.f.mu.Lock()
	gateway := s.gateway != nil
	s.f.mu.Unlock()
	if gateway {
		row("eth0\t00000000\t00000000\t0003\t0\t0\t0\t00000000\t0\t0\t0")
	}
	told := map[string]bool{}
	for _, a := range s.Addresses() {
		net := a.Prefix.Masked()
		if key := a.Dev + net.String(); a.Dev != "lo" && !told[key] && net.Addr().Is4() {
			told[key] = true
			to := net.Addr().As4()
			mask := binary.BigEndian.AppendUint32(nil, ^uint32(0)<<(32-net.Bits()))
			row("%s\t%08X\t00000000\t0001\t0\t0\t0\t%08X\t0\t0\t0", a.Dev, binary.LittleEndian.Uint32(to[:]), binary.LittleEndian.Uint32(mask))
		}
	}
	return b.String()
}
