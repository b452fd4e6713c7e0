package commands

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/ops"
	"vmqbot/regions"
)

var _ = register(Command{
	Name:    "oncall",
	Summary: "Show who would be paged now, and in which order",
	Help: `For each region: whom the steps of an escalation page, by their ids, while nobody
acknowledges; and for each alert that fires there, which step comes next and
when. The lists stand in the fleet file under oncall, by region or for all of
them: a user group that is told first, people one after the other, and managers.
A link calls the lists of both its ends.
Without a list Slack calls those who may repair, and receivers name nobody. ack ends an escalation; a silence and
a window hold it up, and unack begins it again. What nobody has taken on after the
last step is told again every four hours.`,
	Target: OptionalTarget,
	Examples: []Example{
		{"oncall", "every region"},
		{"oncall cn", "one region"},
	},
	Look: func(ops.Request) Look { return Look{None: true, Alerts: true} },
	View: viewOnCall,
})

// onCallData is the same for programs, one for each region.
type onCallData struct {
	Region string       `json:"region"`
	List   string       `json:"list"` // which list of the fleet file it is; "" for none
	Steps  []onCallStep `json:"steps"`
	Alerts []onCallNow  `json:"alerts"`
}

type onCallStep struct {
	Severity checks.Severity `json:"severity"`
	After    time.Duration   `json:"after_ns"`
	Whom     alerts.Whom     `json:"whom"`
	IDs      []string        `json:"ids"`
}

type onCallNow struct {
	Alert string      `json:"alert"`
	Says  string      `json:"says"`
	Next  alerts.Whom `json:"next,omitempty"`
	At    time.Time   `json:"at,omitzero"`
	IDs   []string    `json:"ids,omitempty"`
}

func viewOnCall(r ops.Request, w ops.World) (View, error) {
	wanted := r.Regions()
	v, all := View{Verdict: checks.OK}, []onCallData{}
	var b strings.Builder
	for _, region := range w.Fleet.Regions {
		if len(wanted) > 0 && !slices.Contains(wanted, region.Name) {
			continue
		}
		list, name := w.Fleet.OnCallFor(region.Name)
		d := onCallData{Region: region.Name, List: name, Steps: stepsOf(list), Alerts: escalations(w, region.Name)}
		if list.Nobody() {
			v.Verdict, d.Steps = checks.Bad, []onCallStep{}
			fmt.Fprintf(&b, "%s: nobody is on call: Slack calls all who may repair (roles.operator), and receivers name nobody. Write into the fleet file:\n\n  oncall:\n    %s: {group: S0ONCALL, people: [U0ANA, U0BOB]}\n\n", region.Name, region.Name)
		} else {
			fmt.Fprintf(&b, "%s, by the list for %s:\n%s", region.Name, name, table(ladderRows(d.Steps)))
		}
		for _, a := range d.Alerts {
			fmt.Fprintf(&b, "  now %s: %s\n", a.Alert, a.Says)
		}
		all = append(all, d)
	}
	v.Text, v.Data = b.String(), all
	return v, nil
}

// stepsOf are the steps of both severities that page; the rounds that only
// repeat the last one are one row.
func stepsOf(o regions.OnCall) []onCallStep {
	var steps []onCallStep
	for _, s := range []checks.Severity{checks.Critical, checks.Warning} {
		for _, r := range alerts.Ladder(s, len(o.People)) {
			if last := len(steps) - 1; r.Whom == alerts.Everyone && last >= 0 && steps[last].Whom == r.Whom && steps[last].Severity == s {
				continue
			}
			steps = append(steps, onCallStep{s, r.After, r.Whom, alerts.Paged(o, r.Whom)})
		}
	}
	return steps
}

func ladderRows(steps []onCallStep) [][]string {
	rows := [][]string{{"SEVERITY", "AFTER", "WHOM", "IDS"}}
	for _, s := range steps {
		whom := string(s.Whom)
		if s.Whom == alerts.Everyone {
			whom += ", up to " + strconv.Itoa(alerts.Rounds) + " times"
		}
		rows = append(rows, []string{s.Severity.String(), brief(s.After), whom, strings.Join(s.IDs, " ")})
	}
	return rows
}

// escalations are the alerts of a region that page, or would; of a link, at both
// its ends.
func escalations(w ops.World, region string) []onCallNow {
	heard, in, now, out := alerts.Heard(w.Wishes), alerts.PlacesOf(w.Fleet), w.Seen.At, []onCallNow{}
	for _, a := range w.Book.Sorted() {
		if !slices.Contains(alerts.CalledIn(w.Fleet, a.Key), region) || !a.Needy() {
			continue
		}
		o := onCallNow{Alert: a.Key.String()}
		by, acked := heard.Acks[a.ID().String()]
		mute, muted := heard.Muting(a.Key, in, now)
		told, is := w.Book.Told(a)
		switch {
		case acked:
			o.Says = "taken on by " + by.By + ", so nobody else is paged"
		case muted:
			o.Says = string(mute.Want) + " " + mute.ID + " holds, so nobody is paged until " + mute.Until().UTC().Format("15:04:05") + " UTC"
		case !is:
			o.Says = "not told yet"
		default:
			o.next(w.Fleet, a, told)
		}
		out = append(out, o)
	}
	return out
}

// next is the first step that was not taken.
func (o *onCallNow) next(f *regions.Fleet, a alerts.Alert, told alerts.Line) {
	steps := alerts.Ladder(a.Severity, alerts.Listed(f, a.Key))
	switch {
	case len(steps) == 0:
		o.Says = "pages nobody: it is only worth knowing"
	case a.Flapping && told.Paged:
		o.Says = "comes and goes, so one page stays open and no further one is sent"
	case told.Steps >= len(steps):
		o.Says = "all steps were taken, and nobody has acknowledged; it is told again every 4 hours"
	default:
		s := steps[told.Steps]
		o.Next, o.At, o.IDs = s.Whom, told.Told.Add(s.After), alerts.Called(f, a.Key, s.Whom)
		o.Says = fmt.Sprintf("%d of %d steps were taken; next %s (%s) at %s UTC", told.Steps, len(steps), s.Whom, strings.Join(o.IDs, " "), o.At.UTC().Format("15:04:05"))
		if len(o.IDs) == 0 {
			o.Says, o.Next, o.At = "nobody is on call, so Slack calls all who may repair", "", time.Time{}
		}
	}
}

// brief is a length of time without the zeros of its end.
func brief(d time.Duration) string {
	s := d.String()
	s = strings.TrimSuffix(s, "m0s")
	if s != d.String() {
		s += "m"
	}
	return strings.Replace(s, "h0m", "h", 1)
}
