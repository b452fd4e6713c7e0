package checks

import (
	"net/netip"
	"strings"

	"vmqbot/regions"
	"vmqbot/weave"
)

// opinion asks the routers of the other hosts about one that does not answer
// us. When one of them still has a connection to it, our own way there is what
// is broken, which is milder than a host that is down. A router notices a lost
// peer after a minute only, so that it is mild may change.
func opinion(s Subject) (heard string, milder Severity) {
	var reach, not []string
	for _, p := range s.Fleet.Peers(s.Node) {
		r, seenOK := s.of(p).facts().Weave.Get()
		if !seenOK || p.Beside(s.Node) {
			continue
		}
		switch state, known := towards(r, s.Node); {
		case known && state == weave.Established:
			reach = append(reach, p.Name)
		case known:
			not = append(not, p.Name)
		}
	}
	switch {
	case len(reach) > 0:
		return "; weave of " + strings.Join(reach, ", ") + " still reaches it, so it is our way there that is broken", Warning
	case len(not) > 0:
		return "; weave of " + strings.Join(not, ", ") + " does not reach it either", 0
	default:
		return "", 0
	}
}

// towards is the state of a router's connection to a host; an established one
// before any other.
func towards(r weave.Report, n regions.Node) (state weave.State, known bool) {
	for _, c := range r.Connections {
		if !leads(c, n.Peer) {
			continue
		}
		if !known || c.State == weave.Established {
			state, known = c.State, true
		}
	}
	return state, known
}

// leads knows a host by its address, or by the name that its router gave
// itself: the machine's, with or without its domain.
func leads(c weave.Connection, host string) bool {
	addr, err := netip.ParseAddr(host)
	if err == nil {
		at, err := netip.ParseAddrPort(c.Address)
		return err == nil && at.Addr() == addr
	}
	name, _, _ := strings.Cut(host, ".")
	return c.NickName != "" && (strings.EqualFold(c.NickName, host) || strings.EqualFold(c.NickName, name))
}
