package checks

import (
	"net/netip"
	"slices"

	"vmqbot/facts"
)

func init() {
	register(Check{
		Name: "launch", Row: "F16", Summary: "was the weave router launched so that it comes back, and as the fleet file says?", Severity: Warning,
		Needs: []string{"router"}, Facts: machineNeed, Named: true, node: judgeLaunch,
	})
}

// judgeLaunch judges a router that answers. What it was launched with it keeps
// for life: only another launch changes it.
func judgeLaunch(s Subject) Observation {
	r, _ := s.facts().Weave.Get()
	m, why := machineOf(s)
	plan := s.Fleet.Network
	switch {
	case why != "":
		return unknown("%s", why)
	case r.DNS != nil && !standsOn(m, r.DNS.Address):
		return bad("weave's DNS on %s was told %s at launch, which is no address of the host any more", s.Node.Host, r.DNS.Address).
			effect("nothing is lost yet; at its next restart the router dies again and again, and no message passes between %s and the other hosts", place(s.Fleet, s.Node)).
			repair("network up %s", s.Node.Name)
	case !plan.Password.IsZero() && !r.Encryption:
		return bad("the router on %s was launched without a password, and the fleet file names one", s.Node.Host).row("F10").
			effect("everything between %s and the other hosts is clear text, or, where they have the password, nothing passes", place(s.Fleet, s.Node)).
			repair("network up %s", s.Node.Name)
	case plan.Range.IsValid() && r.IPAM != nil && r.IPAM.Range != plan.Range.String():
		return bad("the router on %s was launched with the range %s, and the fleet file says %s", s.Node.Host, r.IPAM.Range, plan.Range).row("F19").
			effect("hosts with two ranges refuse each other").
			repair("network up %s", s.Node.Name)
	}
	return ok("the router on %s would come back as it is", s.Node.Host)
}

// standsOn reports an IP:port that is on the machine.
func standsOn(m facts.Machine, at string) bool {
	a, err := netip.ParseAddrPort(at)
	return err == nil && (a.Addr().IsUnspecified() || slices.Contains(m.Addresses, a.Addr()))
}
