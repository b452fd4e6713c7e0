package command

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	for name, row := range map[string]struct {
		cmd  Cmd
		want string
	}{
		"output without its last newline":    {Cmd{Argv: []string{"printf", "a\\nb\\n"}}, "a\nb"},
		"arguments are not read by a shell":  {Cmd{Argv: []string{"echo", "$(id)", "a b", ";"}}, "$(id) a b ;"},
		"input":                              {Cmd{Argv: []string{"cat"}, Stdin: strings.NewReader("in")}, "in"},
		"a directory":                        {Cmd{Argv: []string{"pwd"}, Dir: "/"}, "/"},
		"an environment beside the caller's": {Cmd{Argv: []string{"sh", "-c", "echo $LAB_X${PATH:+!}"}, Env: []string{"LAB_X=1"}}, "1!"},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := row.cmd.Run(ctx); err != nil || got != row.want {
				t.Errorf("got %q, %v, want %q", got, err, row.want)
			}
		})
	}
}

func TestFailureIsASentenceWithTheEndOfWhatWasSaid(t *testing.T) {
	out, err := Run(context.Background(), "sh", "-c", "echo half; for i in 1 2 3 4 5 6 7 8; do echo line $i >&2; done; exit 7")
	if ExitCode(err) != 7 || out != "half" {
		t.Errorf("exit %d, output %q", ExitCode(err), out)
	}
	text := err.Error()
	if !strings.HasPrefix(text, "`sh -c ") || !strings.Contains(text, "exit status 7") || !strings.Contains(text, "line 8\nhalf") {
		t.Errorf("the error does not say what failed and why: %s", text)
	}
	if strings.Contains(text, "\nline 3") {
		t.Errorf("the error repeats everything: %s", text)
	}
}

func TestExitCode(t *testing.T) {
	if got := ExitCode(nil); got != 0 {
		t.Errorf("nil: %d", got)
	}
	_, err := Run(context.Background(), "/no/such/program")
	if got := ExitCode(err); got != -1 {
		t.Errorf("no such program: %d", got)
	}
	_, err = Run(context.Background(), "no-such-program-anywhere")
	if !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("a program that is not in the path: %v", err)
	}
}

func TestCancelEndsTheProgram(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := Run(ctx, "sleep", "60")
	if !errors.Is(err, context.DeadlineExceeded) && !strings.Contains(err.Error(), "deadline") {
		t.Errorf("got %v, want the deadline as the reason", err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}
