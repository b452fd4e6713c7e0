package engine

import (
	"context"
	"io"
	"net"
	"time"

	"vmqbot/answer"
	"vmqbot/executor/wire"
	"vmqbot/secret"
)

// OnWire makes a Host of the real ssh connection.
func OnWire(h *wire.Host) Host { return onWire{h} }

type onWire struct{ h *wire.Host }

func (o onWire) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	return o.h.Dial(ctx, network, addr)
}

func (o onWire) Run(ctx context.Context, argv []secret.Word, line func(string)) (answer.Answer, error) {
	return o.h.Run(ctx, argv, wire.RunOptions{Line: line, Cap: Most})
}

func (o onWire) Pipe(ctx context.Context, argv []secret.Word) (io.ReadWriteCloser, error) {
	s, err := o.h.Stream(ctx, argv)
	if err != nil {
		return nil, err
	}
	return stream{s}, nil
}

func (o onWire) Ping(ctx context.Context) (time.Duration, bool, error) { return o.h.Ping(ctx) }

type stream struct{ s *wire.Stream }

func (s stream) Read(p []byte) (int, error)  { return s.s.Stdout.Read(p) }
func (s stream) Write(p []byte) (int, error) { return s.s.Stdin.Write(p) }
func (s stream) Close() error                { return s.s.Close() }

// Err says, after a read failed, why the command ended.
func (s stream) Err() error { return s.s.Err() }
