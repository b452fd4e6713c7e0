package tools

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"strconv"
	"syscall"
	"time"

	"vmqbot/sim/kernel"
)

// nc opens a connection and carries what goes over it until the other end closes; -w is
// the longest that the connection may take. Its words are busybox's, of 1.35.
func nc(p *kernel.Process) int {
	o, ok := parse(p, "w:i:", "")
	wait, err := strconv.Atoi(o.get("w", "127"))
	if !ok || err != nil || len(o.args) != 2 {
		p.Errorf("Usage: nc [-iN] [-wN] [-l] [-p PORT] [-f FILE|IPADDR PORT] [-e PROG]\n")
		return 1
	}
	to, err := netip.ParseAddr(o.args[0])
	if err != nil {
		p.Errorf("nc: bad address '%s'\n", o.args[0])
		return 1
	}
	ctx, cancel := context.WithTimeout(p.Context(), time.Duration(wait)*time.Second)
	defer cancel()
	conn, err := p.Net.DialContext(ctx, "tcp", net.JoinHostPort(to.String(), o.args[1]))
	var why syscall.Errno
	switch {
	case errors.As(err, &why):
		p.Errorf("nc: can't connect to remote host (%s): %s\n", to, sentence(why))
		return 1
	case err != nil:
		p.Errorf("nc: timed out\n")
		return 1
	}
	return carry(p, conn)
}

// sentence is strerror's: a capital first.
func sentence(e syscall.Errno) string {
	s := []byte(e.Error())
	if s[0] >= 'a' && s[0] <= 'z' {
		s[0] -= 'a' - 'A'
	}
	return string(s)
}

// carry sends the whole input and closes that direction, then prints what comes
// until the other end closes: as the real one does when its input is a file.
func carry(p *kernel.Process, conn net.Conn) int {
	defer conn.Close() //nolint:errcheck // it is over either way
	stop := context.AfterFunc(p.Context(), func() { _ = conn.Close() })
	defer stop()
	_, _ = io.Copy(conn, p.Stdin())
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_, _ = io.Copy(p.Stdout(), conn)
	return 0
}
