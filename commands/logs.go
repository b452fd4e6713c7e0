package commands

import (
	"fmt"
	"strings"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
)

var _ = register(Command{
	Name:    "logs",
	Summary: "Show the last lines of the containers' logs",
	Help: `Prints the last lines that the broker's container wrote, oldest first, also when
the container is stopped. VerneMQ writes there only when its configuration says
log.console = console; otherwise look into its log volume.`,
	Target: NeedsTarget,
	Flags:  []Flag{{Name: "n", Help: "how many lines of each node", Number: true, Default: 50, Min: 1, Max: 5000}},
	Examples: []Example{
		{"logs cn", "the last 50 lines of each node of cn"},
		{"logs cn-1 -n 200", "the last 200 lines of one node"},
	},
	Look: func(r ops.Request) Look {
		n := r.Number("n")
		return Look{Facts: facts.Need{LogLines: n}}
	},
	View: viewLogs,
})

func viewLogs(r ops.Request, w ops.World) (View, error) {
	var b strings.Builder
	verdict := checks.OK
	data := map[string]facts.Seen[[]string]{}
	for _, n := range r.Nodes {
		seen := w.Seen.Nodes[n.Name].Log
		data[n.Name] = seen
		lines, ok := seen.Get()
		switch {
		case !ok:
			verdict = checks.Unknown
			fmt.Fprintf(&b, "%s %s: the log could not be read: %s\n", n.Name, n.Container, seen.Why())
		case len(lines) == 0:
			fmt.Fprintf(&b, "%s %s: the log is empty; VerneMQ's own log is in %s on the host\n", n.Name, n.Container, n.Volumes.Log)
		default:
			fmt.Fprintf(&b, "%s %s, last %s:\n  %s\n", n.Name, n.Container, count(len(lines), "line"), strings.Join(lines, "\n  "))
		}
	}
	return View{Text: b.String(), Data: data, Verdict: verdict}, nil
}
