package checks

import (
	"strings"

	"vmqbot/facts"
	"vmqbot/vernemq"
)

func init() {
	register(Check{
		Name: "ghost", Row: "F8", Summary: "is every member of the cluster in the fleet file?", Severity: Warning,
		Needs: []string{"broker"}, Facts: facts.Need{Broker: facts.AskPing | facts.AskView}, node: judgeGhost,
	})
}

// judgeGhost looks for members that nobody planned: an old name of a node, or
// one that left without its state being wiped.
func judgeGhost(s Subject) Observation {
	view, why := viewOf(s)
	if why != "" {
		return unknown("%s", why)
	}
	planned := s.inRound().erlangNames()
	var ghosts []string
	for _, m := range view {
		if !planned[m.Node] {
			ghosts = append(ghosts, m.Node+stateOf(m))
		}
	}
	if len(ghosts) == 0 {
		return ok("%s knows no member that is not in the fleet file", s.Node.Name)
	}
	name, _, _ := strings.Cut(ghosts[0], " ")
	return bad("%s knows %s, which the fleet file does not", s.Node.Name, strings.Join(ghosts, ", ")).
		effect("a member that does not run counts as a netsplit for ever: %s", othersRefuse).
		byHand("if it is not a node that the fleet file forgot: evict %s", name)
}

func stateOf(m vernemq.Member) string {
	if m.Running {
		return " (running)"
	}
	return " (not running)"
}
