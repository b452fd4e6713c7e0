package checks

import (
	"time"

	"vmqbot/facts"
	"vmqbot/gate"
)

func init() {
	register(Check{
		Name: "loop", Row: "F22", Summary: "does the broker end again and again?", Severity: Critical,
		Needs: []string{"container"}, node: judgeLoop,
	})
}

// loopAfter is how many ends in a row, or within loopWithin, are no accident.
const (
	loopAfter  = 3
	loopWithin = 30 * time.Minute
	loopYoung  = 5 * time.Minute
)

// judgeLoop tells a broker for which waiting is no use from one that is slow.
// A gate counts the ends in a row; Docker counts its own restarts since
// somebody started the container, which may be a year ago.
func judgeLoop(s Subject) Observation {
	c, seenOK := s.facts().Container.Get()
	if !seenOK {
		return unknown("container %s: %s", s.Node.Container, reason(s.facts().Container))
	}
	if o := dockerLoop(s, c); o.Verdict == Bad {
		return o
	}
	if c.Labels[gate.Label] == "" || c.HealthSays == "" {
		return ok("Docker started %s again %s", s.Node.Container, times(c.RestartCount))
	}
	st, err := gate.ParseState(c.HealthSays)
	switch {
	case err != nil:
		return unknown("the gate of %s: %v", s.Node.Container, err)
	case st.Crashes >= loopAfter:
		return down(s, "the broker ended "+times(st.Crashes)+" in a row: "+st.String()).byHand("read why it ends: logs %s", s.Node.Name)
	}
	return ok("the broker ended %s in a row", times(st.Crashes))
}

// dockerLoop is Bad where Docker starts the container again and again: by how
// often within the last half hour where somebody remembers, and else where it
// was often and a moment ago.
func dockerLoop(s Subject, c facts.Container) Observation {
	if n, span := restarts(s.Seen.Past.Node(s.Node.Name), s.Seen.At); span >= loopYoung {
		if n < loopAfter {
			return ok("")
		}
		return ends(s, c, "Docker started "+s.Node.Container+" again "+times(n)+" within "+min(span, loopWithin).Round(time.Second).String())
	}
	h, _ := s.facts().Host.Get()
	up := h.Clock.Sub(c.StartedAt)
	if c.RestartCount < loopAfter || h.Clock.IsZero() || c.StartedAt.IsZero() || up < 0 || up >= loopYoung {
		return ok("")
	}
	return ends(s, c, "Docker started "+s.Node.Container+" again "+times(c.RestartCount)+", last "+up.Round(time.Second).String()+" ago")
}

func ends(s Subject, c facts.Container, evidence string) Observation {
	return down(s, evidence+killed(c)).byHand("read why it ends: logs %s", s.Node.Name)
}

// restarts are those that Docker made within loopWithin, and how much of that
// time was seen. A count that went down began again at nothing.
func restarts(past []facts.NodeSample, now time.Time) (n int, span time.Duration) {
	last, begun := 0, false
	for _, p := range past {
		if !p.Known || now.Sub(p.At) > loopWithin {
			continue
		}
		if !begun {
			begun, span = true, now.Sub(p.At)
		} else if p.Restarts >= last {
			n += p.Restarts - last
		} else {
			n += p.Restarts
		}
		last = p.Restarts
	}
	return n, span
}
