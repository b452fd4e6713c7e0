package checks

import "slices"

func init() {
	register(Check{
		Name: "detached", Row: "F1", Summary: "does the container have no planned address any more?", Severity: Warning,
		Needs: []string{"container"}, Named: true, node: judgeDetached,
	})
}

// judgeDetached is the proof of detach.
func judgeDetached(s Subject) Observation {
	ns, seenOK := s.facts().Netns.Get()
	switch {
	case !seenOK:
		return unknown("the addresses of %s: %s", s.Node.Name, reason(s.facts().Netns))
	case slices.Contains(ns.Addresses, s.Node.Address.Addr()):
		return bad("%s has %s", s.Node.Container, s.Node.Address).
			effect("none, unless somebody wants it away").repair("detach %s", s.Node.Name)
	}
	return ok("%s does not have %s", s.Node.Container, s.Node.Address)
}
