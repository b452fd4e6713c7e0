package alerts

import (
	"slices"
	"time"
)

// Op is one thing to say.
type Op string

// What can be said.
const (
	Post     Op = "post"      // the group's new message
	Update   Op = "update"    // the message as it is now
	Thread   Op = "thread"    // one line of history under it
	Page     Op = "page"      // wake somebody
	StopPage Op = "stop-page" // nobody needs to come any more
)

// Say is one thing that must still be said. It is kept before it is said. A
// message is drawn from what is true when it is said, not from what was.
type Say struct {
	Seq       int64     `json:"-"` // its place in the outbox of its door, given by the store; it only grows
	Door      string    `json:"-"` // who must still hear it, given by the store
	Ref       string    `json:"-"` // where the group's message stands, in the door's words; given by the store
	Op        Op        `json:"op"`
	Group     string    `json:"group"`
	Episode   int       `json:"episode"`
	ID        ID        `json:"id,omitzero"`         // of a thread line and a page
	Text      string    `json:"text,omitempty"`      // of a thread line and a page
	Broadcast bool      `json:"broadcast,omitempty"` // a thread line that the whole channel should see
	Whom      Whom      `json:"whom,omitempty"`      // of a page
	Step      int       `json:"step,omitempty"`      // of a page: which step of the escalation, from 1
	Called    []Whom    `json:"called,omitempty"`    // of a stop-page: who was called since the page was opened
	At        time.Time `json:"at,omitzero"`         // when it came to be so; with the rest it tells this say from every other
}

// Coalesce drops from an outbox what is no use any more: an update that is
// followed by another of the same message, and a page that is over before
// anybody heard it, with its end. Of several pages for one alert the last
// stays. dropped need not be said.
func Coalesce(all []Say) (kept, dropped []Say) {
	updated, paged := map[Said]bool{}, map[ID]bool{} // by what comes later
	stale := make([]bool, len(all))
	for i, s := range slices.Backward(all) {
		switch s.Op {
		case Update:
			stale[i] = updated[s.Of()]
			updated[s.Of()] = true
		case Page, StopPage:
			stale[i] = s.Op == Page && paged[s.ID]
			paged[s.ID] = true
		case Post, Thread:
		}
	}
	for i, s := range all {
		if stale[i] {
			dropped = append(dropped, s)
		} else {
			kept = append(kept, s)
		}
	}
	return kept, dropped
}

// Said names a message: of which group, and which of its messages.
type Said struct {
	Group   string
	Episode int
}

// Of is the message that a say is about.
func (s Say) Of() Said { return Said{s.Group, s.Episode} }
