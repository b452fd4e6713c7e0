package checks

import (
	"time"

	"vmqbot/facts"
)

func init() {
	register(Check{
		Name: "dropped", Row: "F2", Summary: "does the broker throw messages for other nodes away?", Severity: Critical,
		Needs: []string{"broker"}, Facts: facts.Need{Vitals: true}, Past: true, Symptom: true, node: judgeDropped,
	})
}

func init() {
	register(Check{
		Name: "netsplit", Row: "F7", Summary: "has the broker counted a netsplit that is not over?", Severity: Warning,
		Needs: []string{"broker"}, Facts: facts.Need{Vitals: true}, Past: true, Symptom: true, node: judgeNetsplit,
	})
}

// droppedWithin is how long a drop is told: the broker publishes the counter
// late, and only when it buffers another message (vernemq-real.md, E1).
const droppedWithin = 3 * time.Minute

// judgeDropped compares looks: the counter says what was lost since the broker
// started, perhaps last year. That it rests proves nothing either: the first
// bytes for a dead channel are buffered and counted nowhere.
func judgeDropped(s Subject) Observation {
	past, o := counted(s)
	if len(past) == 0 {
		return o
	}
	var lost int64
	for i, p := range past[1:] {
		if s.Seen.At.Sub(p.At) <= droppedWithin {
			lost += rise(past[i].Dropped, p.Dropped)
		}
	}
	if lost == 0 {
		return ok("cluster_bytes_dropped does not rise, it is %d", past[len(past)-1].Dropped)
	}
	return bad("cluster_bytes_dropped rose by %d within %s", lost, readable(droppedWithin)).
		effect("messages that clients of %s published, and that were acknowledged to them, are lost for clients elsewhere", place(s.Fleet, s.Node)).
		byHand("a node cannot be reached by %s: what channel, port and cluster say is the reason; after it, what was lost stays lost", s.Node.Name)
}

// judgeNetsplit compares looks as well: a node that left while it was away is
// never counted as back.
func judgeNetsplit(s Subject) Observation {
	past, o := counted(s)
	if len(past) == 0 {
		return o
	}
	least := past[0].Splits
	for i, p := range past {
		if i > 0 && p.In < past[i-1].In {
			least = p.Splits // the broker started anew, and so did its counters
		}
		least = min(least, p.Splits)
	}
	now := past[len(past)-1].Splits
	if open := now - max(least, 0); open > 0 {
		return bad("%s counts %d netsplits more than were resolved", s.Node.Name, open).
			effect("unless the netsplit switches are on, %s refuses clients", place(s.Fleet, s.Node)).
			byHand("bring the member back that cluster calls not running; see also ip, port and channel")
	}
	if now > 0 {
		return ok("no netsplit since this is watched; %d were never counted as resolved", now)
	}
	return ok("no netsplit is open")
}

// counted are the looks that read the broker's counters, this one last, or why
// there is nothing to compare.
func counted(s Subject) ([]facts.NodeSample, Observation) {
	v, seenOK := s.facts().Vitals.Get()
	if !seenOK {
		return nil, unknown("the counters of %s: %s", s.Node.Name, reason(s.facts().Vitals))
	}
	if !v.Metrics.OK() {
		return nil, unknown("the counters of %s: %s", s.Node.Name, reason(v.Metrics))
	}
	var past []facts.NodeSample
	for _, p := range s.Seen.Past.Node(s.Node.Name) {
		if p.Counted {
			past = append(past, p)
		}
	}
	if len(past) == 0 || !past[len(past)-1].At.Equal(s.Seen.At) {
		return nil, unknown("the counters of %s were read and nobody remembers them, or they lack cluster_bytes_dropped", s.Node.Name)
	}
	return past, Observation{}
}

// rise is how far a counter went; one that is less than before began anew.
func rise(before, now int64) int64 {
	if now < before {
		return now
	}
	return now - before
}
