package checks

import (
	"slices"

	"vmqbot/facts"
	"vmqbot/regions"
	"vmqbot/vernemq"
)

func init() {
	register(Check{
		Name: "cluster", Row: "F6", Summary: "does this node see each peer running?", Severity: Warning,
		Needs: []string{"broker"}, Facts: facts.Need{Broker: facts.AskPing | facts.AskView}, Causes: []string{"port"}, near: true, link: judgeCluster,
	})
}

// judgeCluster judges what one node's own view says of a peer: the views
// differ while something breaks. It is a fact about this node, so the peer
// need not be seen; and that it is right proves no data channel (F2).
func judgeCluster(s Subject, peer regions.Node) Observation {
	view, why := viewOf(s)
	if why != "" {
		return unknown("%s", why)
	}
	if !slices.Contains(view, vernemq.Member{Node: s.Node.ErlangName(), Running: true}) {
		return bad("%s does not see itself running", s.Node.Name).effect("%s", refused(s)).
			byHand("wait 20 s, it may be starting or leaving; then read logs %s", s.Node.Name)
	}
	name := peer.ErlangName()
	i := slices.IndexFunc(view, func(m vernemq.Member) bool { return m.Node == name })
	switch {
	case i < 0:
		return strangers(s, view, peer)
	case !view[i].Running:
		return bad("%s sees %s not running", s.Node.Name, peer.Name).effect("%s", refused(s)).
			byHand("see what ip, port and broker say of %s; a link that is cut heals by itself", peer.Name)
	default:
		return ok("%s sees %s running", s.Node.Name, peer.Name)
	}
}

// strangers names the one that is to join: whose view holds nobody but itself.
// Where both know others, one has only just joined, or has lost its data.
func strangers(s Subject, view []vernemq.Member, peer regions.Node) Observation {
	o := bad("%s does not know %s", s.Node.Name, peer.Name).
		effect("no message passes between %s and %s", place(s.Fleet, s.Node), place(s.Fleet, peer))
	theirs, _ := viewOf(s.of(peer))
	switch {
	case len(view) > 1 && len(theirs) == 1:
		return o.repair("join %s", peer.Name)
	case len(view) == 1:
		return o.repair("join %s", s.Node.Name)
	}
	return o.byHand("wait 20 s, views change one after the other; if it stays, look at cluster: replace the one that fewer nodes name")
}

// viewOf returns the node's view of the cluster, or why there is none. A view
// that lists nobody is not a view.
func viewOf(s Subject) ([]vernemq.Member, string) {
	b, seenOK := s.facts().Broker.Get()
	if !seenOK {
		return nil, "the broker: " + reason(s.facts().Broker)
	}
	view, seenOK := b.View.Get()
	if !seenOK {
		return nil, "cluster show on " + s.Node.Name + ": " + reason(b.View)
	}
	if len(view) == 0 {
		return nil, "cluster show on " + s.Node.Name + " lists nobody: it may be starting"
	}
	return view, ""
}

// refused says what a member that is not running does to this node's clients,
// which depends on its netsplit switches.
func refused(s Subject) string {
	b, _ := s.facts().Broker.Get()
	on, seenOK := b.Switches.Get()
	switch {
	case !seenOK:
		return othersRefuse
	case len(off(on)) == 0 && len(unset(on)) == 0:
		return "clients are served, but acknowledged messages for the absent node are dropped once 10 000 bytes per peer are buffered"
	default:
		return s.Node.Name + " refuses clients until that node is back or has left"
	}
}
