package endpoints

import (
	"fmt"
	"time"

	"vmqbot/ops"
)

// Condition is one thing that must hold before this process is ready.
type Condition struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	Says string `json:"says"`
}

// standbyFor is how long after its last sign a process that waits for another
// one is taken for alive.
const standbyFor = time.Minute

// Patience is how long a watch may be silent: three sweeps, and what a look at
// hosts that do not answer takes.
func (b *Board) patience() time.Duration { return 3*b.fleet.Checks.Sweep + 2*time.Minute }

// Alive reports whether the loop of the watch turns, and what it says of
// itself. How the fleet is has no part in it: an outage of a region must never
// restart the bot.
func (b *Board) Alive() (alive bool, says string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	switch b.state {
	case ops.StandingBy:
		age := now.Sub(b.stateAt)
		return age < standbyFor, fmt.Sprintf("another process watches; this one asked for its place %s ago", age.Round(time.Second))
	default:
		age := now.Sub(latest(latest(b.looked, b.stateAt), b.started))
		return age < b.patience(), fmt.Sprintf("the last sign of the watch was %s ago", age.Round(time.Second))
	}
}

// mute is how long something may wait for people before the watch counts as one that
// nobody hears: longer than Slack's usual troubles, shorter than a person's patience.
const mute = 5 * time.Minute

// Ready says what must hold while this process watches, and whether all of it
// does. The sign of life goes out only then.
func (b *Board) Ready() (all []Condition, ready bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	add := func(name string, ok bool, says string) { all = append(all, Condition{name, ok, says}) }
	switch b.state {
	case ops.Watching:
		add("watching", true, "this process watches "+b.fleet.Cluster)
	case ops.StandingBy:
		add("watching", false, "another process watches "+b.fleet.Cluster)
	default:
		add("watching", false, "the watch has not begun, or has ended")
	}
	switch {
	case b.swept.IsZero():
		add("swept", false, "no whole look was kept yet")
	case now.Sub(b.swept) >= b.patience():
		add("swept", false, fmt.Sprintf("the last whole look was kept %s ago", now.Sub(b.swept).Round(time.Second)))
	default:
		add("swept", true, fmt.Sprintf("a whole look was kept %s ago", now.Sub(b.swept).Round(time.Second)))
	}
	if b.trouble == nil {
		add("store", true, "the last look could be kept")
	} else {
		add("store", false, "the last look could not be kept; the log says why")
	}
	if waited := now.Sub(b.unsaid); b.unsaid.IsZero() || waited < mute {
		add("heard", true, "people are told what they must be told")
	} else {
		add("heard", false, fmt.Sprintf("people have been told nothing for %s, and something waits: is the bot a member of its channel, and its token good? The log says what Slack answers", waited.Round(time.Second)))
	}
	ready = true
	for _, c := range all {
		ready = ready && c.OK
	}
	return all, ready
}
