// Package timetable answers when something is due again: five fields as cron has
// them, "@daily" and the like, or "@every 12h". A spec without CRON_TZ=ZONE is
// in UTC, wherever the bot runs.
package timetable

import (
	"errors"
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // a container from scratch has no zones

	"github.com/robfig/cron/v3"
)

// Times are the moments that a spec names.
type Times struct {
	spec  string
	s     cron.Schedule
	every time.Duration // of "@every"; 0 for the calendar
}

// Parse reads a spec. Its words may be joined by + instead of spaces.
func Parse(spec string) (Times, error) {
	spec = Clean(spec)
	if strings.Contains(spec, "TZ=Local") {
		return Times{}, errors.New("names no zone: write CRON_TZ=Asia/Shanghai, or nothing for UTC")
	}
	s, err := cron.ParseStandard(spec)
	if err != nil {
		return Times{}, fmt.Errorf(`is not understood (%w); write five fields as cron has them, "0 4 * * 1", or @daily, or @every 12h`, err)
	}
	t := Times{spec: spec, s: s}
	if e, ok := s.(cron.ConstantDelaySchedule); ok {
		t.every = e.Delay
	}
	return t, nil
}

// Clean writes a spec with single spaces.
func Clean(spec string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(spec, "+", " ")), " ")
}

// Split takes a spec off the front of words: "@every 12h restart sg".
func Split(words []string) (spec string, rest []string, err error) {
	n := 0
	if len(words) > n && (strings.HasPrefix(words[n], "CRON_TZ=") || strings.HasPrefix(words[n], "TZ=")) {
		n++
	}
	switch {
	case len(words) <= n:
		n++
	case words[n] == "@every":
		n += 2
	case strings.HasPrefix(words[n], "@"):
		n++
	default:
		n += 5
	}
	if len(words) < n {
		return "", nil, errors.New(`begins with no time: write five fields as cron has them, "0 4 * * 1", or @daily, or @every 12h`)
	}
	return strings.Join(words[:n], " "), words[n:], nil
}

// String is the spec.
func (t Times) String() string { return t.spec }

// Next is the first moment after another; zero when there is none within five
// years. What comes every so often is counted from the beginning.
func (t Times) Next(after, beginning time.Time) time.Time {
	if t.every > 0 {
		if after.Before(beginning) {
			return beginning.Add(t.every).UTC()
		}
		return beginning.Add((after.Sub(beginning)/t.every + 1) * t.every).UTC()
	}
	next := t.s.Next(after.UTC())
	if next.IsZero() {
		return next
	}
	return next.UTC()
}

// farthest is how far back a moment is looked for.
const farthest = 32 * 24 * time.Hour

// Last is the last moment up to now that is later than since; false when there
// is none, or when it lies more than a month back. What comes every so often is
// counted from the beginning.
func (t Times) Last(now, since, beginning time.Time) (last time.Time, found bool) {
	for _, back := range []time.Duration{2 * time.Hour, 2 * 24 * time.Hour, farthest} {
		from := now.Add(-back)
		if from.Before(since) {
			from = since
		}
		for at := t.Next(from, beginning); !at.IsZero() && !at.After(now); at = t.Next(at, beginning) {
			last, found = at, true
		}
		if found {
			return last, true
		}
	}
	return last, false
}

// Closest is the shortest time between two of the next moments.
func (t Times) Closest(now time.Time) time.Duration {
	if t.every > 0 {
		return t.every
	}
	shortest := farthest
	at := t.Next(now, now)
	for range 300 {
		next := t.Next(at, now)
		if next.IsZero() || at.IsZero() {
			break
		}
		shortest = min(shortest, next.Sub(at))
		at = next
	}
	return shortest
}
