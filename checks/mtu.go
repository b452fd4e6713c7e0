package checks

import (
	"fmt"

	"vmqbot/facts"
	"vmqbot/regions"
	"vmqbot/weave"
)

func init() {
	register(Check{
		Name: "mtu", Row: "F11", Summary: "does weave carry packets to each host as it did, and as large?", Severity: Warning,
		Needs: []string{"router"}, Causes: []string{"peer"}, link: judgeMTU,
	})
}

// judgeMTU compares both ends of a connection in the kernel, whose packets are
// as large as its host was told at launch, and each end with what it was
// before. Sleeve finds its size by trying, each end for itself.
func judgeMTU(s Subject, peer regions.Node) Observation {
	if s.Node.Beside(peer) {
		return ok("on the same host")
	}
	here, there, found := bothEnds(s, peer)
	if !found {
		return unknown("not checked: weave's connection to %s is not up", peer.Name).closed("peer")
	}
	if here.MTU <= 0 || here.Carrier == "" {
		return unknown("not checked: weave has not yet chosen how it carries packets to %s", peer.Host).closed("peer")
	}
	says := fmt.Sprintf("%s, mtu %d", here.Carrier, here.MTU)
	effect := func(o Observation) Observation {
		return o.effect("small messages pass between %s and %s; large ones may stall, and all are slower", place(s.Fleet, s.Node), place(s.Fleet, peer))
	}
	carrier, mtu := usually(s.Seen.Past.Link(s.Node.Name, peer.Name))
	switch {
	case carrier == "fastdp" && here.Carrier == "sleeve":
		return effect(bad("%s, usually %s, mtu %d", says, carrier, mtu)).
			byHand("open UDP 6784 between %s and %s, and see that nothing on the way takes smaller packets; then restart weave on one of them in a quiet hour", s.Node.Host, peer.Host)
	case carrier == here.Carrier && here.MTU < mtu-mtuSlack:
		return effect(bad("%s, usually %d", says, mtu)).row("F12").
			byHand("something on the way between %s and %s takes smaller packets than before: docker exec %s ping -M do -s %d %s", s.Node.Host, peer.Host, s.Node.Container, here.MTU-28, peer.Address.Addr())
	case here.Carrier == "fastdp" && there.Carrier == "fastdp" && here.MTU != there.MTU:
		return effect(bad("%s, but %d at %s", says, there.MTU, peer.Host)).row("F12").
			byHand("launch weave on %s and %s with the same WEAVE_MTU, in a quiet hour", s.Node.Host, peer.Host)
	}
	return ok("%s", says)
}

// mtuSlack is how much sleeve's own search may differ from time to time.
const mtuSlack = 32

// bothEnds are both ends of weave's connection between two hosts.
func bothEnds(s Subject, peer regions.Node) (here, there weave.Connection, found bool) {
	a, aOK := s.facts().Weave.Get()
	b, bOK := s.of(peer).facts().Weave.Get()
	if !aOK || !bOK || a.Name == "" || b.Name == "" {
		return here, there, false
	}
	here, hereOK := connectionTo(a, b.Name)
	there, thereOK := connectionTo(b, a.Name)
	return here, there, hereOK && thereOK && here.State == weave.Established && there.State == weave.Established
}

// usually is how most looks before this one saw the link carried, and how large
// its packets then were at most.
func usually(past []facts.LinkSample) (carrier string, mtu int) {
	past = past[:max(0, len(past)-1)]
	var carriers tally[string]
	for _, p := range past {
		if p.MTU > 0 && p.Carrier != "" {
			carriers.add(p.Carrier)
		}
	}
	carrier, looks := carriers.most()
	if looks < baseline {
		return "", 0
	}
	var sizes tally[int]
	for _, p := range past {
		if p.Carrier == carrier && p.MTU > 0 {
			sizes.add(p.MTU)
		}
	}
	mtu, _ = sizes.most()
	return carrier, mtu
}
