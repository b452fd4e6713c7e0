package checks

import "vmqbot/regions"

func init() {
	register(Check{
		Name: "channel", Row: "F29", Summary: "is the data channel from this node to each peer up?", Severity: Critical,
		Needs: []string{"port"}, link: judgeChannel,
	})
}

// judgeChannel asks both ends: each ordered pair of nodes has a connection of
// its own, dialed by the node that sends. One half alone proves nothing: it
// may be what is left of a connection whose other end is gone.
func judgeChannel(s Subject, peer regions.Node) Observation {
	here, why := namespace(s)
	if why != "" {
		return unknown("%s", why)
	}
	there, why := namespace(s.of(peer))
	if why != "" {
		return unknown("%s", why)
	}
	to := peer.ClusterAddr()
	out := here.ConnectedTo(to)
	in := there.ConnectedFrom(s.Node.Address.Addr(), to)
	switch {
	case out && in:
		return ok("established, seen from both ends")
	case out:
		return broken(s, peer, "%s has a connection to %s:%d, but %s does not have its other end", s.Node.Name, peer.Name, to.Port(), peer.Name)
	case in:
		return broken(s, peer, "%s has a connection from %s on %d, but %s does not have its other end", peer.Name, s.Node.Name, to.Port(), s.Node.Name)
	default:
		return broken(s, peer, "want a connection from %s to %s:%d, there is none though it listens", s.Node.Name, peer.Name, to.Port())
	}
}

func broken(s Subject, peer regions.Node, format string, args ...any) Observation {
	from, into := place(s.Fleet, s.Node), place(s.Fleet, peer)
	return bad(format, args...).
		effect("messages published in %s are lost for clients connected in %s, though publishers get their acknowledgement", from, into).
		repair("reattach %s", s.Node.Name)
}
