package weavenet

import (
	"slices"
	"strings"
)

// ps lists weave interfaces, the host's first. Containers without one are left
// out, whatever the reason; when nothing is left it prints an empty line.
func (s *script) ps(args []string) int {
	if len(args) == 0 {
		args = []string{exposeID, "weave:allids"}
	}
	b := s.h.current(s.p.Machine)
	if b == nil {
		s.p.Errorf("Link not found\n")
		return 1
	}
	s.h.sweep()
	var refs []string
	for _, a := range args {
		if a != "weave:allids" {
			refs = append(refs, a)
			continue
		}
		for _, c := range s.d.All() {
			if c.Running() {
				refs = append(refs, c.ID)
			}
		}
	}
	var rows []string
	for _, ref := range refs {
		if ref == exposeID {
			rows = append(rows, row(ref, b.mac, join(b.exposed())))
		}
	}
	for _, ref := range refs {
		c, err := s.d.Find(ref)
		if ref == exposeID || err != nil || !c.Running() || c.HostNet {
			continue
		}
		if v, ok := b.veth(c.Net); ok {
			rows = append(rows, row(ref, v.mac, join(addressesOf(c.Net))))
		}
	}
	if rows == nil {
		rows = []string{""}
	}
	s.p.Printf("%s", lines(rows))
	return 0
}

// row prints what was asked for, cut to 12 characters.
func row(ref, mac, addresses string) string {
	return strings.TrimSpace(ref[:min(12, len(ref))] + " " + mac + " " + addresses)
}

// expose gives the host itself an address of the overlay.
func (s *script) expose(args []string) int {
	cidrs, rest := collect(args)
	for len(rest) > 0 {
		switch {
		case rest[0] == "--without-masquerade":
			rest = rest[1:]
		case rest[0] == "-h" && len(rest) > 1:
			rest = rest[2:]
		default:
			return s.usage()
		}
	}
	all, _, code := s.ipamCIDRs("POST", exposeID, cidrs, "")
	if code != 0 {
		return code
	}
	for _, cidr := range all {
		if code := s.show(s.callWeave("POST", "/expose/"+cidr, nil)); code != 0 {
			return code
		}
	}
	s.showAddrs(all)
	return 0
}

// hide takes it away again.
func (s *script) hide(args []string) int {
	cidrs, _ := collect(args)
	all, allocated, code := s.ipamCIDRs("GET", exposeID, cidrs, "")
	if code != 0 {
		return code
	}
	b := s.h.current(s.p.Machine)
	list, ok := s.parseAll(all)
	if !ok {
		return 1
	}
	for _, p := range list {
		if b != nil && slices.Contains(b.exposed(), p) {
			b.space.Unplug(p)
		}
	}
	for _, cidr := range allocated {
		addr, _, _ := strings.Cut(cidr, "/")
		if code := s.show(s.callWeave("DELETE", "/ip/"+exposeID+"/"+addr, nil)); code != 0 {
			return code
		}
	}
	s.showAddrs(all)
	return 0
}
