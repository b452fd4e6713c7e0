package checks

import (
	"slices"
	"time"

	"vmqbot/facts"
	"vmqbot/regions"
)

// What is lately and what was before, counted in looks. A single look at a
// link is three echo requests: one that is lost says nothing, and on a way
// round the world a fifth of a second is no delay.
const (
	lately     = 20 // looks, ten minutes at a sweep every 30 s
	lossyLooks = 9  // of these, that must have lost something
	baseline   = 30 // looks before them, or there is nothing to compare with
)

// Loss and delay are worse where they are worse than they were: by a fifth of
// all packets, or by as much again and a twentieth of a second.
const (
	lossMore  = 0.20
	delayMore = 50 * time.Millisecond
)

// echoed are the looks at a link that sent something, this one last; ok is
// false when this one did not. Nobody may write into them: where all of them
// did, which is most days, they are the history's own.
func echoed(s Subject, peer regions.Node) (past []facts.LinkSample, seenOK bool) {
	past = s.Seen.Past.Link(s.Node.Name, peer.Name)
	silent := func(p facts.LinkSample) bool { return p.Sent <= 0 }
	if slices.ContainsFunc(past, silent) {
		past = slices.DeleteFunc(slices.Clone(past), silent)
	}
	return past, len(past) > 0 && past[len(past)-1].At.Equal(s.Seen.At)
}

// split parts what is lately from what was before.
func split(past []facts.LinkSample) (before, now []facts.LinkSample) {
	cut := max(0, len(past)-lately)
	return past[:cut], past[cut:]
}

// missing is the part of all packets that did not come back, and in how many
// looks one did not.
func missing(samples []facts.LinkSample) (part float64, looks int) {
	sent, received := 0, 0
	for _, p := range samples {
		sent, received = sent+p.Sent, received+p.Received
		if p.Received < p.Sent {
			looks++
		}
	}
	if sent == 0 {
		return 0, 0
	}
	return float64(sent-received) / float64(sent), looks
}

// medianRTT is the middle one of the round trips that were measured, and how
// many there are.
func medianRTT(samples []facts.LinkSample) (time.Duration, int) {
	all := make([]time.Duration, 0, len(samples))
	for _, p := range samples {
		if p.RTT > 0 {
			all = append(all, p.RTT)
		}
	}
	if len(all) == 0 {
		return 0, 0
	}
	slices.Sort(all)
	return all[len(all)/2], len(all)
}

// why is the reason why nobody could ping.
func why(s Subject, peer regions.Node) string {
	for _, p := range s.Seen.Pings {
		if p.From == s.Node.Name && p.To == peer.Name && !p.Echo.OK() {
			return reason(p.Echo)
		}
	}
	return "no ping from " + s.Node.Name + " to " + peer.Name
}
