package ops

import (
	"slices"
	"strings"
	"time"
)

// Consent is where an approval stands.
type Consent string

// The states of an approval. Only Open changes by a decision, and only once;
// Spent follows Granted when the operation has ended, however it ended.
const (
	Open      Consent = "open"
	Granted   Consent = "granted" // claimed: whoever wrote this runs the plan, nobody else ever
	Denied    Consent = "denied"
	Withdrawn Consent = "withdrawn" // by whoever asked
	Expired   Consent = "expired"
	Spent     Consent = "spent"
)

// Approval is consent that is waited for: one card, one plan, one use.
type Approval struct {
	ID         string    `json:"id"` // unpredictable; all that a button carries
	Op         string    `json:"op"` // the operation that it would become
	Actor      string    `json:"actor"`
	Requester  Caller    `json:"requester"`
	Line       string    `json:"line"` // what was typed; parsed again when it is granted
	PlanHash   string    `json:"plan_hash"`
	Plan       string    `json:"plan"` // its text form
	Needs      []Need    `json:"needs"`
	Votes      []Vote    `json:"votes,omitempty"`
	State      Consent   `json:"state"`
	By         string    `json:"by,omitempty"`          // the user who ended it
	Why        string    `json:"why,omitempty"`         // the reason of a denial or of breaking the glass
	BreakGlass bool      `json:"break_glass,omitempty"` // granted by an admin without the voices
	Card       string    `json:"card,omitempty"`        // where the door shows it, in the door's own words
	Created    time.Time `json:"created"`
	Expires    time.Time `json:"expires"`
	Ended      time.Time `json:"ended,omitzero"`
	Version    int64     `json:"version"` // grows with every change: the store's compare-and-swap
}

// Need is one policy that must be met: so many voices from these people.
type Need struct {
	Region string   `json:"region"` // "" for a verb without a target
	From   []string `json:"from"`   // user ids and user-group ids; empty means nobody
	Count  int      `json:"count"`
	Self   bool     `json:"self,omitempty"` // no policy: whoever asked confirms, and nobody else
}

// Vote is one person's consent, for the needs in which they had a voice when
// they gave it.
type Vote struct {
	By  string    `json:"by"`
	For []int     `json:"for"` // indexes of Needs
	At  time.Time `json:"at"`
}

// Choice is what a person decides.
type Choice string

// The choices.
const (
	Approve    Choice = "approve"
	Deny       Choice = "deny" // by whoever asked it is a withdrawal
	BreakGlass Choice = "break-glass"
)

// Decision is one click, with what the directory said at that moment.
type Decision struct {
	Choice Choice
	By     string // the user's id
	Voice  []int  // the needs in which the user has a voice now
	Admin  bool
	Reason string
	At     time.Time
}

// Decide is the whole machine: what one decision makes of an approval. When
// nothing changed, the error says why; an approval that is found expired is
// returned changed and with the error.
func (a Approval) Decide(d Decision) (Approval, error) {
	if a.State != Open {
		return a, a.over()
	}
	if !d.At.Before(a.Expires) {
		return a.end(Expired, "", "", a.Expires), Errorf(Refused, a.Line, "This request expired at %s UTC, so nothing was done.", a.Expires.UTC().Format("15:04:05"))
	}
	mine := d.By == a.Requester.User && d.By != ""
	switch d.Choice {
	case Deny:
		return a.deny(d, mine)
	case BreakGlass:
		return a.breakGlass(d)
	case Approve:
		return a.approve(d, mine)
	default:
		return a, Errorf(Invalid, "help", "There is no decision %q.", string(d.Choice))
	}
}

func (a Approval) deny(d Decision, mine bool) (Approval, error) {
	switch {
	case mine:
		return a.end(Withdrawn, d.By, d.Reason, d.At), nil
	case len(d.Voice) > 0 || d.Admin:
		return a.end(Denied, d.By, d.Reason, d.At), nil
	default:
		return a, a.noVoice()
	}
}

func (a Approval) breakGlass(d Decision) (Approval, error) {
	switch {
	case !d.Admin:
		return a, Errorf(Refused, "help", "Only an admin may break the glass, and you are none.")
	case strings.TrimSpace(d.Reason) == "":
		return a, Errorf(Refused, "help", "Breaking the glass needs a reason: it is announced and stays in the audit.")
	}
	next := a.end(Granted, d.By, d.Reason, d.At)
	next.BreakGlass = true
	return next, nil
}

func (a Approval) approve(d Decision, mine bool) (Approval, error) {
	voted := slices.ContainsFunc(a.Votes, func(v Vote) bool { return v.By == d.By })
	switch {
	case mine && !a.self():
		return a, Errorf(Refused, "help", "You asked for this yourself, so your own voice does not count; somebody else must approve it.")
	case a.self() && !mine:
		return a, Errorf(Refused, "help", "Only who asked for this may confirm it.")
	case voted:
		return a, Errorf(Refused, "help", "You have approved this already; it waits for somebody else.")
	case len(d.Voice) == 0 || d.By == "":
		return a, a.noVoice()
	}
	next := a
	next.Votes = append(slices.Clone(a.Votes), Vote{By: d.By, For: slices.Clone(d.Voice), At: d.At})
	next.Version++
	if len(next.Missing()) > 0 {
		return next, nil
	}
	next.State, next.By, next.Ended = Granted, d.By, d.At
	return next, nil
}

func (a Approval) end(s Consent, by, why string, at time.Time) Approval {
	a.State, a.By, a.Why, a.Ended = s, by, why, at
	a.Version++
	return a
}

// self reports whether whoever asked confirms alone.
func (a Approval) self() bool { return len(a.Needs) > 0 && a.Needs[0].Self }

// Missing is how many voices each need still lacks, by its index; empty when
// all are met. An approval without any need is never met.
func (a Approval) Missing() map[int]int {
	missing := map[int]int{}
	if len(a.Needs) == 0 {
		missing[0] = 1
	}
	for i, n := range a.Needs {
		have := 0
		for _, v := range a.Votes {
			if slices.Contains(v.For, i) {
				have++
			}
		}
		if want := max(n.Count, 1); have < want {
			missing[i] = want - have
		}
	}
	return missing
}

// Spend closes a granted approval after its operation; others stay as they are.
func (a Approval) Spend() Approval {
	if a.State == Granted {
		a.State = Spent
		a.Version++
	}
	return a
}

// Expire closes an open approval whose time is over.
func (a Approval) Expire(now time.Time) Approval {
	if a.State == Open && !now.Before(a.Expires) {
		return a.end(Expired, "", "", a.Expires)
	}
	return a
}

func (a Approval) noVoice() error {
	var from []string
	for _, n := range a.Needs {
		from = append(from, n.From...)
	}
	slices.Sort(from)
	from = slices.Compact(from)
	if len(from) == 0 {
		return Errorf(Refused, "help", "Nobody may approve this: the fleet file names no approver for it.")
	}
	return Errorf(Refused, "help", "You have no voice in this now; %s may decide.", strings.Join(from, ", "))
}

// over says how it ended, to whoever comes too late.
func (a Approval) over() error {
	at := a.Ended.UTC().Format("15:04:05")
	switch a.State {
	case Granted, Spent:
		return Errorf(Refused, "history", "This was approved at %s UTC already, as operation %s; it runs once.", at, a.Op)
	case Denied:
		return Errorf(Refused, a.Line, "This was denied by %s at %s UTC.", a.By, at)
	case Withdrawn:
		return Errorf(Refused, a.Line, "This was withdrawn by %s at %s UTC.", a.By, at)
	default:
		return Errorf(Refused, a.Line, "This request expired at %s UTC, so nothing was done.", at)
	}
}
