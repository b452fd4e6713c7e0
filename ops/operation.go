package ops

import "time"

// State is where an operation or a step stands.
type State string

// The states of operations and steps. A step that is found Running after a
// crash is looked at, never replayed blindly.
const (
	Pending   State = "pending"
	Running   State = "running"
	Done      State = "done"
	Skipped   State = "already so" // its proof was OK before it was done
	Broken    State = "failed"
	Undoing   State = "undoing"
	Undone    State = "undone"
	Cancelled State = "cancelled"
	Unknown   State = "unknown" // the connection died: nobody knows whether it happened
)

// Operation is one run of a plan, as the journal remembers it.
type Operation struct {
	ID       string    `json:"id"` // short, unique, speakable: "4f2a91"
	Actor    string    `json:"actor"`
	Line     string    `json:"line"` // what was typed
	Locks    []string  `json:"locks"`
	PlanHash string    `json:"plan_hash"`
	Plan     string    `json:"plan"` // its text form
	State    State     `json:"state"`
	Reason   string    `json:"reason,omitempty"`  // why it failed or was cancelled
	Remarks  []string  `json:"remarks,omitempty"` // what it cost, in sentences
	Created  time.Time `json:"created"`
	Ended    time.Time `json:"ended,omitzero"`
}

// StepRecord is one line of the journal. It is stored before the effect with
// State Running, and again afterwards.
type StepRecord struct {
	Op      string    `json:"op"`
	Seq     int       `json:"seq"` // 1 for the first step
	Node    string    `json:"node"`
	Title   string    `json:"title"`
	Do      string    `json:"do"`   // text form
	Undo    string    `json:"undo"` // text form; "" for none
	State   State     `json:"state"`
	Digest  string    `json:"digest,omitempty"` // SHA-256 of the output, hexadecimal
	Reason  string    `json:"reason,omitempty"`
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended,omitzero"`
}

// EventKind says what an event reports.
type EventKind string

// The events of an operation, in the order in which they come.
const (
	Waiting  EventKind = "waiting"  // somebody else holds the lock; Text says who
	Planned  EventKind = "planned"  // Plan is set
	StepNow  EventKind = "step"     // Step and State are set
	Output   EventKind = "output"   // Text is one line that a tool printed
	Proof    EventKind = "proof"    // Text is what a check found while a step waits, or how far it is: it replaces the one before
	Remark   EventKind = "remark"   // Text is what the work cost, a sentence for its result; Node says where
	Finished EventKind = "finished" // State and Text are set
	Decided  EventKind = "decided"  // Approval is set: somebody has decided
)

// Event is progress. Every listener (terminal, Slack, audit, metrics) hears
// the same stream.
type Event struct {
	Op    string    `json:"op"`
	Kind  EventKind `json:"kind"`
	Step  int       `json:"step,omitempty"`  // 1 for the first; what an undo brings back is counted on after the last
	Title string    `json:"title,omitempty"` // of the step
	Node  string    `json:"node,omitempty"`
	State State     `json:"state,omitempty"`
	Text  string    `json:"text,omitempty"`
	Plan  *Plan     `json:"plan,omitempty"`

	Approval *Approval `json:"approval,omitempty"`

	At time.Time `json:"at"`
}

// AuditEvent is one line of the audit, which is never rewritten: each line
// carries the hash of the one before it.
type AuditEvent struct {
	Seq      int64     `json:"seq"`
	Op       string    `json:"op"`
	At       time.Time `json:"at"`
	Actor    string    `json:"actor"`
	Type     string    `json:"type"` // "request", "refused", "asked", "vote", "decided", "plan", "step", "finished", "cancel"
	Detail   string    `json:"detail"`
	PrevHash string    `json:"prev_hash"`
	Hash     string    `json:"hash"`
}
