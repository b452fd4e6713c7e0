package checks

import "vmqbot/facts"

func init() {
	register(Check{
		Name: "docker", Summary: "does Docker answer?", Severity: Critical,
		Needs: []string{"host"}, node: judgeDocker,
	})
}

func judgeDocker(s Subject) Observation {
	seen := s.facts().Docker
	if d, seenOK := seen.Get(); seenOK {
		return ok("Docker %s answers", d.Version)
	}
	if seen.Blind() == facts.Denied {
		return unknown("Docker refuses us: %s; add user %s to the group docker on %s", reason(seen), s.Node.SSH.User, s.Node.Host)
	}
	if !noAnswer(seen.Blind()) {
		return unknown("Docker: %s", reason(seen))
	}
	return bad("Docker on %s does not answer: %s", s.Node.Host, reason(seen)).
		effect("a running broker goes on, but nothing can be repaired; when Docker comes back without live-restore, every container on %s has lost its weave address", s.Node.Host).
		byHand("on %s: journalctl -u docker, then systemctl start docker, then reattach %s", s.Node.Host, s.Node.Name)
}
