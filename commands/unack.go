package commands

import (
	"vmqbot/alerts"
	"vmqbot/ops"
)

var _ = register(Command{
	Name:    "unack",
	Summary: "Hand an alert back, so that others are paged again",
	Help: `Takes an acknowledgement back: for who took it on by mistake, or goes off shift.
The escalation begins again from its first step.`,
	Words: []Word{anAlert},
	Examples: []Example{
		{"unack ip/cn/cn-1", "you are not on it any more"},
		{"unack cn", "nor on anything of a region"},
	},
	Role: ops.Operator,
	Look: func(ops.Request) Look { return Look{None: true, Alerts: true} },
	Plan: func(r ops.Request, w ops.World) (ops.Plan, error) {
		p, err := eachAlert(r, w, func(p *taking, id string, _ alerts.Wish, taken bool) {
			if taken {
				p.tell(alerts.Wish{Want: alerts.Unack, Of: id})
			}
		})
		if err == nil && p.Empty() {
			p.Notes = append(p.Notes, "nobody has taken it on")
		}
		return p, err
	},
})
