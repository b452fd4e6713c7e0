package checks

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"vmqbot/facts"
	"vmqbot/regions"
)

func init() {
	register(Check{
		Name: "bridge", Row: "F15", Summary: "are Docker's networks free of addresses that the host must reach?", Severity: Warning,
		Needs: []string{"docker"}, Facts: machineNeed, Named: true, Others: true, node: judgeBridge,
	})
}

// judgeBridge holds the subnets of Docker's bridges against everything that the
// host reaches otherwise: its routes, the plan, weave's range, the other hosts,
// and the bot itself, which a clash cuts off.
func judgeBridge(s Subject) Observation {
	m, why := machineOf(s)
	if why != "" {
		return unknown("%s", why)
	}
	nets, seenOK := m.Networks.Get()
	if !seenOK {
		return unknown("Docker's networks on %s: %s", s.Node.Host, reason(m.Networks))
	}
	var clashes, subnets []string
	for _, n := range nets {
		for _, p := range n.Subnets {
			if n.Driver != "bridge" {
				continue
			}
			subnets = append(subnets, p.String())
			for _, c := range clashesOf(s, m, p) {
				clashes = append(clashes, fmt.Sprintf("%s of Docker's network %s holds %s", p, n.Name, c))
			}
		}
	}
	if len(clashes) == 0 {
		return ok("%s on %s meet nothing", strings.Join(subnets, ", "), s.Node.Host)
	}
	return bad("on %s %s", s.Node.Host, strings.Join(clashes, "; ")).
		effect("%s cannot be reached from what is named there, whatever else is right", s.Node.Host).
		repair("prepare %s", s.Node.Name)
}

// InTheWay are the things that a host must reach and that a network would hold.
func InTheWay(f *regions.Fleet, seen facts.Fleet, n regions.Node, p netip.Prefix) []string {
	s := Subject{Fleet: f, Node: n, Seen: seen}
	m, _ := machineOf(s)
	return clashesOf(s, m, p)
}

// Inner reports an interface that Docker or weave made.
func Inner(dev string) bool { return dockers(dev) || weaves(dev) }

func clashesOf(s Subject, m facts.Machine, subnet netip.Prefix) (found []string) {
	made := slices.ContainsFunc(m.Routes, func(r facts.Route) bool { return r.To == subnet && dockers(r.Dev) })
	for _, r := range m.Routes {
		own := dockers(r.Dev) || r.To == subnet && !made // a bridge may have a name of its own
		if !own && r.To.Overlaps(subnet) {
			found = append(found, "the route "+r.To.String()+" dev "+r.Dev)
		}
	}
	if plan := planOf(s); plan.IsValid() && plan.Overlaps(subnet) {
		found = append(found, "the plan "+plan.String())
	}
	if r := rangeOf(s); r.IsValid() && r.Overlaps(subnet) {
		found = append(found, "weave's own range "+r.String())
	}
	if m.Client.IsValid() && subnet.Contains(m.Client) {
		found = append(found, "the address that the bot comes from, "+m.Client.String())
	}
	for _, p := range s.Fleet.Peers(s.Node) {
		o, _ := s.of(p).facts().Machine.Get()
		for _, a := range outside(o, planOf(s.of(p))) {
			if !p.Beside(s.Node) && subnet.Contains(a) {
				found = append(found, "the address of "+p.Name+"'s host, "+a.String())
			}
		}
	}
	return found
}

// rangeOf is what weave gives out by itself on a host: as the router says, or as
// the next one will be told.
func rangeOf(s Subject) netip.Prefix {
	if r, ok := s.facts().Weave.Get(); ok && r.IPAM != nil {
		if p, err := netip.ParsePrefix(r.IPAM.Range); err == nil {
			return p
		}
	}
	return s.Fleet.Network.Range
}

// outside are a host's addresses that others reach it by: not the loopback's, nor
// those on its own bridges.
func outside(m facts.Machine, plan netip.Prefix) (all []netip.Addr) {
	nets, _ := m.Networks.Get()
	for _, a := range m.Addresses {
		inner := a.IsLoopback() || plan.Contains(a)
		for _, n := range nets {
			inner = inner || slices.ContainsFunc(n.Subnets, func(p netip.Prefix) bool { return p.Contains(a) })
		}
		for _, r := range m.Routes {
			inner = inner || weaves(r.Dev) && r.To.Contains(a)
		}
		if !inner {
			all = append(all, a)
		}
	}
	return all
}
