// Package network answers how the overlay that joins the hosts is told what to
// do: a small interface, which a fleet file's network.driver names, and Weave
// Net's words for it. What a look sees of the overlay, and how it is judged, is
// in facts and checks; they know weave's report, and another driver would have
// to fill one.
package network

import (
	"vmqbot/ops"
	"vmqbot/regions"
)

// Driver says the commands, on the host of a node, that make an overlay and
// put containers into it. It runs none of them. Its errors are *ops.Error, code
// Refused: what the fleet file says does not go with this driver.
type Driver interface {
	Name() string
	// Up starts the overlay with every other host of the fleet as peer, and with
	// what the arguments of its last start say beyond the fleet file; nil for none.
	Up(f *regions.Fleet, n regions.Node, was []string) (ops.Run, error)
	// Down stops it; attached containers keep their addresses, and nothing
	// passes between this host and the others.
	Down() ops.Run
	// Connect adds hosts to those that this one dials, in words that Peers says.
	Connect(peers ...string) (ops.Run, error)
	// Forget takes peers from those that this host dials.
	Forget(peers ...string) (ops.Run, error)
	// Attach gives the node's container its address, as often as one likes.
	Attach(n regions.Node) (ops.Run, error)
	// Detach takes it away.
	Detach(n regions.Node) (ops.Run, error)
}

// Of is the driver that the fleet file names.
func Of(f *regions.Fleet) (Driver, error) {
	if f.Network.Driver == "weave" {
		return Weave{}, nil
	}
	return nil, ops.Errorf(ops.Refused, "", "There is no network driver %q, only weave.", f.Network.Driver)
}
