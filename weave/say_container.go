package weave

import (
	"fmt"
	"net/netip"
	"regexp"
)

// containerName is docker's own grammar for names; identifiers match it too.
var containerName = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_.-]+$`)

// Attach says the command that puts an address onto a running container. It
// may be repeated: for the same container it changes nothing. The address
// comes first, because the script reads flags only after it.
func Attach(address netip.Prefix, container string) ([]string, error) {
	if err := checkAddress(address); err != nil {
		return nil, err
	}
	if err := checkContainer(container); err != nil {
		return nil, err
	}
	return []string{"weave", "attach", address.String(), container}, nil
}

// Detach says the command that takes an address off a running container.
func Detach(address netip.Prefix, container string) ([]string, error) {
	if err := checkAddress(address); err != nil {
		return nil, err
	}
	if err := checkContainer(container); err != nil {
		return nil, err
	}
	return []string{"weave", "detach", address.String(), container}, nil
}

// PS says the command that lists the weave addresses of some containers, or
// of all when none is named.
func PS(containers ...string) ([]string, error) {
	for _, c := range containers {
		if err := checkContainer(c); err != nil {
			return nil, err
		}
	}
	return append([]string{"weave", "ps"}, containers...), nil
}

func checkContainer(name string) error {
	if !containerName.MatchString(name) {
		return fmt.Errorf("%q is not a container name: docker names begin with a letter or digit and hold letters, digits, '_', '.' and '-', at least two in all", name)
	}
	return nil
}

// checkAddress refuses what weave would take and a container cannot use: weave
// attaches the address of the network itself without a word.
func checkAddress(p netip.Prefix) error {
	a := p.Addr()
	switch {
	case !p.IsValid():
		return fmt.Errorf("an address to attach is missing: write it with its prefix length, as 10.0.0.1/24")
	case !a.Is4():
		return fmt.Errorf("%s is not IPv4, and weave knows no other: write an address as 10.0.0.1/24", p)
	case p.Bits() == 0 || a.IsUnspecified() || a.IsLoopback() || a.IsMulticast() || a.IsLinkLocalUnicast():
		return fmt.Errorf("%s cannot be the address of a container: write one of the fleet's subnet, as 10.0.0.1/24", p)
	case p.Bits() < 31 && a == p.Masked().Addr():
		return fmt.Errorf("%s is the network itself, not an address in it: write one with a host part, as 10.0.0.1/24", p)
	case p.Bits() < 31 && a == broadcast(p):
		return fmt.Errorf("%s is the broadcast address of its network: choose a lower one", p)
	}
	return nil
}

func broadcast(p netip.Prefix) netip.Addr {
	b := p.Addr().As4()
	for i := p.Bits(); i < 32; i++ {
		b[i/8] |= 1 << (7 - i%8)
	}
	return netip.AddrFrom4(b)
}
