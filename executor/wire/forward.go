package wire

import (
	"context"
	"errors"
	"net"
	"strconv"

	"golang.org/x/crypto/ssh"

	"vmqbot/facts"
)

// forward names the channel and its payload (RFC 4254 7.2, OpenSSH PROTOCOL 2.4).
func forward(network, addr string) (kind string, payload []byte, err error) {
	switch network {
	case "unix":
		return "direct-streamlocal@openssh.com", ssh.Marshal(struct {
			Path, Reserved string
			ReservedToo    uint32
		}{Path: addr}), nil
	case "tcp":
		host, port, err := net.SplitHostPort(addr)
		if err != nil {
			return "", nil, err
		}
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil {
			return "", nil, err
		}
		return "direct-tcpip", ssh.Marshal(struct {
			Host       string
			Port       uint32
			Origin     string
			OriginPort uint32
		}{host, uint32(n), "127.0.0.1", 0}), nil
	}
	return "", nil, errors.New("the network must be tcp or unix, not " + strconv.Quote(network))
}

func (h *Host) forwardError(ctx context.Context, network, tried string, err error) error {
	var refused *ssh.OpenChannelError
	switch {
	case errors.Is(err, errDead):
		return err
	case !errors.As(err, &refused):
		return ended(ctx, h.target, tried)
	case refused.Reason == ssh.Prohibited:
		return failed(h.target, facts.Denied, tried,
			"sshd does not allow it ("+refused.Message+"); AllowTcpForwarding and PermitOpen in its sshd_config decide", "", err)
	case network == "unix": // sshd says the same in all of these cases
		return failed(h.target, facts.Failed, tried, "nothing listens there, "+h.target.user+
			" may not open the socket, or AllowStreamLocalForwarding in its sshd_config is off ("+refused.Message+")", "", err)
	}
	return failed(h.target, facts.Down, tried, "nothing answers there ("+refused.Message+")", "", err)
}
