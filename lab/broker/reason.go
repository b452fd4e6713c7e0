package broker

import (
	"context"
	"errors"
	"net"
	"syscall"
)

// reason is Erlang's name of a socket error.
func reason(err error) string {
	for errno, name := range map[syscall.Errno]string{
		syscall.EADDRNOTAVAIL: "eaddrnotavail", syscall.EADDRINUSE: "eaddrinuse", syscall.ECONNREFUSED: "econnrefused",
		syscall.EHOSTUNREACH: "ehostunreach", syscall.ENETUNREACH: "enetunreach", syscall.ETIMEDOUT: "etimedout",
		syscall.EACCES: "eacces", syscall.ECONNRESET: "econnreset", syscall.EPIPE: "epipe",
	} {
		if errors.Is(err, errno) {
			return name
		}
	}
	var ne net.Error
	if errors.As(err, &ne) && ne.Timeout() || errors.Is(err, context.DeadlineExceeded) {
		return "timeout"
	}
	return "{error," + err.Error() + "}"
}
