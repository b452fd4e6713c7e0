package checks

import (
	"time"

	"vmqbot/facts"
)

func init() {
	register(Check{
		Name: "together", Row: "F34", Summary: "was no other region down while this node was?", Severity: Warning,
		Needs: []string{"docker"}, Named: true, Others: true, node: judgeTogether,
	})
}

// sinceWhen is how far back it is looked: what is older was told, or will not be
// repeated by whoever did it.
const sinceWhen = time.Hour

// judgeTogether finds that containers of two regions were down at the same time, by
// when Docker saw the one before end and this one start. Nothing tells beforehand
// that somebody is about to do it by hand; the bot's own lock lets one region at a
// time.
func judgeTogether(s Subject) Observation {
	own, why := absenceOf(s)
	if why != "" {
		return unknown("when %s was down: %s", s.Node.Container, why)
	}
	var unseen string
	for _, p := range s.Fleet.Peers(s.Node) {
		if p.Region == s.Node.Region {
			continue
		}
		other, why := absenceOf(s.of(p))
		if why != "" {
			unseen = p.Name + ": " + why
			continue
		}
		from, to := later(own.from, other.from), earlier(own.to, other.to)
		if own.from.IsZero() || other.from.IsZero() || to.Sub(from) < time.Second { // a clock is read no better than that
			continue
		}
		return bad("%s and %s were down at the same time, from %s to %s UTC", s.Node.Container, p.Container, onClock(from), onClock(to)).
			effect("while two regions are away %s, and what is published for them meanwhile is held back for both at once", othersRefuseToo).
			byHand("it is over; next time type restart all, which restarts one region after the other and each once the one before it is proven")
	}
	switch {
	case own.from.IsZero():
		return ok("%s was not down within the last hour", s.Node.Container)
	case unseen != "":
		return unknown("whether another region was down with %s is not known; %s", s.Node.Container, unseen)
	}
	return ok("%s was the only one that was down", s.Node.Container)
}

const othersRefuseToo = "every other node refuses clients unless the netsplit switches are on"

// absence is the last time that a container was down, by our own clock; zero where
// it was not lately.
type absence struct{ from, to time.Time }

func absenceOf(s Subject) (absence, string) {
	c, seenOK := s.facts().Container.Get()
	h, hostOK := s.facts().Host.Get()
	switch {
	case s.facts().Container.Blind() == facts.Absent:
		return absence{}, ""
	case !seenOK:
		return absence{}, reason(s.facts().Container)
	case !hostOK || h.Clock.IsZero():
		return absence{}, "the clock of " + s.Node.Host + " was not read"
	}
	off := h.Clock.Sub(s.Seen.At)
	a := absence{c.FinishedAt.Add(-off), c.StartedAt.Add(-off)}
	if !c.Running {
		a.to = s.Seen.At
	}
	if c.FinishedAt.Year() < 2000 || s.Seen.At.Sub(a.to) > sinceWhen || !a.from.Before(a.to) { // Docker's "never" is the year 1
		return absence{}, ""
	}
	return a, ""
}

func onClock(t time.Time) string { return t.Round(time.Second).UTC().Format(time.TimeOnly) }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
