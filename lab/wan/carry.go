package wan

import (
	"context"
	"errors"
	"io"
	"net"
	"time"
)

// chunk is bytes on their way. The last chunk has none and says how reading ended.
type chunk struct {
	data []byte
	due  time.Time
	err  error
}

// inFlight is how many chunks of up to 32 KiB a direction holds: 64 MiB, more
// than any window that a sender has open.
const inFlight = 2048

// carry moves bytes from one connection to the other, each when it is due, and
// passes on the end of the stream. It returns nil after an orderly end.
func (d *direction) carry(ctx context.Context, from, to net.Conn) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	queue := make(chan chunk, inFlight)
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.read(ctx, from, queue)
	}()
	err := deliver(ctx, queue, to)
	if err != nil {
		// The reader may sit in Read; the caller breaks the connection.
		_ = from.SetReadDeadline(time.Unix(1, 0))
	}
	cancel()
	<-done
	return err
}

func (d *direction) read(ctx context.Context, from net.Conn, queue chan<- chunk) {
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 && !offer(ctx, queue, chunk{data: append([]byte(nil), buf[:n]...), due: d.due(time.Now(), n)}) {
			return
		}
		if err != nil {
			offer(ctx, queue, chunk{due: d.due(time.Now(), 0), err: err})
			return
		}
	}
}

func offer(ctx context.Context, queue chan<- chunk, c chunk) bool {
	select {
	case queue <- c:
		return true
	case <-ctx.Done():
		return false
	}
}

func deliver(ctx context.Context, queue <-chan chunk, to net.Conn) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		var c chunk
		select {
		case c = <-queue:
		case <-ctx.Done():
			return ctx.Err()
		}
		if wait := time.Until(c.due); wait > 0 {
			timer.Reset(wait)
			select {
			case <-timer.C:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if errors.Is(c.err, io.EOF) {
			return halfClose(to)
		}
		if c.err != nil {
			return c.err
		}
		if _, err := to.Write(c.data); err != nil {
			return err
		}
	}
}

// halfClose tells the other end that no more bytes come this way.
func halfClose(conn net.Conn) error {
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return conn.Close()
}
