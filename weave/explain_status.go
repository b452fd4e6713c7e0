package weave

import (
	"fmt"
	"slices"
	"strings"
)

// meaning is the overview in one breath.
func (s RouterStatus) meaning() string {
	up := s.Connections.States[Established]
	first := fmt.Sprintf("Weave %s runs here as %s and knows %s, itself included; %s, %d established.",
		s.Version, peerName(s.Name, s.NickName), several(s.Peers.Total, "peer"), several(s.Connections.Total, "connection"), up)
	next := "The mesh looks healthy from here. This says nothing about containers: `weave ps` shows which of them have their address."
	switch {
	case s.Connections.Total == 0:
		next = "It has no connection at all: `weave connect PEER...` with every other host joins it to them."
	case up < s.Connections.Total:
		next = "Type `weave status connections` for what is wrong with the others."
	}
	return sentences(starting(s.Ready), first, next, s.IPAM.trouble())
}

func (s *IPAMStatus) trouble() string {
	if s == nil {
		return ""
	}
	return s.State.trouble()
}

func (s IPAMState) trouble() string {
	switch s {
	case IPAMConsensus, IPAMPriming:
		return "Weave cannot allocate addresses by itself yet, because too few hosts agree; addresses named in `weave attach` outside of its range are not concerned."
	case IPAMWaiting:
		return "Somebody waits for a free address of weave's own range: `weave status ipam` shows who owns it."
	case IPAMUnreachable:
		return "Nobody who owns a part of weave's own range can be reached: bring those hosts back, or if they are gone for good type `weave rmpeer PEER` on one host only."
	}
	return ""
}

// meaning is the overview from JSON, with the connections in full.
func (r Report) meaning() string {
	c := Connections{Ready: r.Ready, Connections: r.Connections}
	first := fmt.Sprintf("Weave %s runs here as %s and knows %s, itself included.", r.Version, peerName(r.Name, r.NickName), several(len(r.Peers), "peer"))
	ipam := ""
	if r.IPAM != nil {
		ipam = r.IPAM.State.trouble()
	}
	return sentences(first, c.meaning(), ipam)
}

func (t Targets) meaning() string {
	if len(t.Targets) == 0 {
		return sentences(starting(t.Ready), "This host was told to dial nobody; it is connected only if others dial it. `weave connect PEER...` with every other host makes it independent of who starts first.")
	}
	return sentences(starting(t.Ready), fmt.Sprintf("This host dials %s: %s. Whether that works shows in `weave status connections`; a `weave stop` and `weave launch` forgets them.", several(len(t.Targets), "peer"), strings.Join(t.Targets, ", ")))
}

func (i IPAM) meaning() string {
	if len(i.Owners) == 0 {
		return sentences(starting(i.Ready), "Weave has allocated no address by itself, which is right where every address is named in `weave attach`. There is nothing to do.")
	}
	var lost []string
	for _, o := range i.Owners {
		if !o.Reachable {
			lost = append(lost, peerName(o.Name, o.NickName))
		}
	}
	if len(lost) == 0 {
		return sentences(starting(i.Ready), fmt.Sprintf("Weave's own range is shared among %s, all reachable. There is nothing to do.", several(len(i.Owners), "peer")))
	}
	return sentences(starting(i.Ready), fmt.Sprintf("Parts of weave's own range belong to unreachable peers: %s. Bring them back; only if they are gone for good type `weave rmpeer PEER`, and on one host only.", strings.Join(lost, ", ")))
}

func (d DNSEntries) meaning() string {
	if len(d.Entries) == 0 {
		return sentences(starting(d.Ready), "WeaveDNS knows no names. There is nothing to do unless containers look each other up by name.")
	}
	var names []string
	for _, e := range d.Entries {
		if !slices.Contains(names, e.Name) {
			names = append(names, e.Name)
		}
	}
	return sentences(starting(d.Ready), fmt.Sprintf("WeaveDNS has %d entries, for: %s.", len(d.Entries), strings.Join(names, ", ")))
}
