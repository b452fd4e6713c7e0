// Package ops holds the words that everyone speaks: Request, Plan, Step,
// Action, Event, Operation, Error, and the ports through which the pure rooms
// reach the world. It knows no ssh, Docker, Slack or clock.
package ops

import "vmqbot/secret"

// Secret is a value that never prints; only an adapter may Reveal it.
type Secret = secret.Text

// Word is one word of a command line, which may be secret.
type Word = secret.Word

// Role orders what a person may do; a higher role includes the lower ones.
type Role int

// The roles.
const (
	Nobody Role = iota - 1 // stands in no list
	Viewer
	Operator
	Admin
)

// String is the role's name in the fleet file.
func (r Role) String() string { return [...]string{"nobody", "viewer", "operator", "admin"}[r+1] }
