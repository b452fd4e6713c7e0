package ops

// Unattended is an operation that nobody typed just now.
type Unattended struct {
	Actor  string // "autoheal" or "schedule"
	Line   string
	Region string // that it works on; of several, the first
	Of     string // id of the schedule; "" for a repair
	By     string // the actor who made the schedule
}

// Stage shows what is done unattended, as it is done. Show returns what hears the
// operation's events, in order and from one goroutine at a time; it must return at
// once, as must what it returns.
type Stage interface {
	Show(u Unattended) func(Event)
}
