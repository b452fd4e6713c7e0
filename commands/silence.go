package commands

import (
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/ops"
	"vmqbot/timetable"
)

var _ = register(Command{
	Name:    "silence",
	Summary: "Say nothing about a region, a node or one check for a while",
	Help: `While a silence holds, nothing is said about what it covers, nobody is paged for
it and nothing of it is repaired by the bot itself. Links are covered that begin or
end there. The watch goes on looking:
what is still wrong when the silence ends is told then, by itself, and what came
and went in between is not. A silence ends by itself; unsilence ends it sooner.`,
	Target: NeedsTarget,
	Words:  []Word{{Name: "REASON", Help: "why, for whoever finds it", Rest: true, Form: aReason}},
	Flags:  []Flag{aWhile, aCheck},
	Examples: []Example{
		{"silence cn moving the host", "an hour for the whole region"},
		{"silence cn-1 --check clock --for 8h chrony is being set up", "one check of one node"},
	},
	Role: ops.Operator,
	Look: func(ops.Request) Look { return Look{None: true} },
	Plan: func(r ops.Request, _ ops.World) (ops.Plan, error) {
		return tell(r, alerts.Silence, "Say nothing about")
	},
})

var _ = register(Command{
	Name:    "maintenance",
	Summary: "Expect a region or a node to be worked on for a while",
	Help: `As silence, but what was told before and ends meanwhile is told at once. Every
operation of the bot is such a window by itself, until five minutes after it.

With --every it comes again: --every "0 2 * * 6" --for 2h is two hours from each
Saturday at two o'clock UTC, until unsilence ends it for good.`,
	Target: NeedsTarget,
	Words:  []Word{{Name: "REASON", Help: "what is being done", Rest: true, Form: aReason}},
	Flags:  []Flag{aWhile, aTime},
	Examples: []Example{
		{"maintenance eu --for 2h new disks", "two hours from now"},
		{"maintenance eu --every 0+2+*+*+6 --for 2h the provider's window", "two hours from each Saturday at two o'clock UTC"},
	},
	Role: ops.Operator,
	Look: func(ops.Request) Look { return Look{None: true} },
	Plan: func(r ops.Request, _ ops.World) (ops.Plan, error) {
		return tell(r, alerts.Maintenance, "Expect work on")
	},
})

var aWhile = Flag{Name: "for", Help: "how long, from 1m to 24h; an hour by default", Text: "TIME", Form: func(s string) string {
	if d, err := time.ParseDuration(s); err != nil || d < time.Minute || d > 24*time.Hour {
		return "is no time from 1m to 24h; write it as 90m or 2h"
	}
	return ""
}}

var aTime = Flag{Name: "every", Help: "again and again: five fields as cron has them, joined by + where words cannot be quoted, or @daily", Text: "TIMES", Form: func(s string) string {
	if _, err := timetable.Parse(s); err != nil {
		return err.Error()
	}
	return ""
}}

var aCheck = Flag{Name: "check", Help: "only this check, as diagnose names it", Text: "CHECK", Form: func(s string) string {
	if _, ok := checks.Find(s); !ok && !alerts.Derived(s) {
		return "is no check; diagnose names them"
	}
	return ""
}}

func aReason(s string) string {
	if len([]rune(s)) > 200 {
		return "is longer than 200 characters"
	}
	return ""
}

// tell is the plan of telling the watch about a target.
func tell(r ops.Request, want alerts.Want, title string) (ops.Plan, error) {
	w := alerts.Wish{Want: want, Check: r.Args["check"], Reason: r.Args["REASON"]}
	if want == alerts.Silence || want == alerts.Maintenance {
		w.For = time.Hour
		if d, err := time.ParseDuration(r.Args["for"]); err == nil {
			w.For = d
		}
		w.Every = timetable.Clean(r.Args["every"])
	}
	switch {
	case r.Target == "all" || r.Target == "":
	case len(r.Nodes) == 1 && r.Nodes[0].Name == r.Target:
		w.Node = r.Target
	default:
		w.Region = r.Target
	}
	return telling(title+" "+w.About(), w), nil
}

func telling(title string, w alerts.Wish) ops.Plan {
	return ops.Plan{Title: title, Steps: []ops.Step{{Title: "Tell the watch", Do: ops.Tell{Wish: w}, Timeout: 10 * time.Second}}}
}
