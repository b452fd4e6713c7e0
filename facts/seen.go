// Package facts answers what is: everything that one look at the hosts saw,
// as types, and how the kernel's tables are read. It judges nothing.
package facts

import "encoding/json"

// Blind names why something was not seen. A fact that was not seen is
// unknown: nobody may take it for right or for wrong.
type Blind string

// The ways of not seeing.
const (
	NotAsked    Blind = "not looked at"
	Unreachable Blind = "unreachable"    // no connection to the host
	BadHostKey  Blind = "wrong host key" // the host is not the one that known_hosts names
	NewHostKey  Blind = "unknown host"   // known_hosts does not name the host
	LoginDenied Blind = "login refused"  // no key was accepted
	Absent      Blind = "does not exist" // looked, and it is not there
	Down        Blind = "not running"    // looked, and what would answer is down
	Unreadable  Blind = "not understood" // an answer came and is garbled or truncated
	TooLate     Blind = "timed out"      // no answer in time
	Denied      Blind = "permission"     // the answer was a refusal
	Failed      Blind = "failed"         // anything else; the reason says what
)

// Seen is a fact, or the reason why there is none. The zero value was not
// looked at.
type Seen[T any] struct {
	value T
	ok    bool
	blind Blind
	why   string
}

// Saw wraps a fact.
func Saw[T any](v T) Seen[T] { return Seen[T]{value: v, ok: true} }

// Missed says why there is no fact; why is one sentence of evidence.
func Missed[T any](b Blind, why string) Seen[T] { return Seen[T]{blind: b, why: why} }

// Get returns the fact, and whether there is one.
func (s Seen[T]) Get() (T, bool) { return s.value, s.ok }

// OK reports whether there is a fact.
func (s Seen[T]) OK() bool { return s.ok }

// Blind says why there is no fact; it is "" when there is one.
func (s Seen[T]) Blind() Blind {
	if s.ok {
		return ""
	}
	if s.blind == "" {
		return NotAsked
	}
	return s.blind
}

// Why is the sentence behind Blind.
func (s Seen[T]) Why() string {
	if s.ok {
		return ""
	}
	if s.why == "" {
		return string(s.Blind())
	}
	return s.why
}

// MarshalJSON writes the fact, or {"unseen": reason, "why": sentence}.
func (s Seen[T]) MarshalJSON() ([]byte, error) {
	if s.ok {
		return json.Marshal(s.value)
	}
	return json.Marshal(map[string]string{"unseen": string(s.Blind()), "why": s.Why()})
}
