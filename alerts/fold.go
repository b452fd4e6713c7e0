package alerts

import (
	"time"

	"vmqbot/checks"
)

// Fold adds one look at a key to its alert. Unknown moves nothing: neither a
// run nor a phase. A bare tick of the clock is a Fold with Unknown.
func Fold(r Rule, a Alert, o checks.Observation, now time.Time) Alert {
	a = a.within(r, now)
	a.Verdict = o.Verdict
	a.count(r, o, now)
	switch o.Verdict {
	case checks.Bad:
		a.bad(r, now)
	case checks.OK:
		a.good(r, now)
	}
	a.flap(r)
	return a
}

// within forgets what is too old to count, and brings back to now what a clock
// that was set back has left in the future: it must not count for ever.
func (a Alert) within(r Rule, now time.Time) Alert {
	for _, t := range a.moments() {
		if t.After(now) {
			*t = now
		}
	}
	var edges []Edge
	for _, e := range a.Edges {
		if e.At.After(now) {
			e.At = now
		}
		if now.Sub(e.At) < r.FlapWindow {
			edges = append(edges, e)
		}
	}
	a.Edges = edges
	return a
}

// count moves the runs. A good run stops counting where it is long enough, so
// that an alert that is over stays as it is.
func (a *Alert) count(r Rule, o checks.Observation, now time.Time) {
	switch o.Verdict {
	case checks.Bad:
		if a.BadRun == 0 {
			a.BadSince = now
		}
		a.BadRun, a.GoodRun = a.BadRun+1, 0
		a.LastBad, a.Away = now, time.Time{}
		a.Last = Found{o.Evidence, o.Effect, o.Repair, o.NoRepair, o.Row}
		a.weigh(r, o.Severity, now)
	case checks.OK:
		if a.GoodRun == 0 {
			a.GoodSince = now
		}
		a.GoodRun, a.BadRun = min(a.GoodRun+1, r.ClearAfter), 0
	}
	switch {
	case o.Verdict != checks.Unknown:
		a.BlindRun, a.BlindFrom, a.Blind = 0, time.Time{}, ""
	case o.Closed == "" && o.Evidence != "": // what another check has closed is told there, and a tick looked at nothing
		if a.BlindRun == 0 {
			a.BlindFrom = now
		}
		a.BlindRun, a.Blind = min(a.BlindRun+1, 1000), o.Evidence
	}
}

// weigh moves the severity after a bad look. What people know of becomes worse
// when two looks in a row say so, for one may have missed a witness, and milder
// only after as long as a relapse is the same alert: quick to say that it is
// worse, slow to say that it is better.
func (a *Alert) weigh(r Rule, s checks.Severity, now time.Time) {
	if s == 0 {
		s = SeverityOf(a.Key.Check)
	}
	switch {
	case !a.Live() || s == a.Severity:
		a.Severity, a.Worse, a.Milder = s, 0, time.Time{}
	case s > a.Severity:
		a.Worse, a.Milder = a.Worse+1, time.Time{}
		if a.Worse >= worseAfter {
			a.Severity, a.Worse = s, 0
		}
	default:
		a.Worse = 0
		if a.Milder.IsZero() {
			a.Milder = now
		}
		if now.Sub(a.Milder) >= r.ReopenFor {
			a.Severity, a.Milder = s, time.Time{}
		}
	}
}

// worseAfter is how many bad looks in a row make what people know of worse.
const worseAfter = 2

// bad moves the phase after a bad look.
func (a *Alert) bad(r Rule, now time.Time) {
	switch a.Phase {
	case Fine:
		a.Phase = Suspect
		fallthrough
	case Suspect:
		if a.BadRun >= r.FireAfter {
			a.fire(now, true)
		}
	case Resolved:
		if a.BadRun >= r.FireAfter {
			a.fire(now, now.Sub(a.Resolved) >= r.ReopenFor)
		}
	case Healing:
		if !a.HealEnded.IsZero() && (a.Failed || now.Sub(a.HealEnded) >= r.HealVerify) {
			a.Phase = Firing // it did not help
		}
	case Firing:
	}
}

// fire begins a trouble, or goes on with the one that had just ended.
func (a *Alert) fire(now time.Time, isNew bool) {
	if isNew {
		a.Seq++
		a.Since = a.BadSince
	}
	a.Phase, a.Fired, a.Helped = Firing, now, false
	a.Edges = append(a.Edges, Edge{now, true})
}

// good moves the phase after a good look.
func (a *Alert) good(r Rule, now time.Time) {
	clear := a.GoodRun >= r.ClearAfter && now.Sub(a.GoodSince) >= r.ClearFor
	switch {
	case a.Phase == Suspect:
		a.Phase = Fine
	case a.Live() && clear:
		a.Helped = a.Phase == Healing && !a.Failed
		a.Phase, a.Resolved = Resolved, now
		a.Edges = append(a.Edges, Edge{now, false})
	}
}

// beginHeal marks that a repair begins.
func (a Alert) beginHeal(now time.Time) Alert {
	a.Phase, a.Healed, a.HealEnded, a.Failed = Healing, now, time.Time{}, false
	return a
}

// flap begins on a bad edge only, for a target that flaps and then dies must
// not fall silent, and ends when all edges have aged out.
func (a *Alert) flap(r Rule) {
	n := len(a.Edges)
	switch {
	case n >= r.FlapEdges && a.Edges[n-1].Bad:
		a.Flapping = true
	case n == 0:
		a.Flapping = false
	}
}
