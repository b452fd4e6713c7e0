package checks

import (
	"fmt"
	"net/netip"
	"slices"

	"vmqbot/facts"
	"vmqbot/gate"
	"vmqbot/regions"
	"vmqbot/vernemq"
)

func init() {
	register(Check{
		Name: "port", Row: "F2", Summary: "does the cluster port listen on the weave address, as type vmq?", Severity: Critical,
		Needs: []string{"ip"}, Also: facts.Need{Broker: facts.AskPing | facts.AskListeners}, Causes: []string{"broker"}, node: judgePort,
	})
}

// judgePort reads the socket first: a listener that failed to bind is absent
// from everything that VerneMQ says about itself. Whether the socket speaks
// the cluster's protocol, only VerneMQ's own list tells.
func judgePort(s Subject) Observation {
	want := s.Node.ClusterAddr()
	if !want.Addr().IsValid() {
		return unknown("the fleet file plans no address for %s", s.Node.Name)
	}
	n, why := namespace(s)
	if why != "" {
		return unknown("%s", why)
	}
	exact, wildcard := n.Listens(want)
	switch {
	case wildcard:
		return wildcardPort(s, want)
	case !exact:
		return unbound(s, n, want)
	}
	b, _ := s.facts().Broker.Get()
	listeners, seenOK := b.Listeners.Get()
	switch {
	case seenOK:
		return spokenOn(s, want, listeners)
	case whyNoListeners(s.facts().Broker) == string(facts.NotAsked):
		return ok("a socket listens on %s; its type was not looked at", want)
	default:
		return unknown("a socket listens on %s, but VerneMQ does not say of which type: %s", want, whyNoListeners(s.facts().Broker))
	}
}

// wildcardPort is F5: each node tells its peers its configured address, so
// they would dial 0.0.0.0, which is themselves.
func wildcardPort(s Subject, want netip.AddrPort) Observation {
	return bad("%d listens on every address (0.0.0.0), want %s only: peers are told to dial 0.0.0.0, which is themselves", want.Port(), want).
		row("F5").effect("%s; and the port, which asks for no password, may be open to the Internet", lostInto(s.Fleet, s.Node)).
		repair("%s %s", rewriter(s), s.Node.Name)
}

// rewriter is the verb that writes the fleet file's vernemq.conf, in which
// listener.vmq.clustering is the node's own address, and restarts the broker:
// conf push needs a container that deploy has made.
func rewriter(s Subject) string {
	if c, _ := s.facts().Container.Get(); c.Labels[gate.Label] != "" {
		return "conf push"
	}
	return "deploy"
}

// unbound is F2: the broker started before the address was there, logged it
// and never tries again.
func unbound(s Subject, n facts.Netns, want netip.AddrPort) Observation {
	text := fmt.Sprintf("%d is not bound on %s", want.Port(), want.Addr())
	if running(s) {
		text = fmt.Sprintf("cluster show says running, but %d is not bound on %s", want.Port(), want.Addr())
	}
	if i := slices.IndexFunc(n.Sockets, func(k facts.Socket) bool {
		return k.State == facts.Listen && k.Local.Port() == want.Port()
	}); i >= 0 {
		text += fmt.Sprintf("; it listens on %s instead", n.Sockets[i].Local.Addr())
	}
	if !anyPort(n, s.Node) {
		text += "; nor does any port of its clients: the broker is down or still starting"
	}
	return bad("%s", text).effect("%s", lostInto(s.Fleet, s.Node)).repair("reattach %s", s.Node.Name)
}

// running reports whether at least one view of the cluster was read, and
// every one that was read shows the node as running.
func running(s Subject) bool {
	seen := false
	for _, n := range s.Seen.Nodes {
		b, _ := n.Broker.Get()
		view, seenOK := b.View.Get()
		if !seenOK {
			continue
		}
		seen = true
		if !slices.Contains(view, vernemq.Member{Node: s.Node.ErlangName(), Running: true}) {
			return false
		}
	}
	return seen
}

// anyPort reports whether a planned port other than the cluster's listens.
// Without a plan it cannot tell and says yes.
func anyPort(n facts.Netns, node regions.Node) bool {
	planned := false
	for _, p := range node.Ports {
		if p == regions.ClusterPort {
			continue
		}
		planned = true
		if slices.ContainsFunc(n.Sockets, func(k facts.Socket) bool {
			return k.State == facts.Listen && int(k.Local.Port()) == p
		}) {
			return true
		}
	}
	return !planned
}
