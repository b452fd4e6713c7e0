package wire

import (
	"context"

	"golang.org/x/crypto/ssh"
)

type opened struct {
	ch   ssh.Channel
	reqs <-chan *ssh.Request
	err  error
}

// open opens one channel and returns when it is open or ctx ends. heard gets
// every request of the server on it; ended is called exactly once, when both
// sides have closed it or it never opened, also long after ctx has ended.
func (l *link) open(ctx context.Context, kind string, payload []byte, heard func(*ssh.Request), ended func()) (ssh.Channel, error) {
	l.enter()
	got := make(chan opened)
	gone := make(chan struct{})
	work := func() {
		defer l.leave()
		defer ended()
		ch, reqs, err := l.client.OpenChannel(kind, payload)
		select {
		case got <- opened{ch, reqs, err}:
		case <-gone:
			if err == nil {
				_ = ch.Close()
			}
		}
		if err != nil {
			return
		}
		for r := range reqs {
			heard(r)
			if r.WantReply {
				_ = r.Reply(false, nil)
			}
		}
	}
	if !l.host.pool.spawn(work) {
		l.leave()
		ended()
		return nil, errDead
	}
	select {
	case o := <-got:
		return o.ch, l.openError(o.err)
	case <-l.done:
		close(gone)
		return nil, errDead
	case <-ctx.Done():
		close(gone)
		return nil, ctx.Err()
	}
}

// openError keeps the server's refusal; every other error means that the
// connection died, and a channel that never opened did nothing.
func (l *link) openError(err error) error {
	if err == nil || refuses(err) {
		return err
	}
	return errDead
}
