package alerts

import (
	"maps"
	"slices"
	"time"
)

// Shift moves every moment that the book holds by a jump of the clock, so that
// everything is as old after it as it was before. A clock that is wrong for one
// look and then put right would else make old what has just been done: budgets
// would be free again, and managers paged for what is a minute old. What people
// said until when (silences, windows) goes by the clock of the wall and stays.
func (b Book) Shift(jump time.Duration) Book {
	b = b.clone()
	for k, a := range b.Alerts {
		for _, t := range a.moments() {
			*t = moved(*t, jump)
		}
		a.Edges = slices.Clone(a.Edges)
		for i := range a.Edges {
			a.Edges[i].At = moved(a.Edges[i].At, jump)
		}
		b.Alerts[k] = a
	}
	for group, s := range b.Sent {
		s.Lines = slices.Clone(s.Lines)
		for i := range s.Lines {
			for _, t := range append(s.Lines[i].moments(), &s.Lines[i].Healed) {
				*t = moved(*t, jump)
			}
		}
		b.Sent[group] = s
	}
	for node, tries := range b.Tries {
		tries = slices.Clone(tries)
		for i := range tries {
			tries[i].At, tries[i].Ended = moved(tries[i].At, jump), moved(tries[i].Ended, jump)
		}
		b.Tries[node] = tries
	}
	b.Stormy = moved(b.Stormy, jump)
	return b
}

// moved leaves alone what has not happened.
func moved(t time.Time, jump time.Duration) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(jump)
}

// Resumed is the book of a watch that goes on after one that ended: what it was
// repairing is over, and when it last saw each trouble is kept, in case that has
// ended meanwhile.
func (b Book) Resumed(now time.Time) Book {
	for _, node := range b.Running() {
		b = b.Ended(node, "", "the bot ended in the middle of it", now)
	}
	b.Alerts = maps.Clone(b.Alerts)
	for k, a := range b.Alerts {
		if a.Live() && now.Sub(a.LastBad) >= awayFor {
			a.Away = a.LastBad
			b.Alerts[k] = a
		}
	}
	return b
}

// awayFor is how long nobody must have looked before "while I was away" is said.
const awayFor = time.Minute
