package checks

import "vmqbot/weave"

func init() {
	register(Check{
		Name: "died", Row: "F18", Summary: "does the weave router stay up, or does its log say why not?", Severity: Warning,
		Needs: []string{"docker"}, Facts: machineNeed, Named: true, node: judgeDied,
	})
}

// judgeDied reads why a router that does not answer ended. What the log of one
// that answers says is over.
func judgeDied(s Subject) Observation {
	if r, seenOK := s.facts().Weave.Get(); seenOK && r.Ready {
		return ok("the weave router on %s stays up", s.Node.Host)
	}
	m, why := machineOf(s)
	if why != "" {
		return unknown("the log of the weave router: %s", why)
	}
	d, seenOK := m.Death.Get()
	if !seenOK {
		if noNamespace(m.Death.Blind()) {
			return ok("there is no weave router on %s that could say anything", s.Node.Host)
		}
		return unknown("the log of the weave router on %s: %s", s.Node.Host, reason(m.Death))
	}
	o := bad("the weave router on %s ended and says: %s", s.Node.Host, d.Line).
		effect("it ends again at each start; no message passes between %s and the other hosts", place(s.Fleet, s.Node))
	switch d.Cause {
	case weave.Firewall:
		return o.byHand("iptables --version on %s says nf_tables or legacy, which weave's image must match: weave stop, then IPTABLES_BACKEND=nft (or legacy) weave launch with all peers; where the kernel lacks the table, modprobe iptable_nat", s.Node.Host)
	case weave.StaleDNS:
		return o.row("F16").repair("network up %s", s.Node.Name)
	case weave.OldClient:
		return o.row("F17").repair("prepare %s", s.Node.Name)
	case weave.NoCause:
	}
	return ok("nothing in the log of the weave router on %s says why it ends", s.Node.Host)
}
