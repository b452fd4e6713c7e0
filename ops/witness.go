package ops

import (
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/regions"
)

// Witness sees what the watch does, as it does it: metrics and pages are made
// of it. It must return at once, and may be called from several goroutines.
type Witness interface {
	Looked(l Looked)   // after each look
	Spoke(s Spoke)     // after each attempt to tell somebody something
	Healed(h Healed)   // at the end of each repair
	Noticed(n Noticed) // whatever else it is worth to count
}

// Looked is one look with what followed from it.
type Looked struct {
	Why    string // WhySweep, or what asked for the look
	Begun  time.Time
	Took   time.Duration // the look itself
	Fleet  *regions.Fleet
	Seen   facts.Fleet
	Found  []checks.Observation
	Before alerts.Book // before it was folded
	After  alerts.Book
	Gates  map[alerts.Key]alerts.Gate // what lies over each alert
	Wishes alerts.Wishes
	Locked map[string]bool // regions in which somebody's operation holds the lock
	Unsaid time.Time       // since when people have been told nothing of what they must be told; zero when they know all
	Err    error           // it could not be kept, so nothing followed from it; After is then Before
}

// WhySweep is why a sweep looks.
const WhySweep = "sweep"

// Spoke is one attempt to tell one door one thing.
type Spoke struct {
	Door    string // regions.Speech, the name of a receiver, or "deadman"
	Op      string // as alerts.Op, or OpRefresh, or OpPing
	Took    time.Duration
	Waiting int   // how much the door must still say now
	Err     error // nil when it was heard; its code says whether it was refused
	GaveUp  bool  // it was refused so often that it is not tried again
}

// What is said beside the operations of alerts.
const (
	OpRefresh = "refresh" // everything that stands, once more
	OpPing    = "ping"    // the sign of life
)

// Healed is one repair that is over.
type Healed struct {
	Order alerts.Order
	Op    string // the operation; "" when it did not come to one
	Took  time.Duration
	Err   error
}

// Notice is what was noticed.
type Notice string

// What can be noticed.
const (
	StandingBy   Notice = "standing by"   // another process watches this fleet
	Watching     Notice = "watching"      // this one does, from now on
	Ended        Notice = "ended"         // it does not any more
	SweepSkipped Notice = "sweep skipped" // the one before still ran
	StreamUp     Notice = "stream up"     // the events of a host can be heard
	StreamDown   Notice = "stream down"
	Hinted       Notice = "hint" // an event of a host
)

// Noticed is one notice with what it is about.
type Noticed struct {
	Notice Notice
	Region string // of a stream or a hint
	Node   string // whose host it is
	What   string // of a hint: "start", "die", ...
	At     time.Time
}

// Witnesses are several; each sees everything.
type Witnesses []Witness

var _ Witness = Witnesses(nil)

// Looked tells all of them.
func (w Witnesses) Looked(l Looked) { w.each(func(o Witness) { o.Looked(l) }) }

// Spoke tells all of them.
func (w Witnesses) Spoke(s Spoke) { w.each(func(o Witness) { o.Spoke(s) }) }

// Healed tells all of them.
func (w Witnesses) Healed(h Healed) { w.each(func(o Witness) { o.Healed(h) }) }

// Noticed tells all of them.
func (w Witnesses) Noticed(n Noticed) { w.each(func(o Witness) { o.Noticed(n) }) }

func (w Witnesses) each(tell func(Witness)) {
	for _, o := range w {
		tell(o)
	}
}
