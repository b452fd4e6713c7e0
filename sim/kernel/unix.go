package kernel

import (
	"context"
	"fmt"
	"net"
	"syscall"
)

// unixSocket is a listening unix socket. It is a port of a namespace of its
// own: what is needed of the real thing is that the two ends meet by path.
type unixSocket struct {
	net.Listener
	m    *Machine
	path string
}

// ListenUnix opens a unix socket at a path of the machine.
func (m *Machine) ListenUnix(path string) (net.Listener, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sockets[path] != nil {
		return nil, &net.OpError{Op: "listen", Net: "unix", Err: syscall.EADDRINUSE}
	}
	l, err := m.local.Listen(context.Background(), "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	u := &unixSocket{l, m, path}
	m.sockets[path] = u
	return u, nil
}

// Close closes the socket and removes it.
func (u *unixSocket) Close() error {
	u.m.mu.Lock()
	if u.m.sockets[u.path] == u {
		delete(u.m.sockets, u.path)
	}
	u.m.mu.Unlock()
	return u.Listener.Close()
}

// DialUnix connects to a unix socket of the machine; ENOENT when there is
// none.
func (m *Machine) DialUnix(ctx context.Context, path string) (net.Conn, error) {
	m.mu.Lock()
	u := m.sockets[path]
	m.mu.Unlock()
	if u == nil {
		return nil, &net.OpError{Op: "dial", Net: "unix", Addr: &net.UnixAddr{Name: path, Net: "unix"}, Err: fmt.Errorf("connect: %w", syscall.ENOENT)}
	}
	return m.local.DialContext(ctx, "tcp", u.Addr().String())
}
