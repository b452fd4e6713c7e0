package commands

import (
	"vmqbot/alerts"
	"vmqbot/ops"
)

var _ = register(Command{
	Name:    "autoheal off",
	Summary: "Let the bot repair nothing by itself",
	Help: `The kill switch: from the next look on nothing is repaired without a person,
everywhere or at a target. A repair that runs is not stopped; cancel stops it.
It holds until autoheal on, also after a restart. Alerts are told as before.`,
	Target: OptionalTarget,
	Examples: []Example{
		{"autoheal off", "everywhere"},
		{"autoheal off cn", "in one region"},
	},
	Role: ops.Operator,
	Look: func(ops.Request) Look { return Look{None: true} },
	Plan: func(r ops.Request, _ ops.World) (ops.Plan, error) {
		return tell(r, alerts.AutohealOff, "Repair nothing by itself:")
	},
})

var _ = register(Command{
	Name:    "autoheal on",
	Summary: "Let the bot repair again what it may",
	Help: `Takes autoheal off back, for a target or everywhere. What may be repaired without
asking stands in the fleet file under checks.heal.`,
	Target: OptionalTarget,
	Examples: []Example{
		{"autoheal on", "everywhere"},
	},
	Role: ops.Operator,
	Look: func(ops.Request) Look { return Look{None: true} },
	Plan: func(r ops.Request, _ ops.World) (ops.Plan, error) {
		return tell(r, alerts.AutohealOn, "Repair by itself again:")
	},
})
