package fleet

import (
	"fmt"
	"net/netip"
	"strings"
)

// States of a socket in /proc/net/tcp.
const (
	established = "01"
	listening   = "0A"
)

// Listens says whether a /proc/net/tcp table has a listening socket on that
// IPv4 address and port. For 0.0.0.0 a row of /proc/net/tcp6 on :: will do.
func Listens(table, address string, port int) bool {
	want := endpoint(address, port)
	if address == "0.0.0.0" && has(table, 1, fmt.Sprintf("%032d:%04X", 0, port), listening) {
		return true
	}
	return has(table, 1, want, listening)
}

// Dials says whether the table has an established connection to that IPv4
// address and port.
func Dials(table, address string, port int) bool {
	return has(table, 2, endpoint(address, port), established)
}

// has says whether a row has that endpoint in that column, and that state.
func has(table string, column int, endpoint, state string) bool {
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		if len(fields) > 3 && fields[column] == endpoint && fields[3] == state {
			return true
		}
	}
	return false
}

// endpoint is address:port as the kernel prints it: the address as a number of
// the machine's byte order. What is no IPv4 address becomes what no row has.
func endpoint(address string, port int) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || !ip.Is4() {
		return "none"
	}
	b := ip.As4()
	return fmt.Sprintf("%02X%02X%02X%02X:%04X", b[3], b[2], b[1], b[0], port)
}

// HasAddress says whether a /proc/net/fib_trie table has that address as one
// of the namespace's own.
func HasAddress(trie, address string) bool {
	leaf := ""
	for line := range strings.Lines(trie) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 2 && fields[0] == "|--":
			leaf = fields[1]
		case leaf == address && len(fields) == 3 && fields[0] == "/32" && fields[1] == "host" && fields[2] == "LOCAL":
			return true
		}
	}
	return false
}
