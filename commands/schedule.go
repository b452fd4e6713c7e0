package commands

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/timetable"
)

var _ = register(Command{
	Name:    "schedule add",
	Summary: "Do a verb again and again, at times as cron has them",
	Help: `The watch (bot watch) does the line at its times, as the actor schedule with the
schedule and whoever made it behind that, through the same plan, locks, journal and
audit as any other. Times are in UTC, or in a zone: "CRON_TZ=Asia/Shanghai 0 4 * * 1 restart sg".

Consent is given now, to the line and not to a plan: what the plan is, is looked
at each time anew. So whoever adds a schedule needs the role, the rights and the
approvals of the verb that is scheduled. What was due while no watch ran is told
and not made up for; what was due in a storm, while something critical fires in its
region that the verb does not repair, or under a silence or a window of somebody
else, is skipped and told.`,
	Words: []Word{{Name: "TIMES-AND-LINE", Help: `five fields as cron has them, or @daily or @every 12h, and then the verb: 0 4 * * 1 restart sg`, Rest: true}},
	Examples: []Example{
		{"schedule add 0 4 * * 1 restart sg", "every Monday at four o'clock UTC"},
		{"schedule add @every 24h conf push all", "once a day"},
	},
	Role:    ops.Operator,
	Carries: scheduled,
	Look:    func(ops.Request) Look { return Look{None: true, Alerts: true} },
	Plan: func(r ops.Request, w ops.World) (ops.Plan, error) {
		spec, line, err := timesAndLine(r.Args["TIMES-AND-LINE"])
		if err != nil {
			return ops.Plan{}, err
		}
		for _, s := range alerts.Heard(w.Wishes).Schedules {
			if s.Every == spec && s.Line == line {
				return ops.Plan{Title: "Schedule " + line, Notes: []string{"it is scheduled already: " + s.ID}}, nil
			}
		}
		p := telling("Schedule "+line, alerts.Wish{Want: alerts.Schedule, Every: spec, Line: line})
		p.Notes = []string{
			"consent is to the line and holds for every time; the plan is made anew each time",
			"first at " + first(spec, w.Seen.At),
		}
		return p, nil
	},
	Undo: func(ops.Request) string { return "schedule list" },
})

// often is the shortest time between two moments of a schedule.
const often = time.Hour

// timesAndLine takes a schedule apart.
func timesAndLine(text string) (spec, line string, err error) {
	const usage = "schedule add 0 4 * * 1 restart sg"
	spec, rest, err := timetable.Split(strings.Fields(text))
	if err != nil {
		return "", "", ops.Errorf(ops.Invalid, usage, "schedule add: %q %v.", text, err)
	}
	if _, err := timetable.Parse(spec); err != nil {
		return "", "", ops.Errorf(ops.Invalid, usage, "schedule add: %q %v.", spec, err)
	}
	if len(rest) == 0 {
		return "", "", ops.Errorf(ops.Invalid, usage, "schedule add wants a verb behind the times.")
	}
	return timetable.Clean(spec), strings.Join(rest, " "), nil
}

// first is when a spec comes next. It is a part of the plan, which must not change
// while somebody thinks about it: so the minute of the moment itself, not how long
// it is until then.
func first(spec string, now time.Time) string {
	times, err := timetable.Parse(spec)
	if err != nil {
		return "no time"
	}
	if strings.HasPrefix(spec, "@every") {
		return "the first such time from now"
	}
	return times.Next(now, now).Format("Mon 2006-01-02 15:04") + " UTC"
}

// scheduled is the request that a schedule carries: a verb that changes hosts, and
// not so often that nobody could follow.
func scheduled(r ops.Request, f *regions.Fleet) (*Command, ops.Request, error) {
	spec, line, err := timesAndLine(r.Args["TIMES-AND-LINE"])
	if err != nil {
		return nil, r, err
	}
	c, inner, err := Parse(strings.Fields(line), f)
	if err != nil {
		return nil, r, err
	}
	if !c.Changes() || c.Carries != nil || c.Look(inner).None {
		return nil, r, ops.Errorf(ops.Refused, "help "+c.Name, "%s is no verb for a schedule: it changes nothing on a host.", c.Name)
	}
	times, err := timetable.Parse(spec)
	if err != nil {
		return nil, r, err
	}
	// Any day will do: a spec is as dense on one as on another.
	if d := times.Closest(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)); d < often {
		return nil, r, ops.Errorf(ops.Refused, "schedule add @hourly "+line, "%q comes again after %s; once an hour is the most.", spec, d)
	}
	return c, inner, nil
}

var _ = register(Command{
	Name:    "schedule remove",
	Summary: "End a schedule",
	Help:    `What runs now is not stopped; cancel does. schedule list has the identities.`,
	Words:   []Word{{Name: "ID", Help: "the schedule, as schedule list shows it", Form: anIdentity}},
	Examples: []Example{
		{"schedule remove 4f2a91", "never again"},
	},
	Role: ops.Operator,
	Look: func(ops.Request) Look { return Look{None: true, Alerts: true} },
	Plan: func(r ops.Request, w ops.World) (ops.Plan, error) {
		id, all := r.Args["ID"], alerts.Heard(w.Wishes).Schedules
		i := slices.IndexFunc(all, func(s alerts.Wish) bool { return s.ID == id })
		if i < 0 {
			return ops.Plan{}, ops.Errorf(ops.Invalid, "schedule list", "There is no schedule %s.", id)
		}
		return telling("Never again "+all[i].Every+": "+all[i].Line, alerts.Wish{Want: alerts.Unschedule, Of: id}), nil
	},
})

var _ = register(Command{
	Name:    "schedule list",
	Summary: "List what is done again and again, and what came of it last",
	Help: `NEXT is in UTC. A schedule does nothing while no watch runs (bot serve, bot
watch). Where somebody else works on the region it waits ten minutes, and then is
not done.`,
	Examples: []Example{
		{"schedule list", "all of them"},
	},
	Look: func(ops.Request) Look { return Look{None: true, Alerts: true} },
	View: func(_ ops.Request, w ops.World) (View, error) {
		heard := alerts.Heard(w.Wishes)
		if len(heard.Schedules) == 0 {
			return View{Text: "Nothing is scheduled.\n", Data: []alerts.Wish{}, Verdict: checks.OK}, nil
		}
		rows := [][]string{{"ID", "TIMES", "LINE", "BY", "NEXT (UTC)", "LAST TIME"}}
		for _, s := range heard.Schedules {
			next := "never"
			if times, err := timetable.Parse(s.Every); err == nil {
				if at := times.Next(w.Seen.At, s.At); !at.IsZero() {
					next = at.Format("2006-01-02 15:04")
				}
			}
			last := "not yet"
			if n, is := heard.Ran[s.ID]; is {
				last = fmt.Sprintf("%s: %s", n.Due.UTC().Format("2006-01-02 15:04"), cmp.Or(n.Reason, "begun"))
			}
			rows = append(rows, []string{s.ID, s.Every, s.Line, s.By, next, last})
		}
		return View{Text: table(rows), Data: heard.Schedules, Verdict: checks.OK}, nil
	},
})
