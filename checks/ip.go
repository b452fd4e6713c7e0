package checks

import (
	"net/netip"
	"strings"

	"vmqbot/facts"
	"vmqbot/regions"
)

func init() {
	register(Check{
		Name: "ip", Row: "F1", Summary: "does the container hold its weave address?", Severity: Critical,
		Needs: []string{"container"}, node: judgeIP,
	})
}

// judgeIP compares the plan with the kernel's own table: docker inspect never
// shows a weave address, and `weave ps` shows claims.
func judgeIP(s Subject) Observation {
	want := s.Node.Address
	if !want.IsValid() {
		return unknown("the fleet file plans no address for %s", s.Node.Name)
	}
	n, why := namespace(s)
	if why != "" {
		return unknown("%s", why)
	}
	if n.Has(want.Addr()) {
		return ok("%s holds %s", s.Node.Container, want)
	}
	if exact, wildcard := n.Listens(s.Node.ClusterAddr()); !exact && !wildcard {
		return bad("want %s, have %s; and %d is not bound (F2): VerneMQ tries once, at its start", want, list(n.Addresses), regions.ClusterPort).
			effect("%s; weave attach alone would turn cluster show green and leave messages into %s lost", absent(s.Fleet, s.Node), place(s.Fleet, s.Node)).
			repair("reattach %s", s.Node.Name)
	}
	return bad("want %s, have %s", want, list(n.Addresses)).
		effect("%s", absent(s.Fleet, s.Node)).repair("reattach %s", s.Node.Name)
}

var loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1})

// namespace returns the container's network namespace, or why it proves
// nothing. That 127.0.0.1 is in it is the proof that it was read.
func namespace(s Subject) (facts.Netns, string) {
	seen := s.facts().Netns
	n, seenOK := seen.Get()
	if !seenOK {
		return n, "the network of " + s.Node.Container + ": " + reason(seen)
	}
	if !n.Has(loopback) {
		return n, "the network of " + s.Node.Container + " shows not even 127.0.0.1, so it was not read whole: look again"
	}
	if c, seenOK := s.facts().Container.Get(); seenOK && c.PID != n.PID {
		return n, "the container restarted while it was looked at: look again"
	}
	return n, ""
}

func list(addrs []netip.Addr) string {
	words := make([]string, len(addrs))
	for i, a := range addrs {
		words[i] = a.String()
	}
	return strings.Join(words, " ")
}
