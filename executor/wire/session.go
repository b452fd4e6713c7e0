package wire

import (
	"bufio"
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"vmqbot/facts"
)

// session is one open session channel: a command, a stream or a file transfer.
type session struct {
	host *Host
	link *link
	ch   ssh.Channel

	ended  chan struct{} // closed when the exit status came or the session is closed
	status int           // of the command; read it when ended is closed
	came   bool          // the exit status came

	in    sync.Mutex    // the library does not guard writing against its end
	out   *bufio.Reader // stdout, when it is a spare
	noise string        // what the spare's shell printed when it started
}

// write writes to stdin. Whether it failed says nothing about the command,
// which may have got a part.
func (s *session) write(p []byte) {
	s.in.Lock()
	defer s.in.Unlock()
	_, _ = s.ch.Write(p)
}

// closeWrite ends stdin, after what is being written.
func (s *session) closeWrite() {
	s.in.Lock()
	defer s.in.Unlock()
	_ = s.ch.CloseWrite()
}

// session opens a session, behind the limit of the connection. sshd still
// counts a session for a moment after its channel is closed, so eight that
// end together make it refuse the next: that did nothing, and is tried again.
func (h *Host) session(ctx context.Context, tried string) (*session, error) {
	for try := 1; ; try++ {
		s, full, err := h.sessionOnce(ctx, tried)
		if !full || try == h.pool.pace.tries || !pause(ctx, 5*time.Millisecond, try) {
			return s, err
		}
	}
}

// sessionOnce reports that the connection is full when sshd refused.
func (h *Host) sessionOnce(ctx context.Context, tried string) (s *session, full bool, err error) {
	err = h.onLink(ctx, func(l *link, _ bool) error {
		if err := l.place(ctx, tried); err != nil {
			return err
		}
		s, err = l.begin(ctx)
		full = refuses(err)
		return h.sessionError(ctx, tried, err)
	})
	return s, full, err
}

// refuses reports whether an error of opening a channel is the server's no.
func refuses(err error) bool {
	var refused *ssh.OpenChannelError
	return errors.As(err, &refused)
}

// place waits for one of the eight places; a spare gives way.
func (l *link) place(ctx context.Context, tried string) error {
	select {
	case l.slots <- struct{}{}:
		return nil
	default:
	}
	l.lineUp(1)
	defer l.lineUp(-1)
	l.giveWay()
	select {
	case l.slots <- struct{}{}:
		return nil
	case <-l.done:
		return errDead
	case <-ctx.Done():
		return ended(ctx, l.host.target, tried+" (waiting for one of 8 places on the connection)")
	}
}

// begin opens a session in a place that has been taken, and frees the place
// when the session has ended.
func (l *link) begin(ctx context.Context) (*session, error) {
	s := &session{host: l.host, link: l, ended: make(chan struct{})}
	ch, err := l.open(ctx, "session", nil, s.heard, func() {
		s.gone()
		<-l.slots
	})
	if refuses(err) {
		l.giveWay() // sshd allows fewer sessions
	}
	s.ch = ch
	return s, err
}

func (h *Host) sessionError(ctx context.Context, tried string, err error) error {
	var refused *ssh.OpenChannelError
	switch {
	case err == nil, errors.Is(err, errDead):
		return err
	case errors.As(err, &refused):
		return failed(h.target, facts.Denied, tried,
			"sshd refused another session ("+refused.Message+"); MaxSessions in its sshd_config must be at least 8",
			"sudo sshd -T | grep -i maxsessions", err)
	}
	return ended(ctx, h.target, tried)
}
