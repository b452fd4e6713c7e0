package checks

import "strings"

func init() {
	register(Check{
		Name: "alone", Row: "F36", Summary: "has the broker a network of its own?", Severity: Warning,
		Needs: []string{"docker"}, node: judgeAlone,
	})
}

// judgeAlone looks for a container that shares its network: with the host, or with
// another container. Two brokers there want one name at one port mapper, and one
// cluster port.
func judgeAlone(s Subject) Observation {
	seen := s.facts().Container
	c, seenOK := seen.Get()
	if !seenOK {
		if noNamespace(seen.Blind()) {
			return ok("%s has no container", s.Node.Name)
		}
		return unknown("the network of %s: %s", s.Node.Container, reason(seen))
	}
	whose := ""
	switch mode := c.NetworkMode; {
	case mode == "host":
		whose = "that of " + s.Node.Host + " itself"
	case strings.HasPrefix(mode, "container:"):
		whose = "that of another container (" + mode + ")"
	default:
		return ok("%s has a network of its own", s.Node.Container)
	}
	o := bad("%s has no network of its own but %s", s.Node.Container, whose)
	for _, p := range s.Fleet.Peers(s.Node) {
		if other, seenOK := s.of(p).facts().Container.Get(); seenOK && p.Beside(s.Node) && other.NetworkMode == c.NetworkMode {
			o = bad("%s and %s (%s) share one network, %s: only one of their brokers gets the name VerneMQ and port 44053, and the other one ends with \"seems to be in use by another Erlang node\"", s.Node.Container, p.Container, p.Name, whose)
		}
	}
	return o.effect("weave gives no address to it, and whoever reaches %s reaches the cluster port, which asks for no password", s.Node.Host).
		repair("deploy %s", s.Node.Name)
}
