package guard

import (
	"fmt"
	"net/netip"
	"time"

	"vmqbot/facts"
)

// Sight is what one look on the host saw.
type Sight struct {
	Container facts.Seen[facts.Container]
	Netns     facts.Seen[facts.Netns] // only its addresses
	Bot       time.Time               // when the bot looked at this host last; zero for never
}

// Mind is what the guard remembers between two looks.
type Mind struct {
	Missing time.Time   // since when the address is gone without a break; zero while it is not
	Tries   []time.Time // the ends of the attempts of the last hour
}

// Word names what the guard came to.
type Word string

// The words.
const (
	Unseen     Word = "unseen"      // what is there could not be seen, so nothing is done
	NotRunning Word = "not running" // no container that an address could be given to
	Attached   Word = "attached"    // all is well
	Stranger   Word = "stranger"    // it has another address of the same network: the plan has changed, and nobody told the guard
	Waiting    Word = "waiting"     // the address is gone; somebody else may be about to give it back
	BotsTurn   Word = "bot is here" // the bot reaches this host: it repairs, or has been told not to
	Pausing    Word = "pausing"     // after an attempt
	Attach     Word = "attach"      // it is the guard's turn
)

// pauses are the waits after the end of the first, second and later attempts of
// an hour: those of the bot (alerts).
var pauses = []time.Duration{30 * time.Second, 2 * time.Minute, 8 * time.Minute}

// Decide is the guard's whole judgment. Why is for people.
func Decide(c Config, m Mind, s Sight, now time.Time) (next Mind, w Word, why string) {
	next = m.within(now)
	container, seen := s.Container.Get()
	switch {
	case s.Container.Blind() == facts.Absent:
		next.Missing = time.Time{}
		return next, NotRunning, c.Container + " does not exist"
	case !seen:
		return next, Unseen, s.Container.Why()
	case !container.Running || container.State != "running" || container.PID == 0:
		next.Missing = time.Time{}
		return next, NotRunning, c.Container + " is " + container.State
	}
	netns, seen := s.Netns.Get()
	switch {
	case !seen:
		return next, Unseen, s.Netns.Why()
	case netns.Has(c.Address.Addr()):
		next.Missing = time.Time{}
		return next, Attached, fmt.Sprintf("%s has %s", c.Container, c.Address)
	case other(c, netns).IsValid():
		next.Missing = time.Time{}
		return next, Stranger, fmt.Sprintf("%s has %s, and the guard was told %s", c.Container, other(c, netns), c.Address)
	case next.Missing.IsZero():
		next.Missing = now
	}
	w, why = next.turn(c, s.Bot, now)
	return next, w, why
}

// other is another address of the planned network, if there is one.
func other(c Config, n facts.Netns) netip.Addr {
	for _, a := range n.Addresses {
		if c.Address.Contains(a) && a != c.Address.Addr() {
			return a
		}
	}
	return netip.Addr{}
}

// turn says whose turn it is now that the address is gone.
func (m Mind) turn(c Config, bot, now time.Time) (Word, string) {
	gone := now.Sub(m.Missing)
	lost := fmt.Sprintf("%s has been without %s for %s", c.Container, c.Address, gone.Round(time.Second))
	// A look that lies in the future was dated by a clock that has been set back
	// since; a bot that is there looks again soon.
	if age := now.Sub(bot); !bot.IsZero() && age > -time.Second && age < c.Present {
		return BotsTurn, fmt.Sprintf("%s, and the bot has looked at it %s ago", lost, age.Round(time.Second))
	}
	if gone < c.Grace {
		return Waiting, lost
	}
	if n := len(m.Tries); n > 0 {
		if left := pauses[min(n, len(pauses))-1] - now.Sub(m.Tries[n-1]); left > 0 {
			return Pausing, fmt.Sprintf("%s; attempt %d of this hour is over, the next one comes in %s", lost, n, left.Round(time.Second))
		}
	}
	return Attach, lost
}

// within forgets attempts that are too old to count, and brings back to now what
// a clock that was set back has left in the future.
func (m Mind) within(now time.Time) Mind {
	next := Mind{Missing: m.Missing}
	if next.Missing.After(now) {
		next.Missing = now
	}
	for _, at := range m.Tries {
		if at.After(now) {
			at = now
		}
		if now.Sub(at) < time.Hour {
			next.Tries = append(next.Tries, at)
		}
	}
	return next
}

// Tried notes that an attempt is over. The address must be gone for a while
// again before the next one.
func (m Mind) Tried(now time.Time) Mind {
	m.Tries = append(m.Tries[:len(m.Tries):len(m.Tries)], now)
	return m
}
