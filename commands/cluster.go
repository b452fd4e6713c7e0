package commands

import (
	"fmt"
	"slices"
	"strings"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/vernemq"
)

var _ = register(Command{
	Name:    "cluster",
	Summary: "Show the cluster as every node sees it",
	Help: `Asks each node for its own view (vmq-admin cluster show): rows are who was asked,
columns are whom it speaks of. Views may differ, and a view in which all run is
no proof that messages cross: VerneMQ counts a node as running whose cluster
port is not bound. diagnose proves it with a message.`,
	Target: OptionalTarget,
	Examples: []Example{
		{"cluster", "ask every node"},
		{"cluster cn", "ask the nodes of one region"},
	},
	Look: func(ops.Request) Look { return Look{Facts: facts.Need{Broker: facts.AskPing | facts.AskView}} },
	View: viewCluster,
})

func viewCluster(r ops.Request, w ops.World) (View, error) {
	members := memberNames(r, w)
	heading := []string{"ASKED"}
	for _, m := range members {
		heading = append(heading, nodeOf(w, m))
	}
	rows := [][]string{heading}
	verdict := checks.OK
	var notes strings.Builder
	data := map[string]facts.Seen[[]vernemq.Member]{}
	for _, n := range r.Nodes {
		view := viewOf(w.Seen.Nodes[n.Name])
		data[n.Name] = view
		ms, ok := view.Get()
		if !ok {
			verdict = graver(verdict, checks.Unknown)
			fmt.Fprintf(&notes, "%s did not answer: %s. Type: diagnose %s\n", n.Name, trim(view.Why()), n.Name)
		}
		row := []string{n.Name}
		for _, name := range members {
			cell, v := memberCell(ms, name, ok)
			row, verdict = append(row, cell), graver(verdict, v)
		}
		rows = append(rows, row)
	}
	return View{Text: table(rows) + notes.String(), Data: data, Verdict: verdict}, nil
}

// viewOf is the node's own view, or why it could not be asked.
func viewOf(n facts.Node) facts.Seen[[]vernemq.Member] {
	b, ok := n.Broker.Get()
	if !ok {
		return facts.Missed[[]vernemq.Member](n.Broker.Blind(), n.Broker.Why())
	}
	return b.View
}

// memberNames are the planned nodes first and then whatever else a view names.
func memberNames(r ops.Request, w ops.World) []string {
	var names, others []string
	for _, n := range w.Fleet.Nodes() {
		names = append(names, n.ErlangName())
	}
	for _, n := range r.Nodes {
		ms, _ := viewOf(w.Seen.Nodes[n.Name]).Get()
		for _, m := range ms {
			if !slices.Contains(names, m.Node) {
				others = with(others, m.Node)
			}
		}
	}
	slices.Sort(others)
	return append(names, others...)
}

// nodeOf translates an Erlang name into the fleet's, where it has one.
func nodeOf(w ops.World, erlang string) string {
	for _, n := range w.Fleet.Nodes() {
		if n.ErlangName() == erlang {
			return n.Name
		}
	}
	return erlang + " (ghost)"
}

func memberCell(ms []vernemq.Member, name string, asked bool) (string, checks.Verdict) {
	if !asked {
		return "?", checks.Unknown
	}
	for _, m := range ms {
		switch {
		case m.Node != name:
		case m.Running:
			return "running", checks.OK
		default:
			return "DOWN", checks.Bad
		}
	}
	return "no member", checks.Bad
}
