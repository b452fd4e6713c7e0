package facts

import "time"

// Guard is what was seen of the guard on a node's host: read only when a verb
// asks for it.
type Guard struct {
	Machine string           `json:"machine"`  // as uname -sm prints it: "Linux x86_64"
	OurMach string           `json:"our_mach"` // the same for which this bot was built; "" when nobody knows how uname calls it
	Ours    string           `json:"ours"`     // the SHA-256 of this bot's own program
	OurSize int64            `json:"our_size"` // its size in bytes
	State   Seen[GuardState] `json:"state"`    // Absent when the node has none
}

// GuardState is what a guard tells about itself.
type GuardState struct {
	Config  string    `json:"config"`  // guard.Config as one line of JSON
	Program string    `json:"program"` // the SHA-256 of the program that runs
	Version string    `json:"version"`
	PID     int       `json:"pid"`
	Began   time.Time `json:"began"`
	Looked  time.Time `json:"looked"` // by the host's clock
	Word    string    `json:"word"`   // what it came to; guard.Word
	Why     string    `json:"why"`
	Given   int       `json:"given"` // how often it gave the address back since it began
	Last    string    `json:"last,omitempty"`
	Manager string    `json:"manager,omitempty"` // what starts it; filled in by who reads the state
	Runs    bool      `json:"runs"`              // the same
}
