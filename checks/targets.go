package checks

import (
	"fmt"
	"slices"
	"strings"

	"vmqbot/regions"
	"vmqbot/weave"
)

func init() {
	register(Check{
		Name: "targets", Row: "F21", Summary: "does the weave router dial every other host by itself?", Severity: Warning,
		Needs: []string{"router"}, Named: true, node: judgeTargets,
	})
}

// judgeTargets reads what the router was told, not what it is connected with:
// discovery hides a chain of peers until one of its links is down at a restart.
func judgeTargets(s Subject) Observation {
	r, _ := s.facts().Weave.Get()
	var lacks []string
	for _, p := range Undialed(s.Fleet, s.Node, r) {
		lacks = append(lacks, p.Name+" ("+p.Peer+")")
	}
	if len(lacks) == 0 {
		return ok("the router on %s dials every other host", s.Node.Host)
	}
	return bad("the router on %s was never told to dial %s", s.Node.Host, strings.Join(lacks, ", ")).
		effect("nothing is lost while another host tells it of these; when it restarts while none does, it is alone").
		repair("network up %s", s.Node.Name)
}

// Undialed are the hosts that a router should dial and was not told of.
func Undialed(f *regions.Fleet, n regions.Node, r weave.Report) []regions.Node {
	return slices.DeleteFunc(f.OtherHosts(n), func(p regions.Node) bool { return Dials(r, p) != "" })
}

// Dials is the word by which a router was told to dial a host, or "".
func Dials(r weave.Report, p regions.Node) string {
	for _, t := range r.Targets {
		if strings.EqualFold(t, p.Peer) || strings.EqualFold(t, fmt.Sprintf("%s:%d", p.Peer, weave.Port)) {
			return t
		}
	}
	return ""
}
