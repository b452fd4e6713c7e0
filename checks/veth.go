package checks

import "strings"

func init() {
	register(Check{
		Name: "veth", Summary: "is no network of a dead container left over on the host?", Severity: Warning,
		Needs: []string{"host"}, node: judgeVeth,
	})
}

// judgeVeth looks for weave interfaces whose process is gone. They were seen
// after Docker was killed: for up to two minutes the same address existed
// twice on one host, with every view of VerneMQ green.
func judgeVeth(s Subject) Observation {
	h, seenOK := s.facts().Host.Get()
	if !seenOK {
		return unknown("the interfaces of %s: %s", s.Node.Host, reason(s.facts().Host))
	}
	if len(h.StaleVeths) == 0 {
		return ok("no interface of a dead container")
	}
	return bad("%s on %s belong to processes that are gone", strings.Join(h.StaleVeths, ", "), s.Node.Host).
		effect("the address of %s may exist twice on its host: clients are refused and nodes flap although everything looks right", s.Node.Name).
		byHand("wait two minutes, they usually vanish; then, on %s: ip link delete %s", s.Node.Host, h.StaleVeths[0])
}
