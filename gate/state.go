package gate

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Phase is what the gate is doing.
type Phase string

// The phases of a gate.
const (
	// Waiting is for the address: no broker is started without it.
	Waiting Phase = "waiting"
	// Starting is a broker that has not answered yet.
	Starting Phase = "starting"
	// Running is a broker that has answered since it was started.
	Running Phase = "running"
	// BackOff is the pause after a broker ended that nobody asked to.
	BackOff Phase = "backoff"
	// Held is a broker that stays stopped, see HoldArgv.
	Held Phase = "held"
	// Stopping is the end of the container.
	Stopping Phase = "stopping"
)

// Unknown is the Exit of a State before any broker ended, and after one that
// the gate did not start itself.
const Unknown = -1

// State is what a gate says of itself.
type State struct {
	Phase   Phase
	Starts  int // brokers that the gate started since the container did
	Crashes int // ends that nobody asked for, in a row: a minute of running forgives them
	Exit    int // exit status of the broker that ended last, or Unknown

	Address netip.Addr    // Waiting: for this one
	Pause   time.Duration // BackOff: the whole pause, in seconds, 1 to 30
	Adopted bool          // Starting, Running: somebody else started it, as `vernemq restart` in the container does
}

// String is the line that the gate writes, without its newline.
func (s State) String() string {
	return fmt.Sprintf("%s starts=%d crashes=%d exit=%d for=%s", s.Phase, s.Starts, s.Crashes, s.Exit, s.reason())
}

// reason is chosen so that no beginning of a line is a line.
func (s State) reason() string {
	switch s.Phase {
	case Waiting:
		return s.Address.String() + "/32"
	case BackOff:
		return strconv.Itoa(int(s.Pause/time.Second)) + "s"
	case Held:
		return "hold"
	case Stopping:
		return "term"
	}
	if s.Adopted {
		return "adopted"
	}
	return "own"
}

// ParseState reads the line that the gate writes and that its health check
// prints. A line that was cut short or is anything else is refused: what it
// would say is not known.
func ParseState(line string) (State, error) {
	line = strings.TrimRight(line, "\r\n")
	var s State
	words := strings.Split(line, " ")
	ok := len(words) == 5
	if ok {
		s.Phase = Phase(words[0])
		s.Starts, s.Crashes, s.Exit = number(words[1], "starts="), number(words[2], "crashes="), number(words[3], "exit=")
		reason, found := strings.CutPrefix(words[4], "for=")
		ok = found && s.Starts >= 0 && s.Crashes >= 0 && s.Exit >= Unknown && s.Exit <= 255 && s.because(reason)
	}
	// Only what the gate itself would write is understood.
	if !ok || s.String() != line {
		return State{}, fmt.Errorf("the gate said %q, which is not its state (PHASE starts=N crashes=N exit=N for=REASON): "+
			"look with `docker exec NAME sh -c 'read -r s <%s; echo \"$s\"'`, and at docker logs NAME", shorten(line), StateFile)
	}
	return s, nil
}

// because reads the last word, which depends on the phase.
func (s *State) because(reason string) bool {
	switch s.Phase {
	case Waiting:
		p, err := netip.ParsePrefix(reason)
		s.Address = p.Addr()
		return err == nil && s.Address.Is4()
	case BackOff:
		n := number(strings.TrimSuffix(reason, "s"), "")
		s.Pause = time.Duration(n) * time.Second
		return n >= 1 && n <= 30
	case Starting, Running:
		s.Adopted = reason == "adopted"
		return true
	}
	return s.Phase == Held || s.Phase == Stopping
}

// number is less than Unknown when there is none.
func number(word, key string) int {
	digits, found := strings.CutPrefix(word, key)
	n, err := strconv.ParseInt(digits, 10, 32)
	if !found || err != nil {
		return Unknown - 1
	}
	return int(n)
}

func shorten(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}
