package checks

import (
	"net/netip"

	"vmqbot/facts"
	"vmqbot/vernemq"
)

// spokenOn reads VerneMQ's own list for the port whose socket is there.
func spokenOn(s Subject, want netip.AddrPort, all []vernemq.Listener) Observation {
	if len(all) == 0 {
		return unknown("a socket listens on %s, but VerneMQ lists no listener at all: it may be starting", want)
	}
	var cluster string // the status of the vmq row, when there is one
	for _, l := range all {
		if l.Port != int(want.Port()) {
			continue
		}
		if l.Type != "vmq" {
			return bad("%s listens, but speaks %s, want vmq: `vmq-admin listener start` opens MQTT whatever the port", want, l.Type).
				effect("%s", lostInto(s.Fleet, s.Node)).repair("reattach %s", s.Node.Name)
		}
		if l.Address == want.Addr().String() {
			cluster = l.Status
		}
	}
	switch cluster {
	case "running":
		return ok("%s listens as type vmq", want)
	case "":
		return bad("%s listens, but VerneMQ lists no listener of type vmq there", want).
			effect("%s", lostInto(s.Fleet, s.Node)).repair("reattach %s", s.Node.Name)
	default:
		return bad("the listener vmq on %s is %s, want running", want, cluster).
			effect("%s", lostInto(s.Fleet, s.Node)).repair("reattach %s", s.Node.Name)
	}
}

// whyNoListeners says why VerneMQ's own list was not read.
func whyNoListeners(seen facts.Seen[facts.Broker]) string {
	b, seenOK := seen.Get()
	if !seenOK {
		return reason(seen)
	}
	return reason(b.Listeners)
}
