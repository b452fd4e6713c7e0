package wire

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"vmqbot/facts"
)

// ciphers puts AES-GCM first: with AES in the processor it moves nearly twice
// the bytes of the library's first choice.
var ciphers = []string{
	ssh.CipherAES128GCM, ssh.CipherAES256GCM, ssh.CipherChaCha20Poly1305,
	ssh.CipherAES128CTR, ssh.CipherAES192CTR, ssh.CipherAES256CTR,
}

// handshake checks the host key and logs in. The library's own timeout ends
// with the TCP connect, so the deadline is set on the connection itself.
func (h *Host) handshake(ctx context.Context, raw net.Conn) (*ssh.Client, error) {
	signers, doneSigning, err := h.pool.keys.signers(h.target)
	if err != nil {
		_ = raw.Close()
		return nil, err
	}
	defer doneSigning()
	trust, err := h.pool.known.trust(h.target)
	if err != nil {
		_ = raw.Close()
		return nil, err
	}
	cfg := &ssh.ClientConfig{
		Config:            ssh.Config{Ciphers: ciphers, KeyExchanges: h.pool.opts.KeyExchanges},
		User:              h.target.user,
		Auth:              []ssh.AuthMethod{ssh.PublicKeys(signers...)},
		HostKeyCallback:   trust.check,
		HostKeyAlgorithms: trust.algorithms,
		ClientVersion:     "SSH-2.0-vmqbot",
	}
	limit := h.pool.opts.HandshakeTimeout
	_ = raw.SetDeadline(time.Now().Add(limit))
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	conn, chans, reqs, err := ssh.NewClientConn(raw, h.target.addr, cfg)
	if !stop() && err == nil {
		_ = conn.Close()
		err = ctx.Err()
	}
	if err != nil {
		return nil, h.handshakeError(trust, err, limit)
	}
	_ = raw.SetDeadline(time.Time{})
	return ssh.NewClient(conn, chans, reqs), nil
}

// handshakeError tells a refused key from a refused login from silence. An
// error that it passes on unchanged may be worth another try.
func (h *Host) handshakeError(trust *trust, err error, limit time.Duration) error {
	t, tried := h.target, h.connecting()
	if trust.refusal != nil {
		return trust.refusal
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return unseen(t, facts.Unreachable, tried,
			"it accepts connections but did not speak ssh within "+limit.String(), t.command(), err)
	}
	var algorithms *ssh.AlgorithmNegotiationError
	if errors.As(err, &algorithms) && algorithms.What == "host key" {
		return unseen(t, facts.BadHostKey, tried,
			"it no longer has a host key of the type that "+t.known+" names", trust.forget(), err)
	}
	if trust.passed && (strings.Contains(err.Error(), "unable to authenticate") ||
		strings.Contains(err.Error(), "Too many authentication failures")) {
		why := "the host does not accept the key " + t.key + " for " + t.user + ", or " + t.user + " may not log in"
		if t.key == "" {
			why = "the host accepts no key of the ssh agent for " + t.user
		}
		return unseen(t, facts.LoginDenied, tried, why, t.command(), err)
	}
	return err
}
