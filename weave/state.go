package weave

// State is how one of this host's own connections is doing, in the router's
// words (mesh/status.go).
type State string

// The states of a connection.
const (
	Established State = "established" // heartbeats arrive: traffic flows
	Pending     State = "pending"     // TCP is up, UDP heartbeats are not seen yet
	Connecting  State = "connecting"  // the first dial is under way
	Retrying    State = "retrying"    // a further dial is under way
	Failed      State = "failed"      // the last dial failed; the next one has a time, or never comes
	Waiting     State = "waiting"     // before the first dial; rare
)

// Known reports whether s is one of the states above.
func (s State) Known() bool {
	switch s {
	case Established, Pending, Connecting, Retrying, Failed, Waiting:
		return true
	}
	return false
}
