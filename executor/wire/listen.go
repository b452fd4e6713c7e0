package wire

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"

	"golang.org/x/crypto/ssh"

	"vmqbot/facts"
)

// Listen opens a TCP port on the host, "127.0.0.1:0" for any free one, and
// returns when sshd has confirmed it: whoever connects to it there is accepted
// here. It takes none of the eight places on the connection and ends with it;
// ctx bounds the beginning only. Connections have working deadlines.
func (h *Host) Listen(ctx context.Context, addr string) (net.Listener, error) {
	tried := "listening on " + addr + " of " + h.String()
	var l net.Listener
	err := h.onLink(ctx, func(on *link, _ bool) (err error) {
		l, err = on.listen(ctx, addr)
		return h.listenError(ctx, tried, err)
	})
	if err != nil {
		return nil, err
	}
	return l, nil
}

// listen asks sshd; an answer that comes after ctx has ended is taken back.
func (l *link) listen(ctx context.Context, addr string) (net.Listener, error) {
	type answer struct {
		net.Listener
		err error
	}
	got, gone := make(chan answer), make(chan struct{})
	ask := func() {
		at, err := l.client.Listen("tcp", addr)
		select {
		case got <- answer{at, err}:
		case <-gone:
			if err == nil {
				_ = at.Close()
			}
		}
	}
	if !l.host.pool.spawn(ask) {
		return nil, errDead
	}
	select {
	case a := <-got:
		if a.err != nil {
			if !l.alive() {
				a.err = errDead
			}
			return nil, a.err
		}
		l.enter()
		return &listener{Listener: a.Listener, link: l}, nil
	case <-l.done:
		close(gone)
		return nil, errDead
	case <-ctx.Done():
		close(gone)
		return nil, ctx.Err()
	}
}

// listener is a port of the host.
type listener struct {
	net.Listener
	link  *link
	close sync.Once
}

// Accept waits for the next connection; io.EOF when the port is closed or the
// connection to the host has died.
func (l *listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	ch, ok := c.(ssh.Channel) // the library's connections are their channel, and have no deadlines
	if !ok {
		_ = c.Close()
		return nil, errors.New("a forwarded connection is no channel")
	}
	return newTunnel(l.link.host.pool, ch, tunnelAddr{"tcp", c.RemoteAddr().String()})
}

// Close gives the port back.
func (l *listener) Close() error {
	err := l.Listener.Close()
	l.close.Do(l.link.leave)
	return err
}

func (h *Host) listenError(ctx context.Context, tried string, err error) error {
	switch {
	case err == nil, errors.Is(err, errDead):
		return err
	case strings.Contains(err.Error(), "denied by peer"): // the same for a port that is taken
		return failed(h.target, facts.Denied, tried,
			"sshd does not allow it, or the port is taken; AllowTcpForwarding and PermitListen in its sshd_config decide",
			"sudo sshd -T | grep -iE 'allowtcpforwarding|permitlisten|disableforwarding'", err)
	}
	return ended(ctx, h.target, tried)
}
