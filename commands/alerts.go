package commands

import (
	"strings"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/ops"
	"vmqbot/timetable"
)

var _ = register(Command{
	Name:    "alerts",
	Summary: "List what the watch has found wrong, and what it was told",
	Help: `Lists what fires, flaps, or ended within the last day, as the watch (bot watch)
saw it last, with the silences that hold and where nothing is repaired by itself.
It looks at no host: status does.`,
	Examples: []Example{
		{"alerts", "what fires, and what is silent"},
	},
	Look: func(ops.Request) Look { return Look{None: true, Alerts: true} },
	View: viewAlerts,
})

// alertsData is the same for programs.
type alertsData struct {
	Alerts []alerts.Alert `json:"alerts"`
	Mutes  []alerts.Wish  `json:"silences"`
	Off    []alerts.Wish  `json:"autoheal_off"`
}

func viewAlerts(_ ops.Request, w ops.World) (View, error) {
	heard, now := alerts.Heard(w.Wishes), w.Seen.At
	d := alertsData{Alerts: []alerts.Alert{}, Mutes: []alerts.Wish{}, Off: append([]alerts.Wish{}, heard.Off...)}
	v := View{Verdict: checks.OK}
	rows := [][]string{{"ALERT", "PHASE", "SINCE (UTC)", "WHAT", "REPAIR"}}
	for _, a := range w.Book.Sorted() {
		if a.Seq == 0 || !a.Needy() && (a.Phase != alerts.Resolved || now.Sub(a.Resolved) > 24*time.Hour) {
			continue
		}
		d.Alerts = append(d.Alerts, a)
		if a.Live() {
			v.Verdict = checks.Bad
		}
		rows = append(rows, []string{a.Key.String(), phaseOf(a, w.Book, heard, now), a.Since.UTC().Format("2006-01-02 15:04:05"), a.Last.Evidence, repairOf(a)})
	}
	text := "Nothing fires.\n"
	if len(d.Alerts) > 0 {
		text = table(rows)
	}
	for _, m := range heard.Mutes {
		if m.Over(now) {
			continue
		}
		d.Mutes = append(d.Mutes, m)
		text += string(m.Want) + " " + m.ID + ": " + m.About() + holds(m, now) + ", by " + m.By + ": " + m.Reason + "\n"
	}
	for _, o := range heard.Off {
		text += "autoheal is off for " + o.About() + ", by " + o.By + "\n"
	}
	v.Text, v.Data = text, d
	return v, nil
}

// holds says until when a silence or a window holds, or when it comes.
func holds(m alerts.Wish, now time.Time) string {
	until, open := m.Open(now)
	text := ""
	if m.Every != "" {
		text = " for " + m.For.String() + " at " + m.Every
		if times, err := timetable.Parse(m.Every); err == nil && !open {
			return text + ", next at " + times.Next(now, m.At).Format("2006-01-02 15:04") + " UTC"
		}
	}
	if open {
		text += " until " + until.UTC().Format("15:04:05") + " UTC"
	}
	return text
}

func phaseOf(a alerts.Alert, b alerts.Book, heard alerts.Wishes, now time.Time) string {
	words := []string{a.Phase.String()}
	if a.Flapping {
		words = append(words, "flapping")
	}
	if by, is := heard.Acks[a.ID().String()]; is {
		words = append(words, "taken on by "+by.By)
	}
	if cause, is := b.Cause(a.Key, now); is && a.Live() {
		words = append(words, "told by "+cause.String())
	}
	return strings.Join(words, ", ")
}

// repairOf says what is done about an alert, or why nothing is.
func repairOf(a alerts.Alert) string {
	switch {
	case a.Phase == alerts.Healing:
		return "running"
	case !a.Live():
		return ""
	case a.Last.Repair == "":
		return a.Last.NoRepair
	case a.Refusal != "" && a.Refusal != alerts.NoRepair:
		return a.Last.Repair + " (not by itself: " + string(a.Refusal) + ")"
	default:
		return a.Last.Repair
	}
}
