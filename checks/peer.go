package checks

import (
	"fmt"
	"net/netip"
	"strings"

	"vmqbot/regions"
	"vmqbot/weave"
)

func init() {
	register(Check{
		Name: "peer", Row: "F10", Summary: "is this host's weave connection to each other host up?", Severity: Warning,
		Needs: []string{"router"}, link: judgePeer,
	})
}

// judgePeer knows the far host by the name that its own router gives itself:
// addresses are translated on the way, and nicknames are any text.
func judgePeer(s Subject, peer regions.Node) Observation {
	here, hereOK := s.facts().Weave.Get()
	there, thereOK := s.of(peer).facts().Weave.Get()
	switch {
	case !hereOK || !thereOK || here.Name == "" || there.Name == "":
		return unknown("the routers of %s and %s were not both read", s.Node.Name, peer.Name)
	case here.Name == there.Name && s.Node.Beside(peer):
		return ok("on the same host")
	case here.Name == there.Name:
		return apart(s, peer, "the routers of %s and %s have one name, %s: the machines are clones", s.Node.Host, peer.Host, here.Name).
			row("F20").byHand("on %s: a new /etc/machine-id, or weave launch with --name, then reattach %s", peer.Host, peer.Name)
	}
	c, found := connectionTo(here, there.Name)
	switch {
	case found && c.State == weave.Established:
		return ok("established%s", carried(c))
	case found && c.State == weave.Pending:
		return apart(s, peer, "weave's connection to %s (%s) is pending: TCP passes, UDP does not", there.NickName, c.Address).
			byHand("open UDP 6783 and 6784 (and ESP when there is a password) between %s and %s", s.Node.Host, peer.Host)
	case found:
		return apart(s, peer, "weave's connection to %s (%s) is %s: %s", there.NickName, c.Address, c.State, c.Info).
			byHand("open TCP 6783 between %s and %s and compare the passwords; weave reset is not the way", s.Node.Host, peer.Host)
	default:
		return apart(s, peer, "want a weave connection to %s (%s), there is none%s", peer.Host, there.Name, troubles(here, peer.Peer)).
			as(wayTo(s, peer, here))
	}
}

// wayTo is what to do about a connection that is not there: tell the router to
// dial, or where it was told already, open the way.
func wayTo(s Subject, peer regions.Node, here weave.Report) Observation {
	if Dials(here, peer) == "" {
		return Observation{}.repair("network up %s", s.Node.Name)
	}
	return Observation{}.byHand("%s was told to dial %s: open TCP 6783 between them, and compare the passwords", s.Node.Host, peer.Peer)
}

func apart(s Subject, peer regions.Node, format string, args ...any) Observation {
	return bad(format, args...).
		effect("messages between %s and %s take the way over another host, or none", place(s.Fleet, s.Node), place(s.Fleet, peer))
}

// connectionTo finds the connection to a router by its name, an established
// one before any other: while two hosts dial each other there may be two.
func connectionTo(r weave.Report, name string) (best weave.Connection, found bool) {
	for _, c := range r.Connections {
		if c.PeerName != name {
			continue
		}
		if !found || c.State == weave.Established {
			best, found = c, true
		}
	}
	return best, found
}

func carried(c weave.Connection) string {
	text := ""
	if c.Carrier != "" {
		text = " over " + c.Carrier
	}
	if c.MTU > 0 {
		text += fmt.Sprintf(", mtu %d", c.MTU)
	}
	return text
}

// troubles lists the connections that have not got as far as a name: those to
// the host when the plan has its address, else all, for one may be it.
func troubles(r weave.Report, host string) string {
	addr, err := netip.ParseAddr(host)
	var texts []string
	for _, c := range r.Connections {
		if c.State == weave.Established || c.State == weave.Pending {
			continue
		}
		if to, e := netip.ParseAddrPort(c.Address); err == nil && e == nil && to.Addr() != addr {
			continue
		}
		texts = append(texts, strings.TrimSpace(fmt.Sprintf("%s %s %s", c.Address, c.State, c.Info)))
	}
	if len(texts) == 0 {
		return ""
	}
	return "; " + strings.Join(texts, "; ")
}
