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
		p, err := takeOn(r, w)
		if err != nil {
			return p.Plan, err
		}
		acks := alerts.Heard(w.Wishes).Acks
		for _, id := range p.ids {
			if _, is := acks[id]; is {
				p.tell(alerts.Wish{Want: alerts.Unack, Of: id})
			}
		}
		if len(p.Steps) == 0 {
			p.Notes = append(p.Notes, "nobody has taken it on")
		}
		return p.Plan, nil
	},
})
