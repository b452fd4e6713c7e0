package regions

import (
	"math"
	"time"
)

func (r *reader) slack(v value) {
	s := &r.fleet.Slack
	r.object(v, may("channel", r.word(&s.Channel, aChannel)), may("team", r.word(&s.Team, aTeam)), may("alerts", func(v value) {
		s.Alerts = map[string]string{}
		r.eachRegion(v, func(region string, at value) {
			var id string
			r.word(&id, aChannel)(at)
			s.Alerts[region] = id
		})
	}))
}

func (r *reader) roles(v value) {
	r.entries(v, func(role string, at value) {
		var ids []string
		switch role {
		case "viewer", "operator", "admin":
			r.words(&ids, aMember)(at)
			r.fleet.Roles[role] = ids
		default:
			r.refuse(at, "Write viewer, operator or admin.", "%s is not a role.", at.name)
		}
	})
}

func (r *reader) approvals(v value) {
	r.entries(v, func(verb string, at value) {
		if !aVerb.ok(verb) {
			r.refuse(at, aVerb.fix, "%s is not %s.", at.name, aVerb.is)
			return
		}
		r.fleet.Approval[verb] = r.approval(at, Approval{Count: 1, Expires: 30 * time.Minute}, true)
	})
}

// approval reads one policy; those of single regions stand inside and say only
// what differs.
func (r *reader) approval(at value, a Approval, whole bool) Approval {
	fields := []field{
		{"approvers", whole, r.words(&a.Approvers, aMember)},
		may("count", r.number(&a.Count, 1, 20)),
		may("expires", r.duration(&a.Expires, time.Second, 7*24*time.Hour)),
	}
	if whole {
		fields = append(fields, may("in", func(v value) {
			over := map[string]Approval{}
			r.eachRegion(v, func(region string, at value) { over[region] = r.approval(at, a, false) })
			a.Regions = over
		}))
	}
	r.object(at, fields...)
	if most := a.voices(); a.Count > most {
		r.refuse(at, "Lower count or add approvers.", "%s needs %d voices and its approvers are %d.", at.name, a.Count, most)
	}
	return a
}

// rights reads who alone may do a verb, by region or for all of them.
func (r *reader) rights(v value) {
	r.entries(v, func(verb string, at value) {
		if !aVerb.ok(verb) {
			r.refuse(at, aVerb.fix, "%s is not %s.", at.name, aVerb.is)
			return
		}
		only := map[string][]string{}
		r.eachRegion(at, func(region string, at value) {
			var ids []string
			r.words(&ids, aMember)(at)
			only[region] = ids
		})
		r.fleet.Rights[verb] = only
	})
}

// eachRegion reads a map from regions of the fleet, or "all", to something.
func (r *reader) eachRegion(v value, each func(region string, at value)) {
	r.entries(v, func(region string, at value) {
		if _, known := r.fleet.Region(region); !known && region != "all" {
			r.refuse(at, "Write a region of this file, or all.", "%s is not a region.", at.name)
			return
		}
		each(region, at)
	})
}

// voices is how many can approve at most: a group has any number of members.
func (a Approval) voices() int {
	for _, id := range a.Approvers {
		if id != "" && id[0] == 'S' {
			return math.MaxInt
		}
	}
	if len(a.Approvers) == 0 {
		return math.MaxInt // nobody may approve, and the file may say so
	}
	return len(a.Approvers)
}

// rolling reads the order of verbs that take nodes away.
func (r *reader) rolling(v value) {
	r.object(v, may("canary", func(v value) {
		var region string
		r.word(&region, aName)(v)
		if _, known := r.fleet.Region(region); region != "" && !known {
			r.refuse(v, "Write a region of this file, or remove the line.", "%s %s is not a region.", v.name, region)
			return
		}
		r.fleet.Rolling.Canary = region
	}))
}

func (r *reader) checks(v value) {
	c := &r.fleet.Checks
	r.object(v,
		may("sweep", r.duration(&c.Sweep, time.Second, 24*time.Hour)),
		may("heal", func(v value) {
			r.entries(v, func(check string, at value) {
				var mode string
				if !aCheck.ok(check) {
					r.refuse(at, aCheck.fix, "%s is not %s.", at.name, aCheck.is)
					return
				}
				r.oneOf(&mode, "off", "suggest", "auto")(at)
				c.Heal[check] = mode
			})
		}),
		may("neutral", r.words(&c.Neutral, anEndpoint)),
		may("runbook", r.page(&c.Runbook)),
		may("budget", r.budget(&c.Budget)),
		may("flapping", r.number(&c.Flapping, FlappingEdges, 10000)),
	)
}

// budget reads how often one node may be repaired without asking. A day allows
// no less than an hour: what its hour can never reach would mislead.
func (r *reader) budget(b *Budget) func(value) {
	return func(v value) {
		r.object(v,
			may("hour", r.number(&b.Hour, 1, 1000)),
			may("day", r.number(&b.Day, 1, 10000)),
			may("pause", r.duration(&b.Pause, 0, time.Hour)),
		)
		if b.Hour > b.Day {
			r.refuse(v, "Raise day or lower hour.", "%s allows %d in an hour and %d in a day.", v.name, b.Hour, b.Day)
		}
	}
}
