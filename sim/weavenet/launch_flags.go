package weavenet

import (
	"net/netip"
	"strings"
)

// launching is what the script itself reads of launch's arguments.
type launching struct {
	password, port, ipRange string
	rangeGiven, noRestart   bool
	rest                    []string // for weaver
}

func launchFlags(env map[string]string, args []string) (launching, bool) {
	l := launching{password: env["WEAVE_PASSWORD"], port: "6783", ipRange: "10.32.0.0/12"}
	if env["WEAVE_PORT"] != "" {
		l.port = env["WEAVE_PORT"]
	}
	for i := 0; i < len(args); i++ {
		name, value, given := strings.Cut(args[i], "=")
		var to *string
		switch name {
		case "--password", "-password":
			to = &l.password
		case "--port", "-port":
			to = &l.port
		case "--ipalloc-range", "--iprange", "-iprange":
			to, l.rangeGiven = &l.ipRange, true
		case "--no-restart":
			l.noRestart = true
			continue
		default:
			l.rest = append(l.rest, args[i])
			continue
		}
		if !given {
			if i++; i == len(args) {
				return l, false
			}
			value = args[i]
		}
		*to = value
	}
	return l, true
}

// checkRange refuses the default range when the host routes part of it
// elsewhere, and warns of a range that was given.
func (s *script) checkRange(l launching) int {
	if l.ipRange == "" || s.checkOverlap(l.ipRange) {
		return 0
	}
	if !l.rangeGiven {
		s.p.Errorf("ERROR: Default --ipalloc-range %s overlaps with existing route on host.\nYou must pick another range and set it on all hosts.\n", l.ipRange)
		return 1
	}
	s.p.Errorf("WARNING: Specified --ipalloc-range %s overlaps with existing route on host.\nUnless this is deliberate, you must pick another range and set it on all hosts.\n", l.ipRange)
	return 0
}

// checkOverlap is weaveutil netcheck: it says which route of the host an
// address or network collides with.
func (s *script) checkOverlap(word string) bool {
	p, err := netip.ParsePrefix(word)
	if err != nil {
		s.p.Errorf("%v\n", badCIDR(word))
		return false
	}
	for _, route := range routes(s.p.Net) {
		switch {
		case p == p.Masked() && route.Overlaps(p):
			s.p.Errorf("Network %s overlaps with existing route %s on host\n", p, route)
			return false
		case p != p.Masked() && route.Contains(p.Addr()):
			s.p.Errorf("Address %s overlaps with existing route %s on host\n", p.Addr(), route)
			return false
		}
	}
	return true
}
