package facts

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/bits"
	"net/netip"
	"slices"
	"strings"

	"vmqbot/weave"
)

// Said is what a command printed, as it came.
type Said struct {
	Argv   []string `json:"argv"`
	Stdout string   `json:"stdout"`
	Stderr string   `json:"stderr,omitempty"`
	Exit   int      `json:"exit"`
}

// LogFile is the end of one file of the broker's own log.
type LogFile struct {
	Name  string   `json:"name"` // console.log
	Lines []string `json:"lines"`
}

// Machine is what a first day needs to know of a host, beyond what every look
// brings.
type Machine struct {
	ID        string       `json:"id"`                  // /etc/machine-id; "" where there is none
	Client    netip.Addr   `json:"client,omitzero"`     // where this connection comes from, as its sshd says; zero when it does not
	Addresses []netip.Addr `json:"addresses,omitempty"` // the host's own, IPv4
	Routes    []Route      `json:"routes,omitempty"`    // of the main table, IPv4, without the default route
	Missing   []string     `json:"missing,omitempty"`   // planned folders that are not there

	MinAPI   Seen[string]    `json:"min_api"`  // the oldest version of its API that the engine still speaks
	Networks Seen[[]Network] `json:"networks"` // Docker's, those that have a subnet
	Router   Seen[[]string]  `json:"router"`   // the arguments of the overlay's router; Absent when there is no such container

	Death Seen[weave.Death] `json:"death"` // why the router's log says that it ended; nothing where it says nothing
}

// Route is one route of a host.
type Route struct {
	Dev string       `json:"dev"`
	To  netip.Prefix `json:"to"`
}

// Network is one network of a Docker engine.
type Network struct {
	Name    string         `json:"name"`
	Driver  string         `json:"driver"`
	Subnets []netip.Prefix `json:"subnets"`
}

// ParseRoutes reads /proc/net/route: hexadecimal addresses in host byte order.
// Default routes and those that only refuse are left out. A text without the
// heading is refused.
func ParseRoutes(text string) ([]Route, error) {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	head := strings.Fields(lines[0])
	if len(head) < 8 || head[0] != "Iface" || head[1] != "Destination" || head[7] != "Mask" {
		return nil, fmt.Errorf("the table of routes begins with %q", lines[0])
	}
	const up, reject = 0x1, 0x200
	routes := []Route{}
	for _, line := range lines[1:] {
		f := strings.Fields(line)
		if len(f) < 8 {
			return nil, fmt.Errorf("the table of routes has a row %q", line)
		}
		to, err1 := little(f[1])
		mask, err2 := little(f[7])
		flags, err3 := hex.DecodeString(f[3])
		if err1 != nil || err2 != nil || err3 != nil || len(flags) != 2 {
			return nil, fmt.Errorf("the table of routes has a row %q", line)
		}
		wide := bits.OnesCount32(binary.BigEndian.Uint32(mask[:]))
		set := binary.BigEndian.Uint16(flags)
		if wide == 0 || set&up == 0 || set&reject != 0 {
			continue
		}
		routes = append(routes, Route{Dev: f[0], To: netip.PrefixFrom(netip.AddrFrom4(to), wide).Masked()})
	}
	return slices.Compact(routes), nil
}

func little(s string) (a [4]byte, err error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 4 {
		return a, fmt.Errorf("%q is no address", s)
	}
	for i := range a {
		a[i] = b[3-i]
	}
	return a, nil
}
