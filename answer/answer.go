// Package answer holds what a tool said and what it means: the words shared
// by every dialect (weave, vernemq) and by everyone who asks one of them.
package answer

import (
	"fmt"
	"strings"
)

// Answer is one finished command: what was asked and everything that came
// back. It is the input of every parser.
type Answer struct {
	Argv   []string // the tool first, as typed: {"weave", "status", "peers"}
	Exit   int      // the exit status
	Stdout string
	Stderr string
}

// Tool is the first word of the command, or "" when there is none.
func (a Answer) Tool() string {
	if len(a.Argv) == 0 {
		return ""
	}
	return a.Argv[0]
}

// Command is the command line as one would read it aloud. It is for people
// and is never given to a shell.
func (a Answer) Command() string { return strings.Join(a.Argv, " ") }

// Meaning is a recognized answer in words and in data.
type Meaning struct {
	Tool    string `json:"tool"`            // "weave", "vernemq" or "vmq-admin"
	Verb    string `json:"verb"`            // "status peers", "cluster join"
	Meaning string `json:"meaning"`         // what it means and what to do next
	Facts   any    `json:"facts,omitempty"` // the typed answer; nil when there is nothing to know
}

// Kind names why an answer is a refusal. It is stable: tests, metrics and
// callers compare it.
type Kind string

// The refusals that both dialects share. Each dialect names more of its own.
const (
	Garbled   Kind = "garbled"     // truncated, or not what this command prints
	Usage     Kind = "usage"       // the tool did not understand the command line
	NotFound  Kind = "not found"   // the thing named does not exist
	Down      Kind = "not running" // the service behind the tool is down
	Refused   Kind = "refused"     // understood and declined
	TimedOut  Kind = "timed out"   // the outcome is unknown: look before doing it again
	Forbidden Kind = "forbidden"   // credentials are missing or wrong
)

// Refusal is a typed "no": the tool answered, and the answer is not the
// value that was asked for. Parsers return it as their error.
type Refusal struct {
	Kind   Kind   // why, as a stable name
	Reason string // one sentence, in the words of a person
	Raw    string // the part of the answer that says so
}

// Error returns the sentence.
func (r *Refusal) Error() string { return r.Reason }

// Refuse makes a refusal of a kind; raw is the evidence.
func Refuse(k Kind, raw, format string, args ...any) *Refusal {
	return &Refusal{Kind: k, Reason: fmt.Sprintf(format, args...), Raw: raw}
}
