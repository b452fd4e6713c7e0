package commands

import (
	"strings"
	"time"

	"vmqbot/checks"
	"vmqbot/ops"
)

var _ = register(Command{
	Name:    "history",
	Summary: "List what was done",
	Help: `Lists the last operations of this store, newest first: who typed what, when, how
it ended, why when it failed, and what it cost when messages were dropped. It
touches no host.`,
	Flags: []Flag{{Name: "n", Help: "how many operations", Number: true, Default: 20, Min: 1, Max: 1000}},
	Examples: []Example{
		{"history", "the last 20 operations"},
		{"history -n 3", "the last three"},
	},
	Look: func(r ops.Request) Look {
		n := r.Number("n")
		return Look{None: true, History: n}
	},
	View: viewHistory,
})

func viewHistory(_ ops.Request, w ops.World) (View, error) {
	if len(w.History) == 0 {
		return View{Text: "Nothing was done yet.\n", Data: []ops.Operation{}, Verdict: checks.OK}, nil
	}
	rows := [][]string{{"ID", "WHEN (UTC)", "TOOK", "WHO", "WHAT", "STATE", "WHY"}}
	for _, o := range w.History {
		took := ""
		if !o.Ended.IsZero() {
			took = o.Ended.Sub(o.Created).Round(100 * time.Millisecond).String()
		}
		rows = append(rows, []string{o.ID, o.Created.UTC().Format("2006-01-02 15:04:05"), took, o.Actor, o.Line, string(o.State), why(o)})
	}
	return View{Text: table(rows), Data: w.History, Verdict: checks.OK}, nil
}

// why is why an operation failed, and what it cost.
func why(o ops.Operation) string {
	cost := strings.Join(o.Remarks, " ")
	if o.Reason == "" || cost == "" {
		return o.Reason + cost
	}
	return strings.TrimSuffix(o.Reason, ".") + ". " + cost
}
