package checks

import (
	"net/netip"
	"strings"

	"vmqbot/facts"
)

// FirstDay are the checks that doctor asks beyond those of diagnose: what is
// right once stays so until somebody changes the host.
func FirstDay() []string {
	return []string{"forward", "engine", "launch", "targets", "machine", "route", "bridge", "volumes", "command", "leaves", "died", "together", "confirmed"}
}

var machineNeed = facts.Need{Machine: true}

// machineOf is what a host told of itself, or why not.
func machineOf(s Subject) (facts.Machine, string) {
	seen := s.facts().Machine
	m, seenOK := seen.Get()
	if !seenOK {
		return m, s.Node.Host + ": " + reason(seen)
	}
	return m, ""
}

// dockers reports an interface that Docker made.
func dockers(dev string) bool {
	return strings.HasPrefix(dev, "docker") || strings.HasPrefix(dev, "br-") || strings.HasPrefix(dev, "veth")
}

// weaves reports an interface that weave made.
func weaves(dev string) bool {
	return dev == "weave" || strings.HasPrefix(dev, "vethwe") || dev == "datapath" || strings.HasPrefix(dev, "vxlan-")
}

// planOf is the network of the planned addresses.
func planOf(s Subject) netip.Prefix { return s.Node.Address.Masked() }
