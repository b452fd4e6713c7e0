package wire

import (
	"context"
	"errors"
	"io"
	"io/fs"

	"github.com/pkg/sftp"

	"vmqbot/facts"
	"vmqbot/ops"
)

// files runs f with an sftp client in a session of its own.
func (h *Host) files(ctx context.Context, tried string, f func(*sftp.Client) error) error {
	return h.filesWithin(ctx, tried, nil, f)
}

// filesWithin tells a window of every packet that the sftp server answers with.
func (h *Host) filesWithin(ctx context.Context, tried string, w *window, f func(*sftp.Client) error) error {
	s, err := h.session(ctx, tried)
	if err != nil {
		return err
	}
	over := make(chan error, 1)
	work := func() {
		defer func() { _ = s.ch.Close() }()
		if err := s.start("subsystem", "sftp"); err != nil {
			over <- err
			return
		}
		said := io.Reader(s.ch)
		if w != nil {
			said = &answers{Reader: s.ch, w: w}
		}
		c, err := sftp.NewClientPipe(said, s.ch, sftp.UseConcurrentWrites(true))
		if err != nil {
			over <- err
			return
		}
		defer func() { _ = c.Close() }()
		over <- f(c)
	}
	if !h.pool.spawn(work) {
		_ = s.ch.Close()
		return s.lost(tried, errClosed)
	}
	select {
	case err = <-over:
		return s.fileError(tried, err)
	case <-ctx.Done():
		h.pool.spawn(func() { _ = s.ch.Close() })
		e := ended(ctx, h.target, tried)
		e.Code, e.Why = ops.Unseen, e.Why+"; nobody saw whether it happened"
		return e
	}
}

func (s *session) fileError(tried string, err error) error {
	t := s.host.target
	var status *sftp.StatusError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errNoExec):
		return failed(t, facts.Denied, tried, "sshd has no sftp", "grep -i subsystem /etc/ssh/sshd_config", err)
	case errors.Is(err, fs.ErrNotExist):
		return failed(t, facts.Absent, tried, "it does not exist", "", err)
	case errors.Is(err, fs.ErrPermission):
		return failed(t, facts.Denied, tried, t.user+" has no permission", "", err)
	case errors.Is(err, errMissing), errors.Is(err, sftp.ErrSSHFxConnectionLost), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return s.lost(tried, err)
	case errors.As(err, &status):
		return failed(t, facts.Failed, tried, status.Error(), "", err)
	}
	return failed(t, facts.Failed, tried, err.Error(), "", err)
}
