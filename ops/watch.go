package ops

import (
	"context"
	"fmt"
	"time"

	"vmqbot/alerts"
	"vmqbot/regions"
)

// Tell tells the watch what a person wants. It touches no host; who wants it,
// when, and by which operation is filled in when it is done.
type Tell struct {
	Wish alerts.Wish `json:"tell"`
}

func (Tell) action() {}

// String says what is wanted.
func (t Tell) String() string {
	w := t.Wish
	about := w.About()
	text := string(w.Want) + " " + about // ended, handed back, taken on: as it is typed
	switch {
	case w.Want == alerts.Silence:
		text = fmt.Sprintf("silence %s for %s", about, w.For)
	case w.Want == alerts.Maintenance && w.Every != "":
		text = fmt.Sprintf("maintenance %s for %s at %s", about, w.For, w.Every)
	case w.Want == alerts.Maintenance:
		text = fmt.Sprintf("maintenance %s for %s", about, w.For)
	case w.Want == alerts.Schedule:
		text = fmt.Sprintf("schedule %s at %s", about, w.Every)
	case w.Want == alerts.Unschedule:
		text = fmt.Sprintf("unschedule %s", about)
	case w.Want == alerts.AutohealOff:
		text = fmt.Sprintf("autoheal off %s", about)
	case w.Want == alerts.AutohealOn:
		text = fmt.Sprintf("autoheal on %s", about)
	}
	if w.Reason != "" {
		text += ": " + display(w.Reason)
	}
	return text
}

// Wishes keeps what people told the watch, in the order in which they said it.
// Nothing is ever changed or removed.
type Wishes interface {
	AddWish(ctx context.Context, w alerts.Wish) error
	Wishes(ctx context.Context) ([]alerts.Wish, error)
}

// AlertBook keeps what the watch knows and what it must still say. One process
// at a time writes it: the one that holds the lease of the watch.
type AlertBook interface {
	Book(ctx context.Context) (alerts.Book, error)
	// SaveTurn keeps one turn as a whole, before anything of it is said or
	// repaired: what differs between two books, and what every door must say.
	SaveTurn(ctx context.Context, before, after alerts.Book, says []alerts.Say) error
	Outbox
}

// Outbox holds what each door must still say. A door is a place where alerts
// are told: regions.Speech for what people read, or the name of a receiver.
// Each has its own, so that one which cannot be reached holds up no other.
type Outbox interface {
	// Doors names all of them. One that is new hears what is said from then on;
	// what was kept for one that is no more is dropped.
	Doors(ctx context.Context, names ...string) error
	Unsaid(ctx context.Context, door string) ([]alerts.Say, error) // oldest first
	// Said takes one thing out of what its door must say. For a post, ref is
	// where the message stands, in the door's own words; for anything else "" or
	// the same leaves it as it was.
	Said(ctx context.Context, s alerts.Say, ref string) error
}

// Speaker says things to people. The answer to a post is where the message
// stands now, which later says of the group have in Ref. again is true when it
// may have been said before, as before a crash: look for it first.
type Speaker interface {
	Speak(ctx context.Context, s alerts.Say, m alerts.Message, again bool) (where string, err error)
}

// Refresher is a Speaker to somebody who forgets: about once a minute it is told
// everything that people know to be bad (alerts.Book.Standing).
type Refresher interface {
	Refresh(ctx context.Context, standing []alerts.Message) error
}

// Hint is something that happened on a host. It proves nothing and is never
// judged: it only asks for a look.
type Hint struct {
	Node string    // whose host it was
	What string    // "start", "die", "oom", "health_status", "destroy", "rename"
	Name string    // the container
	At   time.Time // the host's own clock: where to go on from
}

// Hints hears what happens on hosts. Hear returns when the stream ends, with
// an error unless ctx ended it; nothing before since is told again. ready is
// called once, when nothing that happens from then on is missed.
type Hints interface {
	Hear(ctx context.Context, n regions.Node, since time.Time, ready func(), hear func(Hint)) error
}
