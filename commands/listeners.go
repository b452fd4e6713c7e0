package commands

import (
	"vmqbot/facts"
	"vmqbot/ops"
)

var _ = register(Command{
	Name:    "listeners",
	Summary: "Show the ports that the brokers listen on",
	Help: `Prints what vmq-admin listener show says on each node of the target, as it came.
A listener that could not bind is not in VerneMQ's list at all: status and
diagnose compare with what the fleet file plans (checks port and doors).`,
	Target: OptionalTarget,
	Examples: []Example{
		{"listeners", "those of every node"},
		{"listeners cn-1", "those of one node"},
	},
	Look: func(ops.Request) Look { return Look{Facts: facts.Need{Admin: "listener show"}} },
	View: viewSaid,
})
