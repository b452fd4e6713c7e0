package gate

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Doors is the text of DoorsFile: the MQTT ports that the gate opens once the
// broker's plugins answer. vernemq.conf opens none itself, because a client that
// subscribes in the second after such a port opened is refused for good
// (vernemq-real.md, SUBACK 0x80), and a node that a client has reached before it
// joined cannot join (E6). None listed means all closed; lines that are added
// while the broker runs are opened within seconds, removed ones are not closed.
func Doors(listen []netip.AddrPort) string {
	var b strings.Builder
	b.WriteString("# MQTT ports that the gate opens when the broker is ready: ADDRESS PORT [--FLAG=VALUE...]\n")
	for _, l := range listen {
		fmt.Fprintf(&b, "%s %d\n", l.Addr(), l.Port())
	}
	return b.String()
}

// ParseDoors reads DoorsFile, without the flags of a port. The error names the
// line that is no address and port. The gate itself passes over such a line.
func ParseDoors(text string) ([]netip.AddrPort, error) {
	var doors []netip.AddrPort
	n := 0
	for line := range strings.Lines(text) {
		n++
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		door, ok := door(words)
		if !ok {
			return nil, fmt.Errorf("line %d of %s is %q, which is not an address and a port, as 0.0.0.0 1883 is: correct it, or deploy again", n, DoorsFile, strings.TrimSpace(line))
		}
		doors = append(doors, door)
	}
	return doors, nil
}

// isFlag is an option of `vmq-admin listener start` as the gate takes it.
var isFlag = regexp.MustCompile(`^--[a-zA-Z0-9_]+=[a-zA-Z0-9_./,:=-]*$`)

func door(words []string) (netip.AddrPort, bool) {
	if len(words) < 2 || slices.ContainsFunc(words[2:], func(w string) bool { return !isFlag.MatchString(w) }) {
		return netip.AddrPort{}, false
	}
	addr, err := netip.ParseAddr(words[0])
	port, errPort := strconv.ParseUint(words[1], 10, 16)
	ok := err == nil && errPort == nil && words[1][0] != '0' && words[1][0] != '+'
	return netip.AddrPortFrom(addr, uint16(port)), ok
}
