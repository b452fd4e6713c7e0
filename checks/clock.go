package checks

import "time"

// clockSkew is how far a host's clock may be from the bot's.
const clockSkew = 5 * time.Second

func init() {
	register(Check{
		Name: "clock", Row: "F35", Summary: "does the host's clock agree with ours?", Severity: Warning,
		Needs: []string{"host"}, node: judgeClock,
	})
}

// judgeClock allows for the time that the look itself took.
func judgeClock(s Subject) Observation {
	h, seenOK := s.facts().Host.Get()
	if !seenOK || h.Clock.IsZero() || s.Seen.At.IsZero() {
		return unknown("the clock of %s was not read", s.Node.Host)
	}
	off := h.Clock.Sub(s.Seen.At)
	if off.Abs() <= clockSkew+s.Seen.Took {
		return ok("within %s of ours", clockSkew)
	}
	direction := "ahead of"
	if off < 0 {
		direction = "behind"
	}
	return bad("the clock of %s is %s %s ours, at most %s is right", s.Node.Host, off.Abs().Round(time.Second), direction, clockSkew).
		effect("no message is lost by it alone; TLS logins may fail, and logs and locks of %s tell wrong times", s.Node.Name).
		byHand("on %s: chronyc makestep, and see that chronyd runs", s.Node.Host)
}

// readable drops the digits of a duration that nobody reads.
func readable(d time.Duration) time.Duration {
	switch {
	case d >= 10*time.Second:
		return d.Round(time.Second)
	case d >= 10*time.Millisecond:
		return d.Round(time.Millisecond)
	default:
		return d.Round(10 * time.Microsecond)
	}
}
