package facts

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// SocketState is a TCP state of /proc/net/tcp.
type SocketState int

// The two states that the checks ask for (include/net/tcp_states.h).
const (
	Established SocketState = 0x01
	Listen      SocketState = 0x0A
)

// Socket is one row of /proc/PID/net/tcp or tcp6.
type Socket struct {
	Local, Remote netip.AddrPort
	State         SocketState
}

// ParseFibTrie returns the local addresses of /proc/PID/net/fib_trie, sorted
// and each once: an address is local when "/32 host LOCAL" follows it.
// The table always holds 127.0.0.1 once loopback is up; without it the text
// is not a fib_trie that was read to its end and is refused.
func ParseFibTrie(text string) ([]netip.Addr, error) {
	var found []netip.Addr
	var last string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if a, ok := strings.CutPrefix(line, "|-- "); ok {
			last = a
			continue
		}
		if line != "/32 host LOCAL" {
			continue
		}
		a, err := netip.ParseAddr(last)
		if err != nil {
			return nil, fmt.Errorf("fib_trie names %q, which is no address", last)
		}
		found = append(found, a)
	}
	if !slices.Contains(found, netip.AddrFrom4([4]byte{127, 0, 0, 1})) {
		return nil, fmt.Errorf("fib_trie does not hold 127.0.0.1, so it was not read whole")
	}
	slices.SortFunc(found, netip.Addr.Compare)
	return slices.Compact(found), nil
}

// ParseTCP returns the listening and established sockets of
// /proc/PID/net/tcp or tcp6. Addresses there are hexadecimal in host byte
// order (little-endian), so 10.0.0.1:44053 is 0100000A:AC15.
func ParseTCP(text string) ([]Socket, error) {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if !strings.Contains(lines[0], "local_address") {
		return nil, fmt.Errorf("the socket table has no heading, so it was not read whole")
	}
	var socks []Socket
	for _, line := range lines[1:] {
		f := strings.Fields(line)
		if len(f) < 4 {
			return nil, fmt.Errorf("the socket table has a short row %q", line)
		}
		state, err := strconv.ParseInt(f[3], 16, 32)
		if err != nil || len(f[3]) != 2 { // one digit is a state that was cut
			return nil, fmt.Errorf("the socket table has an unknown state %q", f[3])
		}
		if s := SocketState(state); s != Established && s != Listen {
			continue
		}
		local, err := parseHexAddr(f[1])
		if err != nil {
			return nil, err
		}
		remote, err := parseHexAddr(f[2])
		if err != nil {
			return nil, err
		}
		socks = append(socks, Socket{Local: local, Remote: remote, State: SocketState(state)})
	}
	return socks, nil
}

func parseHexAddr(s string) (netip.AddrPort, error) {
	bad := fmt.Errorf("the socket table has an address %q that cannot be read", s)
	host, port, ok := strings.Cut(s, ":")
	raw, err := hex.DecodeString(host)
	if !ok || err != nil || len(raw)%4 != 0 {
		return netip.AddrPort{}, bad
	}
	p, err := strconv.ParseUint(port, 16, 16)
	if err != nil || len(port) != 4 {
		return netip.AddrPort{}, bad
	}
	for i := 0; i < len(raw); i += 4 {
		binary.LittleEndian.PutUint32(raw[i:], binary.BigEndian.Uint32(raw[i:]))
	}
	a, ok := netip.AddrFromSlice(raw)
	if !ok {
		return netip.AddrPort{}, bad
	}
	return netip.AddrPortFrom(a.Unmap(), uint16(p)), nil
}

// Has reports whether the namespace holds an address.
func (n Netns) Has(a netip.Addr) bool { return slices.Contains(n.Addresses, a) }

// Listens reports whether a socket listens on exactly this address and port,
// and whether one listens on the port of every address (0.0.0.0 or ::).
func (n Netns) Listens(at netip.AddrPort) (exact, wildcard bool) {
	for _, s := range n.Sockets {
		if s.State != Listen || s.Local.Port() != at.Port() {
			continue
		}
		exact = exact || s.Local.Addr() == at.Addr()
		wildcard = wildcard || s.Local.Addr().IsUnspecified()
	}
	return exact, wildcard
}

// ConnectedTo reports whether an established socket's far end is addr: for a
// peer's cluster address, that this node's outgoing data channel is up.
func (n Netns) ConnectedTo(addr netip.AddrPort) bool {
	return slices.ContainsFunc(n.Sockets, func(s Socket) bool { return s.State == Established && s.Remote == addr })
}

// ConnectedFrom reports whether an established socket ends at local and comes
// from the address peer: the incoming half of a data channel.
func (n Netns) ConnectedFrom(peer netip.Addr, local netip.AddrPort) bool {
	return slices.ContainsFunc(n.Sockets, func(s Socket) bool {
		return s.State == Established && s.Local == local && s.Remote.Addr() == peer
	})
}
