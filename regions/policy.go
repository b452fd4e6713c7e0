package regions

import (
	"math"
	"time"
)

func (r *reader) slack(v value) {
	s := &r.fleet.Slack
	r.object(v, may("channel", r.word(&s.Channel, aChannel)), may("team", r.word(&s.Team, aTeam)))
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
		a := Approval{Count: 1, Expires: 30 * time.Minute}
		r.object(at,
			must("approvers", r.words(&a.Approvers, aMember)),
			may("count", r.number(&a.Count, 1, 20)),
			may("expires", r.duration(&a.Expires, time.Second, 7*24*time.Hour)),
		)
		if most := a.voices(); a.Count > most {
			r.refuse(at, "Lower count or add approvers.", "%s needs %d voices and its approvers are %d.", at.name, a.Count, most)
		}
		r.fleet.Approval[verb] = a
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
	)
}
