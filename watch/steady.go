package watch

import (
	"time"

	"vmqbot/alerts"
)

// slack is how far the clock may run off the time that passes between two looks:
// what is more is a jump.
const slack = 2 * time.Second

// reading is one look at both clocks: the one on the wall, by which people and the
// store go, and the steady one, which nobody can set.
type reading struct {
	wall   time.Time
	steady time.Duration
}

// steady is how long the watch has run, or whatever the steady clock counts from.
func (w *Watch) steady() time.Duration {
	if w.Steady != nil {
		return w.Steady()
	}
	return time.Since(w.begun)
}

// timely is the book as it is by the clock of now. Once a turn of it was kept, the
// reading is that of the watch. w.mu is held.
func (w *Watch) timely() (alerts.Book, reading) {
	now := reading{w.now(), w.steady()}
	jump := now.wall.Sub(w.read.wall) - (now.steady - w.read.steady)
	if w.read.wall.IsZero() || jump.Abs() < slack {
		return w.book, now
	}
	w.Logger.Warn("the clock of this machine was set, or it slept", "by", jump.Round(time.Second))
	return w.book.Shift(jump), now
}
