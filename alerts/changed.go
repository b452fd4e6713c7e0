package alerts

import (
	"time"

	"vmqbot/checks"
)

// redrawAfter is how old the evidence of a message may be when a look has found
// other words for it: a disk that fills has other words in every look.
const redrawAfter = 10 * time.Minute

// changed tells what has become other about an alert that goes on. That it is
// worse is told and paged as if it were new; by whom it is not repaired, and what
// was seen last, is shown only.
func (n *notifier) changed(l *Line, a Alert) {
	if l.Severity != 0 && l.Severity != a.Severity { // 0 is a line of an older program
		n.edit = true
		if !a.Flapping {
			n.thread(l.ID, a.Severity > l.Severity, severityWord(a))
		}
	}
	if a.Severity > l.Peak {
		if l.Peak != 0 {
			l.Told, l.Steps = n.now, 0
			n.worse[a.Key] = true
		}
		l.Peak = a.Severity
	}
	if l.Drawn.IsZero() || l.Refusal != shownRefusal(l.Refusal, a) || l.Evidence != a.Last.Evidence && (a.Key == stormKey || n.now.Sub(l.Drawn) >= redrawAfter) {
		n.edit = true
	}
}

// draw notes what the message shows of an alert, if it is drawn now.
func (l *Line) draw(a Alert, now time.Time, drawn bool) {
	l.Severity = a.Severity
	if !drawn {
		return
	}
	l.Refusal, l.Evidence, l.Drawn = shownRefusal(l.Refusal, a), a.Last.Evidence, now
}

// shownRefusal is why an alert is not repaired by itself, where a message says so.
// What changes from look to look leaves shown what was.
func shownRefusal(was Refusal, a Alert) Refusal {
	switch {
	case a.Phase != Firing || a.Last.Repair == "":
		return ""
	case a.Refusal == NoEvidence || a.Refusal == NotFiring:
		return was
	default:
		return a.Refusal
	}
}

func severityWord(a Alert) string {
	switch a.Severity {
	case checks.Critical:
		return "it is critical now: " + a.Last.Evidence
	case checks.Warning:
		return "it is a warning now: " + a.Last.Evidence
	default:
		return "it is only worth knowing now: " + a.Last.Evidence
	}
}
