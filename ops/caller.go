package ops

import "context"

// Caller is who stands at a door, by ids only: names are chosen by people and
// decide nothing.
type Caller struct {
	Door  string // "slack"; "" for a door that has asked nobody who they are
	User  string // the user's id: "U0ANA"
	Team  string // the id of the team that the user acts for
	Place string // the id of the channel in which it was asked; "" when there is none
}

// Actor is the caller as the journal and the audit name them.
func (c Caller) Actor() string { return c.Door + ":" + c.User }

// Person is what the directory of a door knows about a user.
type Person struct {
	ID       string
	Team     string
	Deleted  bool
	Bot      bool // also workflows and connectors
	Guest    bool // of one or several channels
	Stranger bool // somebody from another organization
}

// Place is what the directory knows about a channel.
type Place struct {
	ID     string
	Shared bool // with another organization, or about to be
	Direct bool // between the bot and one person
}

// Directory knows people, places and groups. With fresh, nothing is answered
// from memory. An error means that it is not known, and so not allowed.
type Directory interface {
	Person(ctx context.Context, id string, fresh bool) (Person, error)
	Place(ctx context.Context, id string, fresh bool) (Place, error)
	Members(ctx context.Context, group string, fresh bool) ([]string, error)
}
