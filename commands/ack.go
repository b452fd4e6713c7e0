package commands

import (
	"regexp"
	"slices"

	"vmqbot/alerts"
	"vmqbot/ops"
)

var _ = register(Command{
	Name:    "ack",
	Summary: "Take an alert on, so that nobody else is paged",
	Help: `Says that somebody is on it: the escalation ends, and the alert goes on being
told. It holds for this trouble and for a relapse within a quarter of an hour; a
new one pages again. A group (the check and the region) or a region stands for
everything that was told there until now, also for links that only end there.
unack hands it back.`,
	Words: []Word{anAlert},
	Examples: []Example{
		{"ack ip/cn/cn-1", "you are on it"},
		{"ack ip/cn", "on all that one message tells"},
		{"ack cn", "on everything that was told about a region"},
	},
	Role: ops.Operator,
	Look: func(ops.Request) Look { return Look{None: true, Alerts: true} },
	Plan: func(r ops.Request, w ops.World) (ops.Plan, error) {
		return eachAlert(r, w, func(p *taking, id string, by alerts.Wish, taken bool) {
			if taken {
				p.Notes = append(p.Notes, by.By+" has taken on "+id+" already")
			} else {
				p.tell(alerts.Wish{Want: alerts.Ack, Of: id})
			}
		})
	},
})

// eachAlert plans what is told about each alert that a request names; taken is whether
// somebody has taken it on, and by says who.
func eachAlert(r ops.Request, w ops.World, plan func(p *taking, id string, by alerts.Wish, taken bool)) (ops.Plan, error) {
	p, err := takeOn(r, w)
	if err != nil {
		return p.Plan, err
	}
	acks := alerts.Heard(w.Wishes).Acks
	for _, id := range p.ids {
		by, taken := acks[id]
		plan(&p, id, by, taken)
	}
	return p.Plan, nil
}

// anAlert names one alert, or several that belong together.
var anAlert = Word{Name: "ALERT", Help: "the alert, as alerts shows it (ip/cn/cn-1), its group (ip/cn), a region or all", Form: func(w string) string {
	if _, ok := alerts.ParseKey(w); !ok && !several.MatchString(w) {
		return "is no alert (check, region and node, as ip/cn/cn-1), group (ip/cn) or region"
	}
	return ""
}}

var several = regexp.MustCompile(`^[a-z][a-z0-9-]*(/[a-z][a-z0-9-]*)?$`)

// taking is a plan that tells the watch something about alerts.
type taking struct {
	ops.Plan

	ids []string
}

func (t *taking) tell(w alerts.Wish) { t.Steps = append(t.Steps, telling("", w).Steps...) }

// takeOn finds the alerts that a request means: the one that it names, or those
// of a group or a region that people were told of. What they were not told of
// yet must still call somebody.
func takeOn(r ops.Request, w ops.World) (t taking, err error) {
	name, in := r.Args["ALERT"], alerts.PlacesOf(w.Fleet)
	k, one := alerts.ParseKey(name)
	t.Title = map[string]string{"ack": "Take on ", "unack": "Hand back "}[r.Verb] + name
	for _, a := range w.Book.Sorted() {
		_, told := w.Book.Told(a)
		means := a.Key == k && one || told && (name == "all" || name == a.Key.Group() || slices.Contains(in.Of(a.Key), name))
		if means && a.Needy() {
			t.ids = append(t.ids, a.ID().String())
		}
	}
	switch {
	case len(t.ids) > 0:
		return t, nil
	case one:
		return t, ops.Errorf(ops.Invalid, "alerts", "%s does not fire now.", k)
	default:
		return t, ops.Errorf(ops.Invalid, "alerts", "Nothing fires now that is called %s and was told.", name)
	}
}
