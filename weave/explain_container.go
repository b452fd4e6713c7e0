package weave

import (
	"fmt"
	"net/netip"
	"strings"
)

// meaning says who has which address, and of whom that was asked for who has
// none.
func (l PSList) meaning(asked []string) string {
	var has, lacks []string
	for _, name := range asked {
		if !strings.HasPrefix(name, "weave:") && len(l.Of(name)) == 0 {
			lacks = append(lacks, name)
		}
	}
	for _, e := range l.Entries {
		if e.ID != ExposeID && len(e.Addresses) > 0 {
			has = append(has, fmt.Sprintf("%s has %s", e.ID, joined(e.Addresses)))
		}
	}
	first := ""
	switch {
	case len(has) > 0:
		first = strings.Join(has, "; ") + "."
	case len(asked) == 0:
		first = "No container on this host has a weave address. A container loses it whenever it restarts: type `weave attach ADDRESS/LENGTH CONTAINER` for each that should have one."
	}
	if len(lacks) == 0 {
		return first
	}
	return sentences(first, fmt.Sprintf("No weave address on %s: it was restarted since the attach, or is stopped, or does not exist here; weave does not say which. Look with `docker ps -a`, then type `weave attach ADDRESS/LENGTH %s`.", strings.Join(lacks, ", "), lacks[0]))
}

func joined[T fmt.Stringer](all []T) string {
	var words []string
	for _, a := range all {
		words = append(words, a.String())
	}
	return strings.Join(words, ", ")
}

func (f Attached) attachMeaning() string {
	danger := ""
	for _, o := range f.Overlaps {
		danger = sentences(danger, fmt.Sprintf("But %s overlaps with the route %s that this host already has: it is attached, and traffic for it may go the wrong way. Choose a subnet that no host routes.", o.Address, o.Route))
	}
	return sentences(
		fmt.Sprintf("The container %s now has %s; doing it again is harmless.", f.Container, joined[netip.Addr](f.Addresses)),
		danger, warned(f.Warnings),
		"A broker that was started without this address has still not opened its cluster port 44053: check the listener before you trust the cluster.")
}

func (f Attached) detachMeaning() string {
	return sentences(
		fmt.Sprintf("The container %s no longer has %s; weave says the same if it never had it. `weave ps %s` shows what is left.", f.Container, joined[netip.Addr](f.Addresses), f.Container),
		warned(f.Warnings))
}
