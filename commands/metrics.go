package commands

import (
	"vmqbot/facts"
	"vmqbot/ops"
)

var _ = register(Command{
	Name:    "metrics",
	Summary: "Print the brokers' counters and gauges",
	Help: `Prints what vmq-admin metrics show says on each node of the target, as it came:
some three hundred lines of a node. --grep keeps those that hold a text.`,
	Target: OptionalTarget,
	Flags:  []Flag{grepFlag},
	Examples: []Example{
		{"metrics cn-1", "everything that one broker counts"},
		{"metrics all --grep cluster_bytes", "what went between the nodes, and what was thrown away"},
	},
	Look: func(ops.Request) Look { return Look{Facts: facts.Need{Admin: "metrics show"}} },
	View: viewSaid,
})
