package checks

import (
	"math"

	"vmqbot/facts"
	"vmqbot/regions"
)

func init() {
	register(Check{
		Name: "loss", Row: "F12", Summary: "do more packets get lost on the way to each peer than before?", Severity: Warning,
		Needs: []string{"ip"}, Facts: facts.Need{Pings: true}, Past: true, Causes: []string{"peer", "router"}, link: judgeLoss,
	})
}

// judgeLoss wants a loss to last: a few whole looks that were lost by chance are
// as many packets as a link that loses a fifth of all.
func judgeLoss(s Subject, peer regions.Node) Observation {
	past, seenOK := echoed(s, peer)
	if !seenOK {
		return unknown("%s", why(s, peer))
	}
	before, now := split(past)
	part, looks := missing(now)
	usual, _ := missing(before)
	if looks < lossyLooks || part < usual+lossMore {
		return ok("%d %% of the packets of the last %d looks were lost, usually %d %%", percent(part), len(now), percent(usual))
	}
	from, into := place(s.Fleet, s.Node), place(s.Fleet, peer)
	return bad("%d %% of the packets to %s were lost in the last %d looks, usually %d %%", percent(part), peer.Name, len(now), percent(usual)).
		effect("messages from %s to %s come late and in bursts; none is lost while the channel is up", from, into).
		byHand("ask whoever carries the line between %s and %s; on both, weave status connections tells whether it fell back to sleeve", s.Node.Host, peer.Host)
}

func percent(part float64) int { return int(math.Round(100 * part)) }
