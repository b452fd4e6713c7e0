package commands

import (
	"vmqbot/alerts"
	"vmqbot/ops"
)

var _ = register(Command{
	Name:    "ack",
	Summary: "Take an alert on, so that nobody else is paged",
	Help: `Says that somebody is on it: the escalation ends, and the alert goes on being
told. It holds for this trouble and for a relapse within a quarter of an hour; a
new one pages again.`,
	Words: []Word{{Name: "ALERT", Help: "the alert, as alerts shows it: ip/cn/cn-1", Form: func(w string) string {
		if _, ok := alerts.ParseKey(w); !ok {
			return "is no alert: check, region and node, as ip/cn/cn-1"
		}
		return ""
	}}},
	Examples: []Example{
		{"ack ip/cn/cn-1", "you are on it"},
	},
	Role: ops.Operator,
	Look: func(ops.Request) Look { return Look{None: true, Alerts: true} },
	Plan: func(r ops.Request, w ops.World) (ops.Plan, error) {
		k, _ := alerts.ParseKey(r.Args["ALERT"])
		a := w.Book.Alerts[k]
		if !a.Needy() {
			return ops.Plan{}, ops.Errorf(ops.Invalid, "alerts", "%s does not fire now.", k)
		}
		id := a.ID().String()
		if by, is := alerts.Heard(w.Wishes).Acks[id]; is {
			return ops.Plan{Title: "Take on " + k.String(), Notes: []string{by.By + " has taken it on already"}}, nil
		}
		return telling("Take on "+k.String(), alerts.Wish{Want: alerts.Ack, Of: id}), nil
	},
})
