package commands

import (
	"fmt"
	"slices"
	"strings"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
)

var _ = register(Command{
	Name:    "webhooks",
	Summary: "Show the webhooks that the brokers call, and those that are planned",
	Help: `Prints what vmq-admin webhooks show says on each node of the target, as it came,
and then which of the endpoints that the fleet file plans are not in it. Where
the plugin vmq_webhooks is off vmq-admin knows no such command. Whether an
endpoint can be reached from inside the container diagnose tells (check webhook).`,
	Target: OptionalTarget,
	Examples: []Example{
		{"webhooks", "those of every node"},
		{"webhooks cn-1", "those of one node"},
	},
	Look: func(ops.Request) Look { return Look{Facts: facts.Need{Admin: "webhooks show"}} },
	View: viewWebhooks,
})

func viewWebhooks(r ops.Request, w ops.World) (View, error) {
	v, err := viewSaid(r, w)
	if err != nil {
		return v, err
	}
	for _, n := range r.Nodes {
		said, ok := w.Seen.Nodes[n.Name].Said.Get()
		if !ok {
			continue
		}
		var missing []string
		for _, h := range n.Webhooks() {
			if !strings.Contains(said.Stdout, h.Host) && !slices.Contains(missing, h.Addr()) {
				missing = append(missing, h.Addr())
			}
		}
		if len(missing) > 0 {
			v.Verdict = graver(v.Verdict, checks.Bad)
			v.Text += fmt.Sprintf("%s does not call %s, which the fleet file plans. Type: conf diff %[1]s\n", n.Name, strings.Join(missing, ", "))
		}
	}
	return v, nil
}
