// Package terminal answers how the work is said on a terminal: a live
// checklist where the screen can be rewritten, plain lines where it cannot.
package terminal

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"vmqbot/ops"
	"vmqbot/speech"
)

// Screen hears the events of one operation.
type Screen interface {
	Show(e ops.Event)
	Close() // leaves the cursor below what was shown
}

// New returns, in the language of t, the live checklist when w is a terminal and plain lines when
// it is a file or a pipe.
func New(w io.Writer, t *speech.Tongue) Screen {
	at := w
	if plain, ok := w.(*ASCII); ok {
		at = plain.w
	}
	if f, ok := at.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		width, _, err := term.GetSize(int(f.Fd()))
		if err != nil || width < 40 {
			width = 80
		}
		c := newChecklist(w, width)
		c.tongue = t
		return c
	}
	return &lines{w: w, tongue: t}
}

// lines prints one line for each event.
type lines struct {
	w      io.Writer
	tongue *speech.Tongue
}

func (l *lines) Show(e ops.Event) {
	e = inWords(e, l.tongue)
	switch e.Kind {
	case ops.Planned:
		fmt.Fprint(l.w, l.tongue.Text(e.Plan.String()))
	case ops.StepNow:
		fmt.Fprintf(l.w, "%s %s%s\n", prefix(e), l.tongue.Line(string(e.State)), title(e))
		if e.Text != "" {
			fmt.Fprintf(l.w, "%s %s\n", prefix(e), e.Text)
		}
	case ops.Output, ops.Proof, ops.Remark:
		fmt.Fprintf(l.w, "%s %s\n", prefix(e), e.Text)
	case ops.Waiting:
		fmt.Fprintln(l.w, l.tongue.Line("waiting: "+e.Text))
	case ops.Finished:
		fmt.Fprintln(l.w, l.tongue.Line(fmt.Sprintf("operation %s: %s", e.Op, e.State)))
	}
}

func (l *lines) Close() {}

// inWords makes an event's text fit for a screen and says it in the language; what
// a tool printed stays as it came.
func inWords(e ops.Event, t *speech.Tongue) ops.Event {
	if e.Kind != ops.Output && e.Kind != ops.Waiting {
		e.Text = t.Text(e.Text)
	}
	e.Text, e.Title = Printable(e.Text), t.Line(e.Title)
	return e
}

func prefix(e ops.Event) string { return fmt.Sprintf("%d %s:", e.Step, e.Node) }

func title(e ops.Event) string {
	if e.Title == "" {
		return ""
	}
	return ": " + Printable(e.Title)
}
