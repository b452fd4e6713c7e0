package weave

import (
	"fmt"
	"slices"
	"strings"
)

// meaning names every connection that carries nothing, and why.
func (l Connections) meaning() string {
	if len(l.Connections) == 0 {
		return sentences(starting(l.Ready), "This host has no connection to any other: it was launched alone or lost them all. `weave status targets` shows whom it was told to dial; `weave connect PEER...` with every other host joins it.")
	}
	var bad []string
	for _, c := range l.Connections {
		if c.State != Established {
			bad = append(bad, c.trouble())
		}
	}
	up := len(l.Connections) - len(bad)
	first := fmt.Sprintf("%s, %d established", several(len(l.Connections), "connection"), up)
	if len(bad) == 0 {
		first = fmt.Sprintf("All is well here: %s established to %s", several(up, "connection"), strings.Join(l.names(), ", "))
	}
	next := "A peer that is missing in this list is not connected at all; compare with `weave status peers`."
	if len(bad) > 0 {
		next = strings.Join(bad, " ")
	}
	return sentences(starting(l.Ready), first+".", next, l.slow())
}

func (l Connections) names() []string {
	var names []string
	for _, c := range l.Connections {
		names = append(names, peerName(c.PeerName, c.NickName))
	}
	return names
}

func (l Connections) slow() string {
	if slices.ContainsFunc(l.Connections, func(c Connection) bool { return c.State == Established && c.Carrier == "sleeve" }) {
		return "Sleeve means that packets pass through the router process: correct, but slower than fastdp."
	}
	return ""
}

// trouble says what is wrong with a connection and what to look at.
func (c Connection) trouble() string {
	switch c.State {
	case Pending:
		return fmt.Sprintf("%s at %s is pending: TCP works, but no UDP heartbeat arrives. Open UDP %d and %d between both hosts, in both directions.", peerName(c.PeerName, c.NickName), c.Address, Port, Port+1)
	case Connecting:
		return fmt.Sprintf("%s is being dialed for the first time: ask again in a few seconds.", c.Address)
	case Retrying:
		return fmt.Sprintf("%s is being dialed again after: %s. %s", c.Address, c.Error, c.cause())
	case Failed:
		when := "weave tries again at " + c.Retry
		if c.Retry == Never {
			when = "weave will not try again"
		}
		return fmt.Sprintf("%s failed (%s) and %s. %s", c.Address, c.Error, when, c.cause())
	}
	return fmt.Sprintf("%s waits to be dialed: ask again in a few seconds.", c.Address)
}

// causes are the errors of mesh and of the operating system, by what they
// hold, and what to do about them.
var causes = []struct{ holds, next string }{
	{"cannot connect to ourself", "The address is this host's own, which is harmless: `weave forget HOST` removes it."},
	{"connection refused", "That host is up, but nothing listens there: type `weave status` on it, and `weave launch PEER...` if weave is down."},
	{"no route to host", "That host is down or behind a firewall: can you reach it by ssh? Otherwise the address is wrong; `weave forget HOST` removes it."},
	{"timeout", "Packets vanish on the way: the host is down, or a firewall drops TCP 6783 or UDP 6783 and 6784."},
	{"timed out", "Packets vanish on the way: the host is down, or a firewall drops TCP 6783 or UDP 6783 and 6784."},
	{"password", "The two hosts do not have the same weave password: launch both with the same WEAVE_PASSWORD."},
	{"seeded by different peers", "The two hosts shared out the address range without each other: reset weave on the smaller side only, which takes the addresses of its containers, then attach again."},
	{"collision", "Two hosts have the same identity, as cloned machines do: give one a new /etc/machine-id, or launch it with --name."},
	{"Connection limit reached", "That many connections are not allowed: launch with a higher --conn-limit."},
}

func (c Connection) cause() string {
	for _, k := range causes {
		if strings.Contains(c.Error, k.holds) {
			return k.next
		}
	}
	return "Type `weave status` on that host and check that TCP 6783 and UDP 6783 and 6784 are open between the two."
}
