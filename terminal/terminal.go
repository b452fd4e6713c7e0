// Package terminal answers how the work is said on a terminal: a live
// checklist where the screen can be rewritten, plain lines where it cannot.
package terminal

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"vmqbot/ops"
)

// Screen hears the events of one operation.
type Screen interface {
	Show(e ops.Event)
	Close() // leaves the cursor below what was shown
}

// New returns the live checklist when w is a terminal and plain lines when
// it is a file or a pipe.
func New(w io.Writer) Screen {
	at := w
	if plain, ok := w.(*ASCII); ok {
		at = plain.w
	}
	if f, ok := at.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		width, _, err := term.GetSize(int(f.Fd()))
		if err != nil || width < 40 {
			width = 80
		}
		return newChecklist(w, width)
	}
	return &lines{w: w}
}

// lines prints one line for each event.
type lines struct {
	w io.Writer
}

func (l *lines) Show(e ops.Event) {
	e.Text = Printable(e.Text)
	switch e.Kind {
	case ops.Planned:
		fmt.Fprint(l.w, *e.Plan)
	case ops.StepNow:
		fmt.Fprintf(l.w, "%s %s%s\n", prefix(e), e.State, title(e))
		if e.Text != "" {
			fmt.Fprintf(l.w, "%s %s\n", prefix(e), e.Text)
		}
	case ops.Output, ops.Proof, ops.Remark:
		fmt.Fprintf(l.w, "%s %s\n", prefix(e), e.Text)
	case ops.Waiting:
		fmt.Fprintf(l.w, "waiting: %s\n", e.Text)
	case ops.Finished:
		fmt.Fprintf(l.w, "operation %s: %s\n", e.Op, e.State)
	}
}

func (l *lines) Close() {}

func prefix(e ops.Event) string { return fmt.Sprintf("%d %s:", e.Step, e.Node) }

func title(e ops.Event) string {
	if e.Title == "" {
		return ""
	}
	return ": " + Printable(e.Title)
}
