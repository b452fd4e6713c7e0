package checks

import (
	"fmt"
	"net/netip"
	"strings"

	"vmqbot/conf"
	"vmqbot/facts"
)

func init() {
	register(Check{
		Name: "doors", Summary: "do the MQTT ports listen?", Severity: Critical,
		Needs: []string{"container"}, Causes: []string{"broker"}, node: judgeDoors,
	})
}

// judgeDoors wants a listening socket for every MQTT port of the fleet file.
// VerneMQ's own health pages cannot tell: a listener that failed to bind, or
// was never opened, is absent from them (vernemq-real.md, HTTP).
func judgeDoors(s Subject) Observation {
	n, why := namespace(s)
	if why != "" {
		return unknown("%s", why)
	}
	c, _ := s.facts().Container.Get()
	want := conf.Render(s.Node, conf.ParseVersion(c.Image)).Doors
	var closed, open []string
	for _, door := range want {
		if listensFor(n, door.At) {
			open = append(open, fmt.Sprint(door.At.Port()))
		} else {
			closed = append(closed, fmt.Sprint(door.At.Port()))
		}
	}
	switch {
	case len(want) == 0:
		return ok("the fleet file plans no MQTT port")
	case len(closed) == 0:
		return ok("MQTT listens on %s", strings.Join(open, ", "))
	}
	return bad("MQTT does not listen on %s", strings.Join(closed, ", ")).
		effect("clients cannot connect to %s there", s.Node.Name).
		byHand("if its broker started a moment ago wait 10 s; if it is no member of the cluster yet, join %s opens them; else read logs %[1]s", s.Node.Name)
}

func listensFor(n facts.Netns, door netip.AddrPort) bool {
	exact, wildcard := n.Listens(door)
	return exact || wildcard
}
