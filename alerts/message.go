package alerts

import (
	"slices"
	"time"

	"vmqbot/checks"
)

// Message is one group as it is told: a row for each alert in it. A door draws
// it from what is true when it draws.
type Message struct {
	Group    string          `json:"group"`
	Episode  int             `json:"episode"`
	Check    string          `json:"check"`
	Region   string          `json:"region"`
	Summary  string          `json:"summary"` // the question that the check asks
	Severity checks.Severity `json:"severity"`
	Over     bool            `json:"over"` // every row is resolved
	Rows     []Row           `json:"rows"`
	Also     []string        `json:"also,omitempty"` // checks that are not told while this fires
}

// Row is one alert of a message.
type Row struct {
	ID       ID        `json:"id"`
	Phase    Phase     `json:"phase"`
	Flapping bool      `json:"flapping,omitempty"`
	Acked    string    `json:"acked,omitempty"` // by whom
	Since    time.Time `json:"since"`
	Resolved time.Time `json:"resolved,omitzero"`
	Helped   bool      `json:"helped,omitempty"`
	Tries    int       `json:"tries,omitempty"` // repairs within the hour
	Of       int       `json:"of,omitempty"`    // and how many it allowed when the last began; see Allowed
	Refusal  Refusal   `json:"refusal,omitempty"`
	Failure  string    `json:"failure,omitempty"` // how the last repair failed, and its operation
	Found    Found     `json:"found"`
}

// Allowed is how many repairs an hour allows.
func (r Row) Allowed() int {
	if r.Of == 0 {
		return PerHour
	}
	return r.Of
}

// Message draws a group; false when nothing was told of it. Of a message that
// another has followed only its end is known: everything in it is over.
func (b Book) Message(group string, episode int, w Wishes, now time.Time) (Message, bool) {
	s, ok := b.Sent[group]
	if !ok || s.Episode < episode || len(s.Lines) == 0 {
		return Message{}, false
	}
	if s.Episode > episode {
		k := s.Lines[0].ID.Key
		return Message{Group: group, Episode: episode, Check: k.Check, Region: k.Region, Summary: summary(k.Check), Over: true}, true
	}
	k := s.Lines[0].ID.Key
	m := Message{Group: group, Episode: episode, Check: k.Check, Region: k.Region, Summary: summary(k.Check), Over: true}
	for _, l := range s.Lines {
		a := b.Alerts[l.ID.Key]
		hour, _ := spent(b.Tries[l.ID.Key.Node], now)
		r := Row{
			ID: l.ID, Phase: a.Phase, Flapping: a.Flapping, Acked: w.Acks[l.ID.String()].By, Since: a.Since, Resolved: a.Resolved,
			Helped: a.Helped, Tries: hour, Refusal: a.Refusal, Failure: failure(b.Tries[l.ID.Key.Node], a.ID()), Found: a.Last,
		}
		if tries := b.Tries[l.ID.Key.Node]; len(tries) > 0 {
			r.Of = tries[len(tries)-1].Of
		}
		if a.Seq != l.ID.Seq { // the trouble that the row is about is over; another came since
			r = Row{ID: l.ID, Phase: Resolved, Since: l.Told}
		}
		m.Rows = append(m.Rows, r)
		m.Severity = max(m.Severity, a.Severity)
		m.Over = m.Over && r.Phase == Resolved && !r.Flapping
	}
	if !m.Over && k.Peer == "" {
		m.Also = Affected(k.Check)
	}
	return m, true
}

// Affected are the checks that say nothing while another fires at their node.
func Affected(check string) []string {
	var names []string
	for _, c := range checks.All() {
		if slices.Contains(checks.Causes(c.Name), check) && !c.Named {
			names = append(names, c.Name)
		}
	}
	return names
}

func summary(check string) string {
	if c, ok := checks.Find(check); ok {
		return c.Summary
	}
	switch check {
	case Blind:
		return "can everything about it be seen?"
	case Scheduled:
		return "was everything done that is scheduled?"
	case Storm:
		return "is so much bad at once that its cause is probably not in the nodes?"
	case Isolated:
		return "does it reach any other node?"
	default:
		return "does the bot reach anything?"
	}
}
