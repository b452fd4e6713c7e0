package wire

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"vmqbot/answer"
	"vmqbot/facts"
	"vmqbot/secret"
)

// RunOptions shape one command. The zero value keeps a megabyte of each
// output and gives the command no input.
type RunOptions struct {
	Line  func(string) // gets each line of stdout and stderr as it comes, one call at a time; may be nil
	Cap   int          // bytes kept of stdout and of stderr each, head and tail; 1 MiB when 0
	Stdin []byte       // input of the command, 64 KiB at most
}

// defaultCap is what is kept of each output.
const defaultCap = 1 << 20

// Run runs one command on the host and returns what it printed; argv is
// quoted here and reaches no shell as anything but words. An exit status that
// is not 0 is an answer and no error. When ctx ends, the command is stopped
// with everything that it started.
//
// Errors are *Error: code Invalid when argv cannot be sent, code Unseen when
// the host was not reached or the command's outcome is unknown. Whatever was
// printed until then is in the answer.
func (h *Host) Run(ctx context.Context, argv []secret.Word, o RunOptions) (answer.Answer, error) {
	a := answer.Answer{Argv: shown(argv)}
	tried := fmt.Sprintf("running %q on %s", commandOf(argv), h)
	line, err := watched(argv, len(o.Stdin))
	if err != nil {
		return a, invalid(h.target, tried, err.Error(), "", err)
	}
	if o.Cap <= 0 {
		o.Cap = defaultCap
	}
	says := &speaker{say: o.Line}
	stdout, stderr := newCapture(o.Cap, says), newCapture(o.Cap, says)
	a.Exit, err = h.run(ctx, tried, line, o.Stdin, stdout, stderr)
	stdout.flush()
	stderr.flush()
	says.hush()
	a.Stdout, a.Stderr = stdout.String(), stderr.String()
	return a, err
}

// run runs the line in the spare of the connection, or else in a new session:
// also when the spare turns out to have ended before the line had started.
func (h *Host) run(ctx context.Context, tried, line string, stdin []byte, stdout, stderr io.Writer) (int, error) {
	h.pool.busy()
	if s := h.spareFor(line); s != nil {
		s.link.order()
		defer s.link.order()
		status, err := s.run(ctx, tried, line, stdin, stdout, stderr)
		if !s.unstarted(ctx, err) {
			return status, s.runError(tried, err)
		}
	}
	s, err := h.session(ctx, tried)
	if err != nil {
		return 0, err
	}
	defer s.link.order()
	status, err := s.run(ctx, tried, line, stdin, stdout, stderr)
	return status, s.runError(tried, err)
}

// ending is how a command ended, or that nobody saw it.
type ending struct {
	status int
	err    error
}

// run executes the line until it has ended or ctx has.
func (s *session) run(ctx context.Context, tried, line string, stdin []byte, stdout, stderr io.Writer) (int, error) {
	over := make(chan ending, 1)
	work := func() {
		status, err := s.exec(line, stdin, stdout, stderr)
		over <- ending{status, err}
	}
	if !s.host.pool.spawn(work) {
		_ = s.ch.Close()
		return 0, s.lost(tried, errClosed)
	}
	select {
	case e := <-over:
		return e.status, e.err
	case <-ctx.Done():
		return s.stop(ctx, tried, over)
	}
}

// stop ends the command by ending its stdin. It says whether the command was
// seen to end; in both cases nobody knows how far it got.
func (s *session) stop(ctx context.Context, tried string, over <-chan ending) (int, error) {
	s.host.pool.spawn(s.closeWrite)
	limit := time.NewTimer(s.host.pool.pace.goodbye)
	defer limit.Stop()
	var e ending
	seen := false
	select {
	case e = <-over:
		seen = e.err == nil
	case <-limit.C:
	}
	s.host.pool.spawn(func() { _ = s.ch.Close() })
	blind, why := facts.Failed, "cancelled"
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		blind, why = facts.TooLate, "took too long"
	}
	if seen {
		why += ": the command was stopped on the host"
	} else {
		why += ": the command was told to stop and was not seen to end"
	}
	return e.status, unseen(s.host.target, blind, tried, why+"; what it did until then must be looked at", "", context.Cause(ctx))
}

func (s *session) runError(tried string, err error) error {
	switch {
	case errors.Is(err, errMissing), errors.Is(err, errUnstarted), errors.Is(err, errNoisy), errors.Is(err, bufio.ErrBufferFull):
		return s.lost(tried, err)
	case errors.Is(err, errNoExec):
		t := s.host.target
		return failed(t, facts.Denied, tried, err.Error()+" (ForceCommand, or a login shell that is missing)", t.command(), err)
	}
	return err
}

// shown is argv for people; secrets are redacted.
func shown(argv []secret.Word) []string {
	words := make([]string, len(argv))
	for i, w := range argv {
		words[i] = w.String()
	}
	return words
}

// commandOf is argv as one line for people, who do not want to read a script
// in an error.
func commandOf(argv []secret.Word) string {
	words := shown(argv)
	for i, w := range words {
		if n := strings.Count(w, "\n"); n > 1 {
			words[i] = fmt.Sprintf("(a script of %d lines)", n)
		}
	}
	return strings.Join(words, " ")
}
