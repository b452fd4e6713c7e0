package commands

import (
	"fmt"

	"vmqbot/facts"
	"vmqbot/ops"
)

var _ = register(Command{
	Name:    "sessions",
	Summary: "List the MQTT sessions of the cluster, as one node tells them",
	Help: `Asks one node for the sessions of the whole cluster (VerneMQ asks all its nodes),
online or kept for a client that is away, with what waits for them, and prints
the answer as it came. While a node is cut off and not yet known to be, the
answer takes a minute and is an error. Other columns and filters:
admin NODE -- session show --client_id --queue_size --user=ana.`,
	Target: NeedsTarget,
	Flags: []Flag{
		{Name: "n", Help: "how many sessions of each of VerneMQ's nodes", Number: true, Default: 100, Min: 1, Max: 10000},
		grepFlag,
	},
	Examples: []Example{
		{"sessions cn-1", "up to a hundred sessions of each node"},
		{"sessions cn-1 -n 1000 --grep sensor-7", "the lines that name a client"},
	},
	Refuse: oneAtATime,
	Look: func(r ops.Request) Look {
		return Look{Facts: facts.Need{Admin: fmt.Sprintf("session show --node --client_id --user --is_online --peer_host --queue_size --offline_messages --limit=%d", r.Number("n"))}}
	},
	View: viewSaid,
})
