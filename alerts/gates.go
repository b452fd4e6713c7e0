package alerts

import (
	"fmt"
	"time"

	"vmqbot/regions"
)

// Mute names why nothing is said about an alert. "" is not muted.
type Mute string

// The mutes.
const (
	Silenced      Mute = "silenced"
	InMaintenance Mute = "maintenance" // a window, or an operation on the region
	Inhibited     Mute = "inhibited"   // its cause is told instead
	Settling      Mute = "settling"    // the watch has only just begun
)

// Gate is what lies over one alert at one moment: it is computed fresh each
// time and never kept.
type Gate struct {
	Mute  Mute
	Why   string // what mutes it, for people
	Acked bool   // somebody is on it: nobody is paged any more
	Held  bool   // a storm calls people, and not each alert in it

	People int // how many are on call there, one after the other
}

// Around is what the gates are computed from.
type Around struct {
	Wishes   Wishes
	Busy     map[string]string // by region: the operation that works there, or has ended less than SettleAfter ago
	Settling map[string]bool   // checks that no look has answered since the start: what ended or began meanwhile is folded in silence
}

// SettleAfter is how long after an operation a region is still left alone.
const SettleAfter = 5 * time.Minute

// gatekeeper computes the gates of one turn.
type gatekeeper struct {
	around Around
	causes causes
	places Places
	fleet  *regions.Fleet // who is on call
	now    time.Time
}

// of computes what lies over one alert.
func (g gatekeeper) of(a Alert) Gate {
	_, acked := g.around.Wishes.Acks[a.ID().String()]
	mute, muted := g.around.Wishes.Muting(a.Key, g.places, g.now)
	cause, caused := g.causes.of(a.Key)
	busy := g.busy(a.Key)
	gate := Gate{Acked: acked, People: Listed(g.fleet, a.Key)}
	switch {
	case muted && mute.Want == Silence:
		gate.Mute, gate.Why = Silenced, said(mute, g.now)
	case g.around.Settling[a.Key.Check]:
		gate.Mute, gate.Why = Settling, "the watch has only just begun"
	case caused:
		gate.Mute, gate.Why = Inhibited, "told by "+cause.String()
	case muted:
		gate.Mute, gate.Why = InMaintenance, said(mute, g.now)
	case busy != "":
		gate.Mute, gate.Why = InMaintenance, busy
	}
	return gate
}

// said is a silence or a window in words.
func said(w Wish, now time.Time) string {
	until, _ := w.Open(now)
	return fmt.Sprintf("%s %s by %s until %s UTC: %s", w.Want, w.ID, w.By, until.UTC().Format("15:04"), w.Reason)
}

// busy is the operation that works at one of the ends.
func (g gatekeeper) busy(k Key) string {
	for _, region := range g.places.Of(k) {
		if what := g.around.Busy[region]; what != "" {
			return what
		}
	}
	return ""
}
