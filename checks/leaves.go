package checks

import "vmqbot/facts"

func init() {
	register(Check{
		Name: "leaves", Row: "F27", Summary: "does the node stay in its cluster when its container is stopped?", Severity: Warning,
		Needs: []string{"docker"}, Facts: facts.Need{Library: true}, Named: true, node: judgeLeaves,
	})
}

// judgeLeaves reads what the look found in the script that the container starts
// with. Images of before December 2020 leave the cluster there when they are told
// to end.
func judgeLeaves(s Subject) Observation {
	if c := s.facts().Container; c.Blind() == facts.Absent {
		return ok("%s has no container that could be stopped", s.Node.Name)
	}
	seen := s.facts().Library
	l, seenOK := seen.Get()
	if !seenOK {
		return unknown("how %s ends: %s", s.Node.Container, reason(seen))
	}
	line, seenOK := l.Ends.Get()
	switch {
	case !seenOK:
		return unknown("how %s ends: %s", s.Node.Container, reason(l.Ends))
	case line == "":
		return ok("nothing in what %s starts with leaves the cluster", s.Node.Container)
	}
	return bad("what %s starts with says: %s", s.Node.Container, line).
		effect("docker stop and docker restart of it, and a restart of %s, take %s out of the cluster with all its sessions", s.Node.Host, s.Node.Name).
		byHand("never stop it by Docker: vmq-admin node stop inside it, then docker kill; then deploy %s with a newer image", s.Node.Name)
}
