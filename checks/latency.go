package checks

import (
	"vmqbot/facts"
	"vmqbot/regions"
)

func init() {
	register(Check{
		Name: "latency", Summary: "does the way to each peer take longer than before?", Severity: Warning,
		Needs: []string{"ip"}, Facts: facts.Need{Pings: true}, Past: true, Causes: []string{"peer", "router", "loss"}, link: judgeLatency,
	})
}

// judgeLatency compares the middle of the last looks with the middle of all
// before them: what is far away is far away every day. A way that stays longer
// becomes the usual one after some hours.
func judgeLatency(s Subject, peer regions.Node) Observation {
	past, seenOK := echoed(s, peer)
	if !seenOK {
		return unknown("%s", why(s, peer))
	}
	before, now := split(past)
	rtt, measured := medianRTT(now)
	usual, known := medianRTT(before)
	switch {
	case measured == 0:
		return unknown("not checked: nothing came back from %s", peer.Name).closed("loss")
	case known < baseline:
		return ok("%s there and back, and no %d looks before to compare it with", readable(rtt), baseline)
	case rtt < 2*usual+delayMore:
		return ok("%s there and back, usually %s", readable(rtt), readable(usual))
	}
	return bad("%s there and back to %s, usually %s", readable(rtt), peer.Name, readable(usual)).
		effect("messages from %s to %s come later by as much", place(s.Fleet, s.Node), place(s.Fleet, peer)).
		byHand("ask whoever carries the line between %s and %s; on both, weave status connections tells whether the way goes over another host", s.Node.Host, peer.Host)
}
