// Package commands answers what to do about it: one file per verb. A file
// states the whole verb; help, docs, parser and tests are generated from it.
// Nothing here does I/O or reads the clock.
package commands

import (
	"cmp"
	"maps"
	"slices"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
)

// Command is one thing that a person can ask for. Exactly one of Plan and
// View is set: a verb changes something, or it shows something.
type Command struct {
	Name     string
	Summary  string // "Give ...": imperative, no period
	Help     string // the long story, plain text
	Target   Target // whether the first argument names nodes
	Words    []Word // further arguments, in order
	Flags    []Flag
	Examples []Example
	Role     ops.Role
	Look     func(ops.Request) Look                         // what is read first; nil reads nothing
	Deeper   func(ops.Request, ops.World) facts.Need        // what to read as well, now that these facts are known; asked again until it wants no more; nil for nothing
	Plan     func(ops.Request, ops.World) (ops.Plan, error) // pure; nil for a verb that shows
	View     func(ops.Request, ops.World) (View, error)     // pure; nil for a verb that changes
	Undo     func(ops.Request) string                       // the line that takes it back; nil when there is none
	Refuse   func(ops.Request) error                        // combinations of arguments that are refused; nil for none
	Follow   func(ops.Request) *Tail                        // what it goes on showing until it is interrupted, nil where the request ends; nil for most verbs

	// Carries reads the request of another verb that this one brings about later:
	// its options are no options of this one, and whoever asks needs its role, its
	// rights and its approvals as well. nil for most verbs.
	Carries func(ops.Request, *regions.Fleet) (*Command, ops.Request, error)
}

// Look says what a verb reads before it decides.
type Look struct {
	Facts   facts.Need
	Fleet   bool // every node of the fleet is looked at, not only the target's: links have two ends
	None    bool // no host is looked at
	History int  // the last operations, so many
	Audit   int  // the last lines of the audit, so many
	Alerts  bool // what the watch knows, and what people told it
}

// Target says whether a verb takes a region, a node or "all".
type Target int

// The kinds of target.
const (
	NoTarget       Target = iota
	OptionalTarget        // nothing means all
	NeedsTarget
)

// Word is one positional argument after the target.
type Word struct {
	Name     string
	Help     string
	Optional bool
	Verb     bool                // it must name a verb
	Rest     bool                // it takes all the words that are left
	Form     func(string) string // what is wrong with the word, or ""; nil takes any
}

// Flag is one option. A flag without a number or a text is a switch.
type Flag struct {
	Name     string // "n" is given as -n, "drop-clients" as --drop-clients
	Help     string
	Number   bool
	Default  int                 // of a number
	Min, Max int                 // of a number
	Text     string              // what stands for the value in the usage: "REF"; "" for a switch or a number
	Form     func(string) string // what is wrong with the text, or ""; nil takes any
}

// Example is a line that tests parse and docs print.
type Example struct{ Line, Says string }

// View is what a verb shows.
type View struct {
	Text    string         `json:"text"`    // for people
	Data    any            `json:"data"`    // for programs
	Verdict checks.Verdict `json:"verdict"` // OK exits 0, Bad 1, Unknown 4
	Raw     bool           `json:"-"`       // Text is what a tool or a file said, which is shown as it came in every language
}

var registry = map[string]*Command{}

// register panics when something is missing: a verb without help must not
// reach a user.
func register(c Command) *Command {
	switch {
	case registry[c.Name] != nil:
		panic("verb registered twice: " + c.Name)
	case c.Name == "" || c.Summary == "" || c.Help == "" || len(c.Examples) == 0:
		panic("verb is not complete: " + c.Name)
	case (c.Plan == nil) == (c.View == nil):
		panic("verb must have either a plan or a view: " + c.Name)
	case c.Plan != nil && c.Role == ops.Viewer:
		panic("verb changes something and is open to viewers: " + c.Name)
	}
	registry[c.Name] = &c
	return &c
}

// All returns every verb in name order.
func All() []*Command {
	return slices.SortedFunc(maps.Values(registry), func(a, b *Command) int { return cmp.Compare(a.Name, b.Name) })
}

// Find returns a verb by name.
func Find(name string) (*Command, bool) {
	c, ok := registry[name]
	return c, ok
}

// Goes is what a request goes on showing; nil for one that ends.
func (c *Command) Goes(r ops.Request) *Tail {
	if c.Follow == nil {
		return nil
	}
	return c.Follow(r)
}

// Changes reports whether the verb changes something.
func (c *Command) Changes() bool { return c.Plan != nil }

// Usage is "reattach TARGET [--drop-clients]".
func (c *Command) Usage() string {
	u := c.Name
	switch c.Target {
	case NeedsTarget:
		u += " TARGET"
	case OptionalTarget:
		u += " [TARGET]"
	case NoTarget:
	}
	for _, w := range c.Words {
		if w.Rest {
			w.Name += "..."
		}
		if w.Optional {
			u += " [" + w.Name + "]"
		} else {
			u += " " + w.Name
		}
	}
	for _, f := range c.Flags {
		u += " [" + f.Usage() + "]"
	}
	return u
}

// Usage is "-n N", "--image REF" or "--drop-clients".
func (f Flag) Usage() string {
	dashes := "--"
	if len(f.Name) == 1 {
		dashes = "-"
	}
	if f.Number {
		return dashes + f.Name + " N"
	}
	if f.Text != "" {
		return dashes + f.Name + " " + f.Text
	}
	return dashes + f.Name
}
