// Package command runs other programs for the lab: an argument list in, what
// was printed out, and an error that is a sentence.
package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Cmd is one program to run. Only Argv is required.
type Cmd struct {
	Argv   []string  // program and arguments; no shell reads them
	Dir    string    // working directory; empty means the caller's
	Env    []string  // NAME=value pairs added to the caller's environment
	Stdin  io.Reader // what the program reads; nil means nothing
	Stdout io.Writer // where its output goes as well; nil means nowhere
}

// Run runs argv and returns its standard output without the trailing newline.
func Run(ctx context.Context, argv ...string) (string, error) {
	return Cmd{Argv: argv}.Run(ctx)
}

// Run runs the program until it ends or ctx does, and returns its standard
// output without the trailing newline. A failure is a *Error.
func (c Cmd) Run(ctx context.Context) (string, error) {
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, c.Argv[0], c.Argv[1:]...)
	cmd.Dir, cmd.Stdin, cmd.Stderr = c.Dir, c.Stdin, &errs
	if len(c.Env) > 0 {
		cmd.Env = append(os.Environ(), c.Env...)
	}
	cmd.Stdout = &out
	if c.Stdout != nil {
		cmd.Stdout = io.MultiWriter(&out, c.Stdout)
	}
	// A grandchild that keeps the pipe open must not hold us for ever.
	cmd.WaitDelay = 2 * time.Second
	err := cmd.Run()
	text := strings.TrimRight(out.String(), "\n")
	if err == nil {
		return text, nil
	}
	if ctx.Err() != nil {
		err = fmt.Errorf("%w (%w)", context.Cause(ctx), err)
	}
	return text, &Error{Argv: c.Argv, Err: err, Said: lastLines(strings.TrimSpace(errs.String())+"\n"+text, 6)}
}

// Error says which program failed, how, and the end of what it said.
type Error struct {
	Argv []string
	Err  error
	Said string
}

// Error returns the sentence.
func (e *Error) Error() string {
	line := strings.Join(e.Argv, " ")
	if len(line) > 200 {
		line = line[:200] + "..."
	}
	if e.Said == "" {
		return fmt.Sprintf("`%s` failed: %v", line, e.Err)
	}
	return fmt.Sprintf("`%s` failed: %v: %s", line, e.Err, e.Said)
}

// Unwrap returns what the operating system said.
func (e *Error) Unwrap() error { return e.Err }

// ExitCode returns the exit status inside err: 0 for nil, -1 when the program
// did not run to an exit of its own.
func ExitCode(err error) int {
	if err == nil {
		return 0
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	}
	return -1
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
