package checks

import (
	"slices"
	"strings"

	"vmqbot/facts"
	"vmqbot/vernemq"
)

func init() {
	register(Check{
		Name: "gone", Row: "F8", Summary: "does no other node count this one as a member any more?", Severity: Warning,
		Facts: facts.Need{Broker: facts.AskPing | facts.AskView}, Others: true, Named: true, node: judgeGone,
	})
}

// judgeGone is the proof of a leave, whose answer is none: "Done" comes for a
// name that nobody knows, and before every view has changed. It asks nothing
// of the node itself, which may be lost. Peers that this round did not look at
// do not count; one that was asked and has no view may still count it in.
func judgeGone(s Subject) Observation {
	var naming, asked, silent []string
	for _, p := range s.Fleet.Peers(s.Node) {
		if _, looked := s.Seen.Nodes[p.Name]; !looked {
			continue
		}
		view, why := viewOf(s.of(p))
		switch {
		case why != "":
			silent = append(silent, why)
		case slices.ContainsFunc(view, func(m vernemq.Member) bool { return m.Node == s.Node.ErlangName() }):
			naming = append(naming, p.Name)
		}
		asked = append(asked, p.Name)
	}
	switch {
	case len(naming) > 0:
		return bad("still a member for %s", strings.Join(naming, ", ")).
			effect("when %s stops while it is a member, that is a netsplit for the others: %s", s.Node.Name, othersRefuse).
			byHand("wait 20 s, views change one after the other; if it stays, look at cluster, and leave %s again", s.Node.Name)
	case len(silent) > 0:
		return unknown("%s", strings.Join(silent, "; "))
	case len(asked) == 0:
		return unknown("no other node was asked whether %s is a member", s.Node.Name)
	}
	return ok("no member any more for %s", strings.Join(asked, ", "))
}
