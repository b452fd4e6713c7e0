package sshd

import (
	"net"
	"strconv"

	"golang.org/x/crypto/ssh"
)

// port names a forwarded port in requests and channels (RFC 4254 7.1).
type port struct {
	Host string
	Port uint32
}

// listen opens a port of the machine for the client, as sshd does: on loopback
// whatever was asked for, since GatewayPorts is off.
func (l *login) listen(r *ssh.Request) (ok bool, answer []byte) {
	var at port
	if ssh.Unmarshal(r.Payload, &at) != nil || l.options.NoForwarding || l.options.NoRemoteForwarding {
		return false, nil
	}
	open, err := l.server.machine.Net.Listen(l.ctx, net.JoinHostPort("127.0.0.1", strconv.FormatUint(uint64(at.Port), 10)))
	if err != nil {
		return false, nil
	}
	asked := at.Port == 0
	if _, got, err := net.SplitHostPort(open.Addr().String()); err == nil {
		n, _ := strconv.ParseUint(got, 10, 16)
		at.Port = uint32(n)
	}
	l.mu.Lock()
	if l.ports == nil {
		l.ports = map[port]net.Listener{}
	}
	l.ports[at] = open
	l.mu.Unlock()
	l.work.Go(func() { l.accept(open, at) })
	if asked {
		answer = ssh.Marshal(struct{ Port uint32 }{at.Port})
	}
	return true, answer
}

// accept hands every connection to the port on to the client.
func (l *login) accept(open net.Listener, at port) {
	stop := l.onEnd(func() { _ = open.Close() })
	defer stop()
	for {
		c, err := open.Accept()
		if err != nil {
			return
		}
		l.work.Go(func() {
			defer c.Close() //nolint:errcheck // both directions have ended
			ch, requests, err := l.conn.OpenChannel("forwarded-tcpip", ssh.Marshal(struct {
				Host       string
				Port       uint32
				Origin     string
				OriginPort uint32
			}{at.Host, at.Port, "127.0.0.1", 40000}))
			if err != nil {
				return
			}
			l.work.Go(func() { ssh.DiscardRequests(requests) })
			l.join(ch, c)
		})
	}
}

// unlisten closes a port.
func (l *login) unlisten(r *ssh.Request) bool {
	var at port
	if ssh.Unmarshal(r.Payload, &at) != nil {
		return false
	}
	l.mu.Lock()
	open := l.ports[at]
	delete(l.ports, at)
	l.mu.Unlock()
	return open != nil && open.Close() == nil
}
