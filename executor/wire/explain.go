package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"

	"golang.org/x/crypto/ssh"

	"vmqbot/facts"
)

// wasReset reports whether the server hung up before the handshake ended. An
// answer with a reason (a key, a login) is none of these.
func wasReset(err error) bool {
	var e *Error
	if errors.As(err, &e) || errors.Is(err, syscall.ECONNREFUSED) {
		return false
	}
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// explain turns what the library said into a sentence with a way out.
func (h *Host) explain(err error) error {
	var e *Error
	if errors.As(err, &e) {
		return h.behind(e)
	}
	t, tried, fix := h.target, h.connecting(), h.target.command()
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return unseen(t, facts.Unreachable, tried, errClosed.Error(), "", err)
	case errors.As(err, &dns):
		return unseen(t, facts.Unreachable, tried, "the name "+dns.Name+" does not resolve ("+dns.Err+")", fix, err)
	case errors.Is(err, syscall.ECONNREFUSED):
		return unseen(t, facts.Unreachable, tried, "nothing listens there (connection refused)", fix, err)
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return unseen(t, facts.Unreachable, tried, "there is no route to the host", fix, err)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return unseen(t, facts.Unreachable, tried, "no answer within "+h.pool.opts.DialTimeout.String(), fix, err)
	case wasReset(err):
		return unseen(t, facts.Unreachable, tried,
			"the server hung up before the login: it is overloaded (MaxStartups) or is no ssh server", fix, err)
	}
	return unseen(t, facts.Unreachable, tried, err.Error(), fix, err)
}

// behind rewords the error of a dial through a jump host, whose own host and
// verb would mislead.
func (h *Host) behind(e *Error) error {
	var refused *ssh.OpenChannelError
	if h.via == nil || e.Host == h.target.String() || !errors.As(e.Cause, &refused) {
		return e
	}
	why := h.via.String() + " could not reach it (" + refused.Message + ")"
	if refused.Reason == ssh.Prohibited {
		why = h.via.String() + " forwards nothing there (" + refused.Message + "); AllowTcpForwarding and PermitOpen in its sshd_config decide"
	}
	return unseen(h.target, facts.Unreachable, h.connecting(), why, h.target.command(), e)
}
