package weavenet

import (
	"net/netip"
	"strings"
)

// detach takes addresses off a running container, and its interface with the
// last one. A plain address stays claimed.
func (s *script) detach(args []string) int {
	cidrs, rest := collect(args)
	id, all, allocated, code := s.addressed("GET", "", cidrs, rest)
	if code != 0 {
		return code
	}
	if len(all) == 0 {
		s.p.Errorf("usage: weaveutil detach-container <container-id> <cidr>...\n")
		return 1
	}
	if !s.detachContainer(id, all) {
		return 1
	}
	for _, cidr := range allocated {
		addr, _, _ := strings.Cut(cidr, "/")
		if code := s.show(s.callWeave("DELETE", "/ip/"+id+"/"+addr, nil)); code != 0 {
			return code
		}
	}
	s.showAddrs(all)
	return 0
}

// detachContainer is weaveutil detach-container.
func (s *script) detachContainer(id string, words []string) bool {
	return s.change(id, words, "Link not found", func(Container) bool { return true }, s.unplug)
}

// unplug takes addresses off a container, and its interface with the last.
func (s *script) unplug(b *bridge, c Container, list []netip.Prefix) bool {
	v, ok := b.veth(c.Net)
	if !ok {
		s.p.Errorf("Link not found\n")
		return false
	}
	for _, p := range list {
		for _, have := range addressesOf(c.Net) {
			switch {
			case have == p:
				c.Net.Unplug(p)
			case have.Addr() == p.Addr():
				s.p.Errorf("failed to remove IP address from %q: cannot assign requested address\n", containerDev)
				return false
			}
		}
	}
	if len(addressesOf(c.Net)) == 0 {
		b.remove(v)
	}
	return true
}
