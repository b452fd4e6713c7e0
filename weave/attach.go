package weave

import (
	"net/netip"
	"regexp"
	"strings"

	"vmqbot/answer"
)

// Attached is the answer to weave attach, and to weave detach.
type Attached struct {
	Container string       `json:"container,omitempty"` // as typed
	Addresses []netip.Addr `json:"addresses"`           // now on the container, or now off it
	Overlaps  []Overlap    `json:"overlaps,omitempty"`
	Warnings  []string     `json:"warnings,omitempty"` // other warnings, as printed
}

// Overlap warns that the host already routes an address elsewhere. Weave
// attaches it all the same; whom the traffic reaches depends on the route.
type Overlap struct {
	Address string `json:"address"` // what was attached; with a length when it is a network
	Route   string `json:"route"`   // the host's own route
}

var overlapRE = regexp.MustCompile(`^(?:Address|Network) (\S+) overlaps with existing route (\S+) on host$`)

// ParseAttach reads weave attach. The addresses printed must be those of the
// command, so a cut one is refused.
func ParseAttach(a answer.Answer) (Attached, error) { return parseAttached(a) }

// ParseDetach reads weave detach. It succeeds as well for an address that the
// container did not have, as long as it has a weave interface.
func ParseDetach(a answer.Answer) (Attached, error) { return parseAttached(a) }

func parseAttached(a answer.Answer) (Attached, error) {
	out, err := success(a)
	if err != nil {
		return Attached{}, err
	}
	printed, err := lines(out)
	if err != nil {
		return Attached{}, err
	}
	noted, err := lines(a.Stderr)
	if err != nil {
		return Attached{}, err
	}
	asked, container := attachArguments(a)
	found := Attached{Container: container, Addresses: []netip.Addr{}}
	for _, l := range noted {
		if !found.note(l) && !blank(l) {
			found.Warnings = append(found.Warnings, l)
		}
	}
	for _, l := range printed {
		if found.note(l) {
			continue
		}
		if len(found.Addresses) > 0 {
			return Attached{}, notWeave(verb(a), l)
		}
		if found.Addresses, err = addresses(l); err != nil {
			return Attached{}, notWeave(verb(a), l)
		}
	}
	if len(found.Addresses) == 0 || !inOrder(found.Addresses, asked) {
		return Attached{}, garbled(out, "%q prints the addresses that it was given, and this answer does not: look with `weave ps %s` whether it was done", a.Command(), container)
	}
	return found, nil
}

// note takes a warning; a pasted terminal has them among the output.
func (f *Attached) note(l string) bool {
	if m := overlapRE.FindStringSubmatch(l); m != nil {
		f.Overlaps = append(f.Overlaps, Overlap{Address: m[1], Route: m[2]})
		return true
	}
	if isWarning(l) {
		f.Warnings = append(f.Warnings, l)
		return true
	}
	return false
}

func addresses(l string) ([]netip.Addr, error) {
	var found []netip.Addr
	for f := range strings.FieldsSeq(l) {
		addr, err := netip.ParseAddr(f)
		if err != nil {
			return nil, err
		}
		found = append(found, addr)
	}
	return found, nil
}

// attachArguments gives the addresses that the command names, and its
// container. What net:... allocates is not known beforehand.
func attachArguments(a answer.Answer) (asked []netip.Addr, container string) {
	words := arguments(a)
	if len(words) < 2 {
		return nil, ""
	}
	for _, w := range words[1 : len(words)-1] {
		if p, err := netip.ParsePrefix(strings.TrimPrefix(w, "ip:")); err == nil {
			asked = append(asked, p.Addr())
		}
	}
	return asked, words[len(words)-1]
}

// inOrder reports whether all of asked are among found, in their order.
func inOrder(found, asked []netip.Addr) bool {
	for _, f := range found {
		if len(asked) > 0 && f == asked[0] {
			asked = asked[1:]
		}
	}
	return len(asked) == 0
}
