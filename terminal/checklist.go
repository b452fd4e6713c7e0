package terminal

import (
	"fmt"
	"io"
	"strings"
	"time"

	"vmqbot/cells"
	"vmqbot/ops"
	"vmqbot/speech"
)

// checklist redraws one line for each step in place. Everything else is
// printed above it and scrolls away.
type checklist struct {
	w      io.Writer
	width  int // columns
	tongue *speech.Tongue
	plan   ops.Plan
	lines  []checkline
	drawn  int // lines of the checklist on the screen now
}

type checkline struct {
	state   ops.State
	since   time.Time
	ended   time.Time
	comment string
}

func newChecklist(w io.Writer, width int) *checklist { return &checklist{w: w, width: width} }

// Show changes the checklist by one event.
func (c *checklist) Show(e ops.Event) {
	e = inWords(e, c.tongue)
	c.erase()
	switch e.Kind {
	case ops.Planned:
		c.plan, c.lines = *e.Plan, make([]checkline, len(e.Plan.Steps))
		fmt.Fprint(c.w, c.tongue.Text(c.plan.String()))
		return // the checklist begins with the first step: the plan is read first
	case ops.Waiting:
		fmt.Fprintln(c.w, c.tongue.Line("waiting: "+e.Text))
	case ops.Finished:
		fmt.Fprintln(c.w, c.tongue.Line(fmt.Sprintf("operation %s: %s", e.Op, e.State)))
	case ops.Output, ops.Remark:
		fmt.Fprintf(c.w, "  %s: %s\n", e.Node, e.Text)
	case ops.StepNow, ops.Proof:
		if e.Step > len(c.lines) { // what an undo brings back is no line of the plan
			fmt.Fprintf(c.w, "  %s: %s%s %s\n", e.Node, e.State, title(e), e.Text)
		}
		c.update(e)
	}
	c.draw(e.At)
}

func (c *checklist) update(e ops.Event) {
	if e.Step < 1 || e.Step > len(c.lines) {
		return
	}
	l := &c.lines[e.Step-1]
	if l.since.IsZero() {
		l.since = e.At
	}
	l.comment = e.Text
	if e.Kind == ops.StepNow {
		l.state = e.State
		if e.State != ops.Running && e.State != ops.Undoing {
			l.ended = e.At
		}
	}
}

// Close leaves the last state on the screen.
func (c *checklist) Close() { c.drawn = 0 }

func (c *checklist) erase() {
	if c.drawn > 0 {
		fmt.Fprintf(c.w, "\x1b[%dA\x1b[J", c.drawn)
	}
	c.drawn = 0
}

func (c *checklist) draw(now time.Time) {
	started := false
	for _, l := range c.lines {
		started = started || l.state != ""
	}
	if !started {
		return
	}
	for i, l := range c.lines {
		text := fmt.Sprintf("%s %2d. %s", sign(l.state), i+1, c.tongue.Line(c.plan.Steps[i].Title))
		if !l.since.IsZero() {
			end := l.ended
			if end.IsZero() {
				end = now
			}
			text += fmt.Sprintf(" (%s)", end.Sub(l.since).Round(100*time.Millisecond))
		}
		if l.comment != "" {
			text += ": " + l.comment
		}
		fmt.Fprintln(c.w, cut(text, c.width))
	}
	c.drawn = len(c.lines)
}

// cut keeps a line on one row of the screen, or erasing would miscount. A Chinese
// letter takes two cells of it.
func cut(s string, width int) string {
	s = strings.ReplaceAll(s, "\n", " ")
	if cells.Width(s) < width {
		return s
	}
	runes := []rune(s)
	for cells.Width(string(runes)) > width-4 {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "..."
}

func sign(s ops.State) string {
	switch s {
	case ops.Done:
		return "[x]"
	case ops.Skipped:
		return "[=]"
	case ops.Running:
		return "[>]"
	case ops.Undoing, ops.Undone:
		return "[<]"
	case ops.Broken, ops.Unknown:
		return "[!]"
	default:
		return "[ ]"
	}
}
