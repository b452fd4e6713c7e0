package checks

import "vmqbot/weave"

func init() {
	register(Check{
		Name: "router", Row: "F9", Summary: "does the weave router on the host answer?", Severity: Warning,
		Needs: []string{"host"}, node: judgeRouter,
	})
}

func judgeRouter(s Subject) Observation {
	seen := s.facts().Weave
	r, seenOK := seen.Get()
	if !seenOK {
		if !noAnswer(seen.Blind()) {
			return unknown("the weave router: %s", reason(seen))
		}
		return noRouter(s, "the weave router on "+s.Node.Host+" does not answer: "+reason(seen))
	}
	if r.Name == "" {
		return unknown("the weave router on %s answers without its name: look again", s.Node.Host)
	}
	if !r.Ready {
		return noRouter(s, "the weave router on "+s.Node.Host+" answers but is not ready")
	}
	return ok("weave %s, %s (%s)", r.Version, r.NickName, r.Name)
}

func noRouter(s Subject, evidence string) Observation {
	if again := restarting(s); again != "" {
		evidence += "; " + again
	}
	return bad("%s", evidence).
		effect("no message passes between %s and the other hosts while the router is down; its container keeps its address", place(s.Fleet, s.Node)).
		repair("network up %s", s.Node.Name)
}

// restarting is that Docker starts the router again and again, where it does.
func restarting(s Subject) string {
	d, _ := s.facts().Docker.Get()
	for _, c := range d.Containers {
		if c.Name == weave.Container && c.State == "restarting" {
			return "Docker starts it again and again, and doctor " + s.Node.Name + " reads in its log why it ends"
		}
	}
	return ""
}
