package terminal

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"vmqbot/ops"
	"vmqbot/terminal/pty"
)

func TestATerminalIsKnownByItself(t *testing.T) {
	for columns, want := range map[uint16]int{120: 120, 40: 40, 39: 80, 0: 80} {
		_, program := pty.Open(t, columns)
		if c, ok := New(program, nil).(*checklist); !ok || c.width != want {
			t.Errorf("%d columns: %+v, want %d", columns, c, want)
		}
	}
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, ok := New(file, nil).(*lines); !ok {
		t.Error("a file is taken for a terminal")
	}
	if yes, err := Ask(t.Context(), file, io.Discard, nil); yes || ops.CodeOf(err) != ops.Refused {
		t.Errorf("a file was asked: %v, %v", yes, err)
	}
}

func TestATerminalIsAsked(t *testing.T) {
	for typed, want := range map[string]bool{"yes\n": true, "y\n": false} {
		person, program := pty.Open(t, 80)
		if _, err := person.WriteString(typed); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		yes, err := Ask(t.Context(), program, &b, nil)
		if err != nil || yes != want || b.String() != "Do this? Type yes: " {
			t.Errorf("%q: %v, %v, asked %q", typed, yes, err, b.String())
		}
	}
}

// An interrupted question is no consent, whatever is typed afterwards.
func TestAnInterruptedQuestion(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	silent, w := io.Pipe()
	defer w.Close()
	if yes, err := answerOf(ctx, silent); yes || ops.CodeOf(err) != ops.Refused || !strings.Contains(err.Error(), "nothing was done") {
		t.Errorf("%v, %v", yes, err)
	}
}

// What an undo brings back has a number beyond the plan, and what belongs to
// no step has none: neither may break the list.
func TestStepsThatAreNoLineOfThePlan(t *testing.T) {
	var b bytes.Buffer
	c := newChecklist(&b, 60)
	c.Show(told[0])
	c.Show(ops.Event{Kind: ops.Waiting, Text: "for bob", At: at})
	if got := screen(b.String()); strings.Contains(got, "[ ]") || !strings.Contains(got, "waiting: for bob") {
		t.Errorf("before the first step:\n%s", got)
	}
	c.Show(told[2])
	c.Show(ops.Event{Kind: ops.StepNow, Step: 3, Title: "Attach again", Node: "cn-1", State: ops.Running, Text: "as before", At: at})
	c.Show(ops.Event{Kind: ops.Proof, Step: 0, Node: "cn-1", Text: "nobody's", At: at})
	c.Show(ops.Event{Kind: ops.StepNow, Step: 1, State: ops.Undoing, At: at.Add(time.Second)})
	c.Show(ops.Event{Kind: ops.Waiting, Text: "for ana", At: at.Add(3 * time.Second)})
	got := screen(b.String())
	for _, want := range []string{"  cn-1: running: Attach again as before", "[<]  1. Attach 10.0.0.1/24 (3s)", "[ ]  2. Bind the port"} {
		if strings.Count(got, want) != 1 {
			t.Errorf("%q stands %d times on the screen:\n%s", want, strings.Count(got, want), got)
		}
	}
	if strings.Contains(got, "nobody's") {
		t.Errorf("a proof of no step stands in the list:\n%s", got)
	}
}
