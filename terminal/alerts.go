package terminal

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"vmqbot/alerts"
	"vmqbot/ops"
	"vmqbot/speech"
)

// Alerts says alerts on a terminal. It cannot edit what was printed, so a
// message that changes is printed anew; a page is a line like any other.
type Alerts struct {
	mu     sync.Mutex
	w      io.Writer
	tongue *speech.Tongue
}

var _ ops.Speaker = (*Alerts)(nil)

// NewAlerts says alerts on w, in the language of t.
func NewAlerts(w io.Writer, t *speech.Tongue) *Alerts { return &Alerts{w: w, tongue: t} }

// Speak prints one thing.
func (a *Alerts) Speak(_ context.Context, s alerts.Say, m alerts.Message, _ bool) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	text := ""
	switch s.Op {
	case alerts.Post, alerts.Update:
		text = message(m)
	case alerts.Thread:
		text = fmt.Sprintf("  %s  %s\n", s.ID.Key, Printable(s.Text))
	case alerts.Page:
		text = fmt.Sprintf("  page %d to %s: %s\n", s.Step, s.Whom, Printable(s.Text))
	case alerts.StopPage:
		text = fmt.Sprintf("  %s  nobody needs to come any more\n", s.ID.Key)
	}
	_, err := io.WriteString(a.w, a.tongue.Text(text))
	return "terminal", err
}

// message is a group as it stands now: what, where, since when, the evidence,
// what it means for messages, and what is done about it.
func message(m alerts.Message) string {
	var b strings.Builder
	head := strings.ToUpper(m.Severity.String())
	if m.Over {
		head = "RESOLVED"
	}
	fmt.Fprintf(&b, "%s %s: %s\n", head, m.Group, m.Summary)
	for _, r := range m.Rows {
		fmt.Fprintf(&b, "  %s %s", r.ID.Key.Where(), r.Phase)
		if r.Flapping {
			b.WriteString(", flapping")
		}
		if r.Acked != "" {
			fmt.Fprintf(&b, ", taken on by %s", Printable(r.Acked))
		}
		if r.Phase == alerts.Resolved {
			fmt.Fprintf(&b, " after %s\n", r.Resolved.Sub(r.Since).Round(time.Second))
			continue
		}
		fmt.Fprintf(&b, " since %s UTC: %s\n", r.Since.UTC().Format("15:04:05"), Printable(r.Found.Evidence))
		if r.Found.Effect != "" {
			fmt.Fprintf(&b, "    effect: %s\n", Printable(r.Found.Effect))
		}
		fmt.Fprintf(&b, "    repair: %s\n", Printable(repair(r)))
		if r.Failure != "" {
			fmt.Fprintf(&b, "    the last repair failed: %s\n", Printable(r.Failure))
		}
	}
	if len(m.Also) > 0 {
		fmt.Fprintf(&b, "  not told while this fires: %s\n", strings.Join(m.Also, ", "))
	}
	return b.String()
}

func repair(r alerts.Row) string {
	switch {
	case r.Phase == alerts.Healing:
		return fmt.Sprintf("%s, by the bot itself, attempt %d of %d", r.Found.Repair, r.Tries, r.Allowed())
	case r.Found.Repair == "":
		return r.Found.NoRepair
	case r.Refusal == alerts.NoRepair || r.Refusal == "":
		return "type " + r.Found.Repair
	default:
		return fmt.Sprintf("type %s (not by the bot itself: %s)", r.Found.Repair, r.Refusal)
	}
}
