package alerts

import (
	"slices"
	"time"

	"vmqbot/checks"
)

// Sent is what people were last told about one group: one message with a line
// for each alert. It stays the group's message until everything in it has been
// over for so long that a relapse would be a new alert.
type Sent struct {
	Group   string `json:"group"`
	Episode int    `json:"episode"` // grows with each new message; 0 for none yet
	Lines   []Line `json:"lines"`
}

// Line is what was told about one alert.
type Line struct {
	ID       ID        `json:"id"`
	Phase    Phase     `json:"phase"`
	Flapping bool      `json:"flapping,omitempty"`
	Healed   time.Time `json:"healed,omitzero"`   // when the repair began that was told last
	GaveUp   bool      `json:"gave_up,omitempty"` // a person was told that repairs did not help
	Acked    bool      `json:"acked,omitempty"`

	Severity checks.Severity `json:"severity,omitempty"`
	Peak     checks.Severity `json:"peak,omitempty"`     // the worst since Told
	Refusal  Refusal         `json:"refusal,omitempty"`  // as the message shows it
	Evidence string          `json:"evidence,omitempty"` // the same
	Drawn    time.Time       `json:"drawn,omitzero"`     // when the evidence was shown

	Told   time.Time `json:"told"`             // when it was announced, came back, became worse or was handed back
	Paged  bool      `json:"paged,omitempty"`  // a page is open
	Held   bool      `json:"held,omitempty"`   // nobody was called, because a storm did
	Steps  int       `json:"steps,omitempty"`  // of the escalation, that were taken since Told
	Called []Whom    `json:"called,omitempty"` // who was paged since the page was opened
	Heard  time.Time `json:"heard,omitzero"`   // when somebody was paged last, or all were reminded
}

// within is a copy in which nothing was told later than now: a clock that was set
// back while no watch ran would else hold an escalation up until it has caught up.
func (s Sent) within(now time.Time) Sent {
	s.Lines = slices.Clone(s.Lines)
	for i := range s.Lines {
		for _, t := range s.Lines[i].moments() {
			if t.After(now) {
				*t = now
			}
		}
	}
	return s
}

// moments are those of the line itself; Healed is its alert's.
func (l *Line) moments() []*time.Time { return []*time.Time{&l.Told, &l.Drawn, &l.Heard} }

// find is the line of a key, whichever trouble it was.
func (s *Sent) find(k Key) *Line {
	i := slices.IndexFunc(s.Lines, func(l Line) bool { return l.ID.Key == k })
	if i < 0 {
		return nil
	}
	return &s.Lines[i]
}

// open reports whether new lines still join the message.
func (s *Sent) open(cases []Case, now time.Time) bool {
	if s.Episode == 0 {
		return false
	}
	for _, l := range s.Lines {
		i := slices.IndexFunc(cases, func(c Case) bool { return c.Alert.Key == l.ID.Key })
		if i < 0 {
			continue
		}
		a := cases[i].Alert
		again := a.Seq != l.ID.Seq // so what the line tells of is long over
		over := a.Phase == Resolved && !a.Flapping && now.Sub(a.Resolved) >= RuleOf(a.Key.Check).ReopenFor
		if l.Phase != Resolved || !again && !over {
			return true
		}
	}
	return false
}

// Told is what people were told about the trouble that an alert is now.
func (b Book) Told(a Alert) (Line, bool) {
	s := b.Sent[a.Key.Group()]
	if l := s.find(a.Key); l != nil && l.ID == a.ID() {
		return *l, true
	}
	return Line{}, false
}
