package wire

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"vmqbot/facts"
	"vmqbot/secret"
)

// Stream is one long-lived command that answers a line protocol. It takes one
// of the eight places on the connection until it is closed.
type Stream struct {
	Stdin  io.Writer     // closed by Close
	Stdout *bufio.Reader // io.EOF when the command ended or the connection died

	session *session
	stderr  *capture
	done    chan struct{}
}

// Stream starts a command that reads stdin and ends with it, as "sh" or a
// "while read" loop do; it runs without the watchdog, for its stdin is its
// own. ctx bounds the start only: the stream lives until Close, the command's
// end or the connection's. A blocked read ends when Close is called.
func (h *Host) Stream(ctx context.Context, argv []secret.Word) (*Stream, error) {
	tried := fmt.Sprintf("starting %q on %s", commandOf(argv), h)
	line, err := quote(argv)
	if err != nil {
		return nil, invalid(h.target, tried, err.Error(), "", err)
	}
	s, err := h.session(ctx, tried)
	if err != nil {
		return nil, err
	}
	st := &Stream{
		Stdin: guarded{s}, Stdout: bufio.NewReaderSize(s.ch, 64<<10),
		session: s, stderr: newCapture(8<<10, &speaker{}), done: make(chan struct{}),
	}
	started := make(chan error, 1)
	work := func() {
		defer close(st.done)
		started <- s.start("exec", "exec "+line)
		// Unread errors would fill the window that stdout shares.
		_, _ = io.Copy(st.stderr, s.ch.Stderr())
	}
	if !h.pool.spawn(work) {
		_ = s.ch.Close()
		return nil, s.lost(tried, errClosed)
	}
	select {
	case err = <-started:
		if err == nil {
			return st, nil
		}
		_ = s.ch.Close()
		return nil, s.runError(tried, err)
	case <-ctx.Done():
		h.pool.spawn(func() { _ = s.ch.Close() })
		return nil, ended(ctx, h.target, tried)
	}
}

// guarded is the stdin of a stream, which Close may end while it is written to.
type guarded struct{ s *session }

// Write writes to stdin, or says that it has ended.
func (g guarded) Write(p []byte) (int, error) {
	g.s.in.Lock()
	defer g.s.in.Unlock()
	return g.s.ch.Write(p)
}

// Close ends the command's stdin and the stream. It does not wait for the
// command to end; the command's place is free again when it has. Closing twice
// is fine.
func (s *Stream) Close() error {
	// Whoever is writing may wait for a window that never comes: then nothing ends
	// stdin before the channel's end does.
	if s.session.in.TryLock() {
		_ = s.session.ch.CloseWrite()
		s.session.in.Unlock()
	}
	if err := s.session.ch.Close(); !errors.Is(err, io.EOF) { // that one says that it is closed
		return err
	}
	return nil
}

// Err says why Stdout ended: what the command wrote to stderr, or that the
// connection died. Call it after a read failed.
func (s *Stream) Err() error {
	select {
	case <-s.done:
	case <-time.After(s.session.host.pool.pace.goodbye):
	}
	t := s.session.host.target
	if text := s.stderr.String(); text != "" {
		return failed(t, facts.Failed, "reading from a command on "+t.String(), "it ended and said: "+text, "", nil)
	}
	return unseen(t, facts.Unreachable, "reading from a command on "+t.String(), "it ended or the connection was lost", t.command(), nil)
}
