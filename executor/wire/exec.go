package wire

import (
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/crypto/ssh"

	"vmqbot/facts"
)

// signals are the names that sshd gives to signals, as a shell counts them.
var signals = map[string]int{
	"HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "ABRT": 6, "FPE": 8, "KILL": 9, "SEGV": 11, "PIPE": 13, "ALRM": 14, "TERM": 15,
}

// heard notes how the command ended.
func (s *session) heard(r *ssh.Request) {
	switch r.Type {
	case "exit-status":
		var m struct{ Status uint32 }
		if ssh.Unmarshal(r.Payload, &m) == nil {
			s.end(int(m.Status))
		}
	case "exit-signal":
		var m struct {
			Signal  string
			Core    bool
			Message string
			Lang    string
		}
		if ssh.Unmarshal(r.Payload, &m) == nil {
			s.end(128 + signals[m.Signal])
		}
	}
}

// end notes the exit status; a second one changes nothing.
func (s *session) end(status int) {
	if !s.over() {
		s.status, s.came = status, true
		close(s.ended)
	}
}

// gone notes that the session is closed, with or without an exit status.
func (s *session) gone() {
	if !s.over() {
		close(s.ended)
	}
}

// over reports whether the session has ended, as far as is known here.
func (s *session) over() bool {
	select {
	case <-s.ended:
		return true
	default:
		return false
	}
}

// errMissing says that the connection died before the exit status came.
var errMissing = errors.New("the connection was lost before the exit status came")

// errNoExec says that the server does not run commands.
var errNoExec = errors.New("sshd refused to start the command")

// start asks for an exec or a subsystem and waits for the server's yes.
func (s *session) start(kind, what string) error {
	ok, err := s.ch.SendRequest(kind, true, ssh.Marshal(struct{ What string }{what}))
	switch {
	case err != nil:
		return errMissing
	case !ok:
		return errNoExec
	}
	return nil
}

// exec starts the line and copies its output until it has ended.
func (s *session) exec(line string, stdin []byte, stdout, stderr io.Writer) (int, error) {
	out, err := s.launch(line, stdin, stdout)
	if err != nil {
		_ = s.ch.Close()
		return 0, err
	}
	var f flow
	f.start(func() { _, _ = io.Copy(io.MultiWriter(stdout, &f), out) })
	f.start(func() { _, _ = io.Copy(io.MultiWriter(stderr, &f), s.ch.Stderr()) })
	if s.out == nil && len(stdin) > 0 {
		f.start(func() { s.write(stdin) })
	}
	<-s.ended
	beat := time.NewTicker(s.host.pool.pace.linger)
	defer beat.Stop()
	f.finish(beat.C, func() { _ = s.ch.Close() })
	_ = s.ch.Close()
	if !s.came {
		return 0, errMissing
	}
	return s.status, nil
}

// launch starts the line, in a spare together with its input, and returns
// its output.
func (s *session) launch(line string, stdin []byte, stdout io.Writer) (io.Reader, error) {
	if s.out != nil {
		return s.out, s.feed(line, stdin, stdout)
	}
	return s.ch, s.start("exec", line)
}

// Lost reports whether a command was sent and nobody saw its end, because its
// connection or its session broke. What may be done twice can be tried again.
func Lost(err error) bool {
	return errors.Is(err, errMissing) || errors.Is(err, errUnstarted)
}

// lost is the error of a command whose end nobody saw.
func (s *session) lost(tried string, cause error) *Error {
	t := s.host.target
	s.host.pool.opts.Logger.Debug("command lost", "host", s.host.String(), "connection alive", s.link.alive(), "spare", s.out != nil, "cause", cause)
	return unseen(t, facts.Failed, tried,
		fmt.Sprintf("outcome unknown: %v; the host stops the command when it notices, and what it did until then must be looked at", cause),
		t.command(), cause)
}
