package alerts

import (
	"slices"
	"time"

	"vmqbot/checks"
	"vmqbot/regions"
)

// Mode is what may be done about a check without asking.
type Mode string

// The modes.
const (
	Off     Mode = "off"
	Suggest Mode = "suggest" // a person is shown what to do
	Auto    Mode = "auto"
)

// ModeOf is the fleet file's word, or the default: giving a container its
// planned address back and binding its port drops no client, so that is done
// without asking; everything else is suggested.
func ModeOf(check string, said map[string]string) Mode {
	if m, ok := said[check]; ok {
		return Mode(m)
	}
	if check == "ip" || check == "port" {
		return Auto
	}
	return Suggest
}

// Refusal names why an alert is not repaired by itself; "" is leave to do so.
type Refusal string

// The refusals, in the order in which they are asked.
const (
	NotFiring  Refusal = "not firing"
	NoEvidence Refusal = "not seen bad just now"
	NoRepair   Refusal = "no repair that asks nobody"
	ByPolicy   Refusal = "policy"
	ByHand     Refusal = "autoheal is off"
	Muted      Refusal = "muted"
	Flaps      Refusal = "flapping"
	Busy       Refusal = "operation in progress"
	Asked      Refusal = "somebody is deciding"
	Exhausted  Refusal = "tried as often as allowed"
	Waiting    Refusal = "waiting after the last attempt"
	OneByOne   Refusal = "another repair is running"
	Stormy     Refusal = "too much is bad at once"
)

// The budgets of one node where the fleet file names none, whatever the check
// and whether it helped or not.
const (
	PerHour = regions.HealsPerHour
	PerDay  = regions.HealsPerDay
)

// pauses are the waits after the end of the first, second and later attempts
// of an hour, in parts of the first.
var pauses = []time.Duration{1, 4, 16}

// pauseAfter is the wait after so many attempts of an hour.
func pauseAfter(b regions.Budget, hour int) time.Duration {
	if hour == 0 {
		return 0
	}
	return b.Pause * pauses[min(hour, len(pauses))-1]
}

// Try is one attempt at a repair. It is kept before it is begun.
type Try struct {
	Alert ID        `json:"alert"`
	Node  string    `json:"node"`
	At    time.Time `json:"at"`
	Ended time.Time `json:"ended,omitzero"` // zero while it runs
	Why   string    `json:"why,omitempty"`  // how it failed; "" when it did not
	Op    string    `json:"op,omitempty"`   // the operation, once it has one
	Of    int       `json:"of,omitempty"`   // how many the hour allowed
}

// Chance is everything that decides whether one alert may be repaired now.
type Chance struct {
	Mode    Mode
	Stopped bool            // somebody has switched it off there
	Gate    Gate            // as for speech
	Busy    bool            // an operation that is none of ours works on the region
	Asked   bool            // a plan for the region waits for consent
	Running map[string]bool // regions in which a repair runs
	Storm   bool
	Tries   []Try // of the node
	Budget  regions.Budget
}

// Heal decides whether a repair may begin. It needs a Bad that was seen just
// now: Unknown never heals.
func Heal(a Alert, c Chance, now time.Time) Refusal {
	hour, day := spent(c.Tries, now)
	last := lastEnd(c.Tries)
	switch {
	case a.Phase != Firing:
		return NotFiring
	case a.Verdict != checks.Bad:
		return NoEvidence
	case a.Key.Peer != "" || a.Last.Repair != "reattach "+a.Key.Node:
		return NoRepair
	case c.Mode != Auto:
		return ByPolicy
	case c.Stopped:
		return ByHand
	case c.Busy:
		return Busy
	case c.Gate.Mute != "":
		return Muted
	case a.Flapping:
		return Flaps
	case c.Asked:
		return Asked
	case hour >= c.Budget.Hour || day >= c.Budget.Day:
		return Exhausted
	case len(c.Running) > 0:
		return OneByOne
	case hour > 0 && now.Sub(last) < pauseAfter(c.Budget, hour):
		return Waiting
	case c.Storm:
		return Stormy
	default:
		return ""
	}
}

// spent counts the attempts of the last hour and day. One that a clock which
// was set back has left in the future counts: it was made.
func spent(tries []Try, now time.Time) (hour, day int) {
	for _, t := range tries {
		if now.Sub(t.At) < time.Hour {
			hour++
		}
		if now.Sub(t.At) < 24*time.Hour {
			day++
		}
	}
	return hour, day
}

// lastEnd is when the last attempt was over.
func lastEnd(tries []Try) time.Time {
	var last time.Time
	for _, t := range tries {
		if t.Ended.After(last) {
			last = t.Ended
		}
	}
	return last
}

// running are the regions in which an attempt has begun and not ended.
func running(tries map[string][]Try) map[string]bool {
	found := map[string]bool{}
	for _, of := range tries {
		for _, t := range of {
			if t.Ended.IsZero() {
				found[t.Alert.Key.Region] = true
			}
		}
	}
	return found
}

// recent drops the attempts that no budget counts any more, and dates those
// that lie in the future to now, so that they age.
func recent(tries []Try, now time.Time) []Try {
	kept := slices.DeleteFunc(slices.Clone(tries), func(t Try) bool {
		return !t.Ended.IsZero() && now.Sub(t.At) >= 24*time.Hour
	})
	for i := range kept {
		if kept[i].At.After(now) {
			kept[i].At = now
		}
		if kept[i].Ended.After(now) {
			kept[i].Ended = now
		}
	}
	return kept
}
