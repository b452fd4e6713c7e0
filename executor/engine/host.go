package engine

import (
	"context"
	"io"
	"net"
	"time"

	"vmqbot/answer"
	"vmqbot/secret"
)

// Host is the ssh connection to one host, as far as the executor's rooms need
// it. OnWire makes one of the real connection.
type Host interface {
	// Dial opens a channel to a "tcp" or "unix" address as the host sees it.
	Dial(ctx context.Context, network, addr string) (net.Conn, error)
	// Run runs a command to its end; line, which may be nil, hears its output.
	Run(ctx context.Context, argv []secret.Word, line func(string)) (answer.Answer, error)
	// Pipe starts a command whose input and output stay open until Close; ctx
	// bounds the start only. When reading fails, a method Err() error, where
	// there is one, says why.
	Pipe(ctx context.Context, argv []secret.Word) (io.ReadWriteCloser, error)
	// Ping measures one round trip; fresh says that it connected first.
	Ping(ctx context.Context) (rtt time.Duration, fresh bool, err error)
}
