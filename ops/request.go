package ops

import (
	"strconv"

	"vmqbot/alerts"
	"vmqbot/facts"
	"vmqbot/regions"
)

// Request is one parsed line: who asks for which verb on which nodes.
type Request struct {
	Actor  string            // "terminal:ana"
	Line   string            // as typed, cleaned
	Verb   string            // "reattach"
	Target string            // "cn", "cn-1", "all" or "" when the verb takes none
	Nodes  []regions.Node    // the target's nodes, in the order of the file
	Args   map[string]string // arguments and flags by name, checked by kind
}

// Flag reports whether a switch was given.
func (r Request) Flag(name string) bool { return r.Args[name] == "true" }

// Number is the value of a number, which the parser has checked.
func (r Request) Number(name string) int {
	n, err := strconv.Atoi(r.Args[name])
	if err != nil {
		return 0
	}
	return n
}

// Regions returns the names of the regions that the target lies in, in order.
func (r Request) Regions() []string {
	var names []string
	for _, n := range r.Nodes {
		if len(names) == 0 || names[len(names)-1] != n.Region {
			names = append(names, n.Region)
		}
	}
	return names
}

// World is what a verb may reason about: what should be, what is, and what
// was done before.
type World struct {
	Fleet   *regions.Fleet
	Seen    facts.Fleet
	Asked   facts.Need                    // what was asked for it
	History []Operation                   // newest first; read only when the verb asks for it
	Audit   []AuditEvent                  // newest first; read only when the verb asks for it
	Book    alerts.Book                   // what the watch knows; read only when the verb asks for it
	Wishes  []alerts.Wish                 // what people told the watch; the same
	May     func(verb string) (why error) // whether the caller may do a verb somewhere; nil where everybody may do everything
}
