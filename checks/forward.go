package checks

import "vmqbot/facts"

func init() {
	register(Check{
		Name: "forward", Summary: "may the bot open channels through the host's sshd?", Severity: Warning,
		Needs: []string{"host"}, Named: true, node: judgeForward,
	})
}

// judgeForward judges by weave's port: whether anything answers there is another
// matter, for a refused connection came through a channel.
func judgeForward(s Subject) Observation {
	seen := s.facts().Weave
	switch {
	case seen.OK(), seen.Blind() == facts.Down, seen.Blind() == facts.Unreadable:
		return ok("sshd on %s opens channels", s.Node.Host)
	case seen.Blind() == facts.Denied:
		return bad("sshd on %s forbids channels: %s", s.Node.Host, reason(seen)).
			effect("no message is lost by it; weave and MQTT on %s cannot be seen, so nothing there can be repaired or proven", s.Node.Host).
			byHand("on %s: AllowTcpForwarding yes (or local) and AllowStreamLocalForwarding yes in sshd_config for %s, then systemctl reload ssh", s.Node.Host, s.Node.SSH.User)
	}
	return unknown("whether sshd on %s opens channels: %s", s.Node.Host, reason(seen))
}
