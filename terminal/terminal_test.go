package terminal

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"vmqbot/ops"
)

var (
	at   = time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	work = ops.Plan{Title: "Reattach cn", Steps: []ops.Step{
		{Title: "Attach 10.0.0.1/24", Node: "cn-1", Do: ops.Wait{For: "x"}},
		{Title: "Bind the port", Node: "cn-1", Do: ops.Wait{For: "y"}},
	}}
	told = []ops.Event{
		{Kind: ops.Planned, Plan: &work, At: at},
		{Kind: ops.Waiting, Text: "release/cn is held by bob", At: at},
		{Kind: ops.StepNow, Step: 1, Title: "Attach 10.0.0.1/24", Node: "cn-1", State: ops.Running, At: at},
		{Kind: ops.Output, Step: 1, Node: "cn-1", Text: "10.0.0.1", At: at.Add(300 * time.Millisecond)},
		{Kind: ops.StepNow, Step: 1, Title: "Attach 10.0.0.1/24", Node: "cn-1", State: ops.Done, At: at.Add(400 * time.Millisecond)},
		{Kind: ops.StepNow, Step: 2, Title: "Bind the port", Node: "cn-1", State: ops.Running, At: at.Add(500 * time.Millisecond)},
		{Kind: ops.Proof, Step: 2, Node: "cn-1", Text: "port is bad: 44053 is not bound", At: at.Add(time.Second)},
		{Kind: ops.StepNow, Step: 2, Title: "Bind the port", Node: "cn-1", State: ops.Broken, Text: "not proven", At: at.Add(20 * time.Second)},
		{Kind: ops.Remark, Step: 2, Node: "cn-1", Text: "7 bytes by us-1", At: at.Add(20 * time.Second)},
		{Op: "4f2a", Kind: ops.Finished, State: ops.Broken, At: at.Add(20 * time.Second)},
	}
)

func TestAPipeGetsPlainLines(t *testing.T) {
	var b bytes.Buffer
	s := New(&b, nil)
	for _, e := range told {
		s.Show(e)
	}
	s.Close()
	want := work.String() + `waiting: release/cn is held by bob
1 cn-1: running: Attach 10.0.0.1/24
1 cn-1: 10.0.0.1
1 cn-1: done: Attach 10.0.0.1/24
2 cn-1: running: Bind the port
2 cn-1: port is bad: 44053 is not bound
2 cn-1: failed: Bind the port
2 cn-1: not proven
2 cn-1: 7 bytes by us-1
operation 4f2a: failed
`
	if b.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", b.String(), want)
	}
	if strings.Contains(b.String(), "\x1b") {
		t.Error("a pipe got control characters")
	}
}

// screen is the little of a terminal that the checklist needs: up and erase.
func screen(raw string) string {
	var lines []string
	for raw != "" {
		if strings.HasPrefix(raw, "\x1b[") {
			n := 0
			i := 2
			for ; raw[i] >= '0' && raw[i] <= '9'; i++ {
				n = n*10 + int(raw[i]-'0')
			}
			if raw[i] == 'A' {
				lines = lines[:len(lines)-n]
			}
			raw = raw[i+1:]
			continue
		}
		line, rest, _ := strings.Cut(raw, "\n")
		lines, raw = append(lines, line), rest
	}
	return strings.Join(lines, "\n")
}

func TestATerminalGetsAChecklistThatIsRedrawn(t *testing.T) {
	var b bytes.Buffer
	c := newChecklist(&b, 60)
	for _, e := range told {
		c.Show(e)
	}
	c.Close()
	got := screen(b.String())
	for _, want := range []string{
		"waiting: release/cn is held by bob",
		"  cn-1: 10.0.0.1",
		"  cn-1: 7 bytes by us-1",
		"[x]  1. Attach 10.0.0.1/24 (400ms)",
		"[!]  2. Bind the port (19.5s): not proven",
		"operation 4f2a: failed",
	} {
		if strings.Count(got, want) != 1 {
			t.Errorf("%q stands %d times on the screen:\n%s", want, strings.Count(got, want), got)
		}
	}
	if strings.Contains(got, "[>]") {
		t.Errorf("an old state was left on the screen:\n%s", got)
	}
}

func TestATerminalIsNotWrittenToByStrangers(t *testing.T) {
	if got := Printable("client \x1b[2J\x07\u202eevil\r\n\tgood \u00e9"); got != `client \x1b[2J\x07\x202eevil\x0d`+"\n\tgood \u00e9" {
		t.Errorf("%q", got)
	}
	for _, s := range []Screen{&lines{w: &bytes.Buffer{}}, newChecklist(&bytes.Buffer{}, 80)} {
		s.Show(ops.Event{Kind: ops.Output, Node: "cn-1", Text: "\x1b]0;owned\x07"})
		var out string
		switch s := s.(type) {
		case *lines:
			out = s.w.(*bytes.Buffer).String()
		case *checklist:
			out = s.w.(*bytes.Buffer).String()
		}
		if strings.Contains(out, "\x1b]") {
			t.Errorf("%T wrote %q", s, out)
		}
	}
}

func TestALongCommentStaysOnOneRow(t *testing.T) {
	if got := cut(strings.Repeat("x", 200)+"\nmore", 80); len(got) >= 80 || strings.Contains(got, "\n") {
		t.Errorf("%d columns", len(got))
	}
}

func TestNobodyCanBeAskedThroughAPipe(t *testing.T) {
	yes, err := Ask(t.Context(), strings.NewReader("yes\n"), &bytes.Buffer{}, nil)
	if yes || ops.CodeOf(err) != ops.Refused || !strings.Contains(err.Error(), "--yes") {
		t.Errorf("%v %v", yes, err)
	}
}

func TestOnlyYesIsConsent(t *testing.T) {
	for typed, want := range map[string]bool{"yes\n": true, " YES \n": true, "y\n": false, "\n": false, "": false, "no\n": false} {
		if got, err := answerOf(t.Context(), strings.NewReader(typed)); err != nil || got != want {
			t.Errorf("%q: %v %v", typed, got, err)
		}
	}
}
