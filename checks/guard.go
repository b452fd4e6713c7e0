package checks

import (
	"fmt"
	"strings"
	"time"

	"vmqbot/facts"
	"vmqbot/guard"
)

// guardQuiet is how long a guard may have said nothing: it looks every few seconds,
// and one look may take twenty.
const guardQuiet = time.Minute

func init() {
	register(Check{
		Name: "guard", Row: "F1", Summary: "does a guard of this bot watch the node on its host?", Severity: Warning,
		Needs: []string{"host"}, Facts: facts.Need{Guard: true}, Named: true, node: judgeGuard,
	})
	register(Check{
		Name: "unguarded", Row: "F1", Summary: "is there no guard on the host any more?", Severity: Warning,
		Needs: []string{"host"}, Facts: facts.Need{Guard: true}, Named: true, node: judgeUnguarded,
	})
}

// judgeGuard is the proof of guard install: the program that runs is this bot's
// own, it was told what the fleet file says now, and it has looked a moment ago
// by the host's clock.
func judgeGuard(s Subject) Observation {
	g, seen := s.facts().Guard.Get()
	if !seen {
		return unknown("the guard of %s: %s", s.Node.Name, s.facts().Guard.Why())
	}
	repair := "guard install " + s.Node.Name
	alone := fmt.Sprintf("while the bot cannot reach the host, nobody gives %s back", s.Node.Address)
	state, seen := g.State.Get()
	if !seen {
		if g.State.Blind() == facts.Absent {
			return bad("%s has no guard", s.Node.Name).effect("%s", alone).repair("%s", repair)
		}
		return bad("%s", strings.TrimSuffix(g.State.Why(), ".")).effect("%s", alone).repair("%s", repair)
	}
	host, _ := s.facts().Host.Get()
	quiet := host.Clock.Sub(state.Looked)
	switch {
	case state.Config != guard.ConfigOf(s.Fleet, s.Node).Text():
		return bad("the guard of %s was told something else than the fleet file says now", s.Node.Name).
			effect("it may give the container an address that is no more planned").repair("%s", repair)
	case !state.Runs:
		return bad("the guard of %s does not run; it looked last at %s UTC", s.Node.Name, state.Looked.UTC().Format("2006-01-02 15:04:05")).
			effect("%s", alone).repair("%s", repair)
	case quiet > guardQuiet:
		return bad("the guard of %s has not looked for %s", s.Node.Name, quiet.Round(time.Second)).effect("%s", alone).repair("%s", repair)
	case state.Program != g.Ours:
		return bad("the guard of %s is another version of this bot (%s)", s.Node.Name, state.Version).effect("none while it works").repair("%s", repair)
	default:
		return ok("%s: %s", state.Word, state.Why)
	}
}

// judgeUnguarded is the proof of guard remove.
func judgeUnguarded(s Subject) Observation {
	g, seen := s.facts().Guard.Get()
	switch {
	case !seen:
		return unknown("the guard of %s: %s", s.Node.Name, s.facts().Guard.Why())
	case g.State.Blind() == facts.Absent:
		return ok("%s has no guard", s.Node.Name)
	default:
		return bad("%s has a guard", s.Node.Name).effect("none: it gives the address back where the bot does not").repair("guard remove %s", s.Node.Name)
	}
}
