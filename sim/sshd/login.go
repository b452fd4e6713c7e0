package sshd

import (
	"context"
	"io"
	"net"
	"strconv"
	"sync"

	"golang.org/x/crypto/ssh"
)

// login is one connection of one user.
type login struct {
	server  *Server
	options Options
	user    string
	conn    *ssh.ServerConn
	ctx     context.Context
	cancel  context.CancelFunc
	work    sync.WaitGroup

	mu       sync.Mutex
	sessions int
	ports    map[port]net.Listener // that the client listens on
}

// requests answers those of the connection itself: keepalives want an answer,
// whatever it is.
func (l *login) requests(in <-chan *ssh.Request) {
	for r := range in {
		var ok bool
		var answer []byte
		switch r.Type {
		case "tcpip-forward":
			ok, answer = l.listen(r)
		case "cancel-tcpip-forward":
			ok = l.unlisten(r)
		}
		if r.WantReply {
			_ = r.Reply(ok, answer)
		}
	}
}

// onEnd runs f when the login ends.
func (l *login) onEnd(f func()) (stop func() bool) { return context.AfterFunc(l.ctx, f) }

// channel begins what the client asks for.
func (l *login) channel(ch ssh.NewChannel) {
	switch ch.ChannelType() {
	case "session":
		l.session(ch)
	case "direct-tcpip":
		var to struct {
			Host   string
			Port   uint32
			Origin string
			OPort  uint32
		}
		l.forward(ch, &to, l.options.NoForwarding, func(ctx context.Context) (net.Conn, error) {
			return l.server.machine.Net.DialContext(ctx, "tcp", net.JoinHostPort(to.Host, strconv.Itoa(int(to.Port))))
		})
	case "direct-streamlocal@openssh.com":
		var to struct {
			Path   string
			Origin string
			Port   uint32
		}
		l.forward(ch, &to, l.options.NoForwarding || l.options.NoStreamLocal, func(ctx context.Context) (net.Conn, error) {
			return l.server.machine.DialUnix(ctx, to.Path)
		})
	default:
		_ = ch.Reject(ssh.UnknownChannelType, "unknown channel type")
	}
}

// forward joins a channel with a connection of the machine.
func (l *login) forward(ch ssh.NewChannel, payload any, forbidden bool, dial func(context.Context) (net.Conn, error)) {
	if forbidden {
		_ = ch.Reject(ssh.Prohibited, "open failed")
		return
	}
	if err := ssh.Unmarshal(ch.ExtraData(), payload); err != nil {
		_ = ch.Reject(ssh.ConnectionFailed, "malformed request")
		return
	}
	l.work.Go(func() {
		c, err := dial(l.ctx)
		if err != nil {
			_ = ch.Reject(ssh.ConnectionFailed, "Connection refused")
			return
		}
		defer c.Close() //nolint:errcheck // both directions have ended
		channel, requests, err := ch.Accept()
		if err != nil {
			return
		}
		l.work.Go(func() { ssh.DiscardRequests(requests) })
		l.join(channel, c)
	})
}

// join copies both ways until both have ended, or the login has.
func (l *login) join(ch ssh.Channel, c net.Conn) {
	stop := l.onEnd(func() { _ = c.Close() })
	defer stop()
	var out sync.WaitGroup
	out.Go(func() {
		_, _ = io.Copy(ch, c)
		_ = ch.CloseWrite()
	})
	_, _ = io.Copy(c, ch)
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	out.Wait()
	_ = ch.Close()
}
