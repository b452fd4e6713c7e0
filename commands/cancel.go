package commands

import (
	"regexp"
	"slices"
	"time"

	"vmqbot/ops"
)

// identity is what NewID of cmd/bot makes.
var identity = regexp.MustCompile(`^[0-9a-f]{6}$`)

var _ = register(Command{
	Name:    "cancel",
	Summary: "Stop a running operation before its next step",
	Help: `Asks a running operation to stop. The step that runs is finished, no further one
is begun, and the steps that have an undo are undone in reverse. An image on its way
is not waited for: what has arrived stays for the next try. history shows the
identities. Cancelling an operation that has ended is an error.`,
	Words: []Word{{Name: "ID", Help: "the operation, as history shows it", Form: func(w string) string {
		if !identity.MatchString(w) {
			return "is no operation's identity: six digits from 0 to f, as history shows them"
		}
		return ""
	}}},
	Examples: []Example{
		{"cancel 4f2a91", "stop that operation"},
	},
	Role: ops.Operator,
	Look: func(ops.Request) Look { return Look{None: true, History: 1000} },
	Plan: func(r ops.Request, w ops.World) (ops.Plan, error) {
		id := r.Args["ID"]
		at := slices.IndexFunc(w.History, func(o ops.Operation) bool { return o.ID == id })
		if at < 0 {
			return ops.Plan{}, ops.Errorf(ops.Invalid, "history", "There is no operation %s in this store.", id)
		}
		if o := w.History[at]; o.State != ops.Running {
			return ops.Plan{}, ops.Errorf(ops.Invalid, "history", "Operation %s (%s) has ended: %s.", id, o.Line, o.State)
		}
		return ops.Plan{Title: "Cancel " + id, Steps: []ops.Step{{
			Title: "Ask operation " + id + " to stop before its next step",
			Do:    ops.CancelOperation{ID: id}, Timeout: 10 * time.Second,
		}}}, nil
	},
})
