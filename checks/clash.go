package checks

import (
	"strings"

	"vmqbot/regions"
)

func init() {
	register(Check{
		Name: "clash", Row: "F13", Summary: "does no other container hold this node's address?", Severity: Critical,
		Needs: []string{"host"}, node: judgeClash,
	})
}

// judgeClash looks for the node's planned address at every other node: weave
// checks uniqueness per host only. One that cannot be seen may hold it.
func judgeClash(s Subject) Observation {
	want := s.Node.Address
	if !want.IsValid() {
		return unknown("the fleet file plans no address for %s", s.Node.Name)
	}
	var holders []regions.Node
	var unseen []string
	for _, p := range s.Fleet.Peers(s.Node) {
		n, why := namespace(s.of(p))
		switch {
		case why == "" && n.Has(want.Addr()):
			holders = append(holders, p)
		case why != "" && !noNamespace(s.of(p).facts().Netns.Blind()):
			unseen = append(unseen, p.Name)
		}
	}
	if len(holders) > 0 {
		h := holders[0]
		return bad("want %s on %s only, have it on %s", want.Addr(), s.Node.Name, names(holders)).
			effect("messages for %s go now to one container and now to the other: they are lost at random and without an error", place(s.Fleet, s.Node)).
			byHand("on %s: weave detach %s %s, then reattach %s", h.Host, want, h.Container, h.Name)
	}
	if len(unseen) > 0 {
		return unknown("%s was not found elsewhere, but %s cannot be seen", want.Addr(), strings.Join(unseen, ", ")).closed("host")
	}
	return ok("%s is nowhere else", want.Addr())
}

func names(nodes []regions.Node) string {
	words := make([]string, len(nodes))
	for i, n := range nodes {
		words[i] = n.Name
	}
	return strings.Join(words, ", ")
}
