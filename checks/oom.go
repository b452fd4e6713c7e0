package checks

import "time"

func init() {
	register(Check{
		Name: "oom", Row: "F30", Summary: "did the kernel kill a process of the container for lack of memory?", Severity: Warning,
		Needs: []string{"container"}, node: judgeOOM,
	})
}

// oomFor is how long a kill is told: Docker forgets it only when the container
// starts anew, which may be never.
const oomFor = time.Hour

func judgeOOM(s Subject) Observation {
	c, seenOK := s.facts().Container.Get()
	if !seenOK {
		return unknown("container %s: %s", s.Node.Container, reason(s.facts().Container))
	}
	if !c.OOMKilled {
		return ok("no process of %s was killed for lack of memory since it started", s.Node.Container)
	}
	if since := markedFor(s); since >= oomFor {
		return ok("a process of %s was killed for lack of memory, more than %s ago", s.Node.Container, readable(since))
	}
	return bad("a process of %s was killed for lack of memory", s.Node.Container).
		effect("when it was the broker, every client of %s was dropped and what it had not stored is lost; it will come again", place(s.Fleet, s.Node)).
		byHand("on %s: free -m and docker stats %s; give it more memory or let queues expire (persistent_client_expiration, max_offline_messages)", s.Node.Host, s.Node.Container)
}

// markedFor is for how long each look that saw the container saw the mark.
func markedFor(s Subject) time.Duration {
	past := s.Seen.Past.Node(s.Node.Name)
	var since time.Duration
	for i := len(past) - 1; i >= 0; i-- {
		switch p := past[i]; {
		case !p.Known:
		case !p.OOM:
			return since
		default:
			since = s.Seen.At.Sub(p.At)
		}
	}
	return since
}
