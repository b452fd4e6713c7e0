package checks

import "vmqbot/facts"

func init() {
	register(Check{
		Name: "host", Summary: "does the host answer over ssh?", Severity: Critical, node: judgeHost,
	})
}

// judgeHost is Bad when the host was asked and did not let us in. Whether its
// broker runs is then not known, and nothing below is judged.
func judgeHost(s Subject) Observation {
	seen, host := s.facts().Host, s.Node.Host
	if h, seenOK := seen.Get(); seenOK {
		return ok("%s answers in %s", host, readable(h.RTT))
	}
	where := "ssh to " + host + ": " + reason(seen)
	blind := place(s.Fleet, s.Node) + " cannot be seen from here: whether messages pass there is not known"
	switch seen.Blind() {
	case facts.Unreachable, facts.TooLate, facts.Down, facts.Absent:
		heard, milder := opinion(s)
		return bad("%s%s", where, heard).effect("%s", blind).severity(milder).
			byHand("see whether %s is up and reachable from here; nothing is done to a host that cannot be seen", host)
	case facts.BadHostKey:
		return bad("%s", where).effect("%s", blind).
			byHand("find out why the key of %s changed before you trust it: ssh-keygen -R %s only after that", host, host)
	case facts.NewHostKey:
		return bad("%s", where).effect("%s", blind).
			byHand("compare the key of %s with its owner's and add it to known_hosts", host)
	case facts.LoginDenied:
		return bad("%s", where).effect("%s", blind).
			byHand("put the bot's public key into authorized_keys of %s on %s", s.Node.SSH.User, host)
	default:
		return unknown("%s", where)
	}
}
