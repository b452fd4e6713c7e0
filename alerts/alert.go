package alerts

import (
	"time"

	"vmqbot/checks"
)

// Phase is where an alert stands.
type Phase string

// The phases. The zero value is Fine.
const (
	Fine     Phase = ""
	Suspect  Phase = "suspect" // seen bad, not yet often enough to say so
	Firing   Phase = "firing"
	Healing  Phase = "healing" // firing, and a repair has begun
	Resolved Phase = "resolved"
)

// String names the phase; the zero value is "fine".
func (p Phase) String() string {
	if p == Fine {
		return "fine"
	}
	return string(p)
}

// Alert is one key with its history. Everything that decides is in it, so that
// it can be kept and gone on with after a restart.
type Alert struct {
	Key      Key             `json:"key"`
	Seq      int             `json:"seq"` // of the trouble that is or was last; 0 for none yet
	Phase    Phase           `json:"phase"`
	Severity checks.Severity `json:"severity,omitempty"`

	BadRun    int       `json:"bad_run,omitempty"`   // verdicts in a row; Unknown moves neither
	GoodRun   int       `json:"good_run,omitempty"`  // the same
	BlindRun  int       `json:"blind_run,omitempty"` // looks in a row that could not see, for a reason of their own
	BlindFrom time.Time `json:"blind_from,omitzero"` // the first of BlindRun
	BadSince  time.Time `json:"bad_since,omitzero"`  // the first of BadRun
	GoodSince time.Time `json:"good_since,omitzero"` // the first of GoodRun
	Since     time.Time `json:"since,omitzero"`      // the first bad look of this trouble
	Fired     time.Time `json:"fired,omitzero"`      // when it last began to fire
	Resolved  time.Time `json:"resolved,omitzero"`   // when it last ended
	Healed    time.Time `json:"healed,omitzero"`     // when the last repair began
	HealEnded time.Time `json:"heal_ended,omitzero"` // when it was over; zero while it runs
	LastBad   time.Time `json:"last_bad,omitzero"`   // the last bad look
	Away      time.Time `json:"away,omitzero"`       // the last bad look of the watch before, while this one saw none
	Edges     []Edge    `json:"edges,omitempty"`     // ends and beginnings within FlapWindow
	Flapping  bool      `json:"flapping,omitempty"`  // it comes and goes
	Last      Found     `json:"last"`                // the last bad look
	Blind     string    `json:"blind,omitempty"`     // why the last look could not see
	Verdict   Verdict   `json:"verdict"`             // of the last look
	Failed    bool      `json:"failed,omitempty"`    // the last repair itself failed, so it has nothing to show
	Helped    bool      `json:"helped,omitempty"`    // it ended while a repair was being proven
	Refusal   Refusal   `json:"refusal,omitempty"`   // why it is not repaired by itself now
	Worse     int       `json:"worse,omitempty"`     // bad looks in a row that were worse than Severity
	Milder    time.Time `json:"milder,omitzero"`     // since when every bad look was milder than Severity
}

// Verdict is what a check came to.
type Verdict = checks.Verdict

// Edge is one beginning or end.
type Edge struct {
	At  time.Time `json:"at"`
	Bad bool      `json:"bad"`
}

// Found is what a look found, as far as people are told.
type Found struct {
	Evidence string `json:"evidence,omitempty"`
	Effect   string `json:"effect,omitempty"`
	Repair   string `json:"repair,omitempty"`
	NoRepair string `json:"no_repair,omitempty"`
	Row      string `json:"row,omitempty"`
}

// ID is the identity of the trouble that is or was last.
func (a Alert) ID() ID { return ID{a.Key, a.Seq} }

// moments are all that the alert remembers beside its edges.
func (a *Alert) moments() []*time.Time {
	return []*time.Time{&a.BlindFrom, &a.BadSince, &a.GoodSince, &a.Since, &a.Fired, &a.Resolved, &a.Healed, &a.HealEnded, &a.LastBad, &a.Away, &a.Milder}
}

// Live reports that it is bad now and people should know.
func (a Alert) Live() bool { return a.Phase == Firing || a.Phase == Healing }

// Bad reports that it was bad by the last look that could see it, and not only
// by the one before.
func (a Alert) Bad() bool { return a.BadRun > 0 && (a.Live() || a.Phase == Suspect) }

// Needy reports that a person is wanted: it is live, or comes and goes.
func (a Alert) Needy() bool { return a.Live() || a.Flapping }
