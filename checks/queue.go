package checks

import (
	"time"

	"vmqbot/facts"
)

func init() {
	register(Check{
		Name: "queue", Row: "F30", Summary: "do the queues of clients that are away grow without end?", Severity: Warning,
		Needs: []string{"broker"}, Facts: facts.Need{Vitals: true}, Past: true, node: judgeQueue,
	})
}

// Queues grow whenever clients are away; they grow without end when there are
// many messages more, and more in every part of the time that was looked at.
const (
	queueWithin = time.Hour
	queueParts  = 4
	queueMany   = 10_000
)

// judgeQueue counts what went in and has not come out: VerneMQ tells how many
// queues there are, and not how long.
func judgeQueue(s Subject) Observation {
	past, o := counted(s)
	if len(past) == 0 {
		return o
	}
	past = sinceStart(past, s.Seen.At)
	first, last := past[0], past[len(past)-1]
	grown, span := last.Queued-first.Queued, last.At.Sub(first.At)
	if span < queueWithin/2 {
		return ok("%d messages wait; there is no half hour yet to compare with", max(last.Queued, 0))
	}
	steady := true
	from := first.Queued
	for part := 1; part <= queueParts; part++ {
		end := at(past, first.At.Add(span*time.Duration(part)/queueParts))
		steady = steady && end.Queued > from
		from = end.Queued
	}
	if grown < queueMany || !steady {
		return ok("the queues changed by %d messages within %s", grown, readable(span))
	}
	return bad("%d messages more wait in the queues of %s than %s ago, and they grow steadily", grown, s.Node.Name, readable(span)).
		effect("no message is lost yet; the memory and the disk of %s fill", s.Node.Name).
		byHand("find clients that subscribed and never come back: vmq-admin session show --is_online=false; persistent_client_expiration and max_offline_messages end this")
}

// sinceStart are the looks of the last hour since the broker last started.
func sinceStart(past []facts.NodeSample, now time.Time) []facts.NodeSample {
	begin := 0
	for i, p := range past {
		if now.Sub(p.At) > queueWithin {
			begin = min(i+1, len(past)-1)
		} else if i > 0 && p.In < past[i-1].In {
			begin = i
		}
	}
	return past[begin:]
}

// at is the last look up to a time.
func at(past []facts.NodeSample, t time.Time) facts.NodeSample {
	found := past[0]
	for _, p := range past {
		if !p.At.After(t) {
			found = p
		}
	}
	return found
}
