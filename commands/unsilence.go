package commands

import (
	"slices"

	"vmqbot/alerts"
	"vmqbot/ops"
)

var _ = register(Command{
	Name:    "unsilence",
	Summary: "End a silence or a maintenance window now",
	Help: `What is still wrong is told by the next look. alerts lists the silences that
hold, with their identities.`,
	Words: []Word{{Name: "ID", Help: "the silence, as alerts shows it", Form: anIdentity}},
	Examples: []Example{
		{"unsilence 4f2a91", "end it now"},
	},
	Role: ops.Operator,
	Look: func(ops.Request) Look { return Look{None: true, Alerts: true} },
	Plan: func(r ops.Request, w ops.World) (ops.Plan, error) {
		id := r.Args["ID"]
		holds := alerts.Heard(w.Wishes).Mutes
		i := slices.IndexFunc(holds, func(m alerts.Wish) bool { return m.ID == id && !m.Over(w.Seen.At) })
		if i < 0 {
			return ops.Plan{}, ops.Errorf(ops.Invalid, "alerts", "No silence %s holds now.", id)
		}
		return telling("End the silence about "+holds[i].About(), alerts.Wish{Want: alerts.Unsilence, Of: id}), nil
	},
})

// anIdentity is what is wrong with the identity of an operation, or "".
func anIdentity(w string) string {
	if !identity.MatchString(w) {
		return "is no identity: six digits from 0 to f"
	}
	return ""
}
