package erldist

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"sync"
)

// ErrDown is the reason of every call on a link that has ended.
var ErrDown = errors.New("nodedown")

// RemoteError is an error that the other node answered with.
type RemoteError string

// Error is the other node's text.
func (e RemoteError) Error() string { return string(e) }

// Link is a connection to another node, for calls in one direction.
type Link struct {
	w    *wire
	done chan struct{}
	subs group

	mu      sync.Mutex
	next    uint64
	waiting map[uint64]chan frame
}

func (l *Link) receive() {
	defer close(l.done)
	defer l.w.conn.Close()
	for {
		var f frame
		if l.w.read(&f) != nil {
			return
		}
		if f.Kind != kOK && f.Kind != kErr {
			continue
		}
		l.mu.Lock()
		ch := l.waiting[f.ID]
		delete(l.waiting, f.ID)
		l.mu.Unlock()
		if ch != nil {
			ch <- f
		}
	}
}

// Done is closed when the link has ended: closed, reset, or silent for longer
// than the tick time.
func (l *Link) Done() <-chan struct{} { return l.done }

// Ended is true after Done is closed.
func (l *Link) Ended() bool {
	select {
	case <-l.done:
		return true
	default:
		return false
	}
}

// Close ends the link and waits for its goroutines.
func (l *Link) Close() {
	l.w.conn.Close()
	l.subs.Wait()
}

// LocalAddr is the address that the kernel chose for this side.
func (l *Link) LocalAddr() net.Addr { return l.w.conn.LocalAddr() }

// Cast sends without waiting for an answer.
func (l *Link) Cast(op string, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return l.w.send(frame{Kind: kCast, Op: op, Body: b})
}

// Call sends and waits for the answer, which is decoded into out unless out is
// nil. It returns ErrDown when the link ends first, a RemoteError when the
// other node refused, and the context's error when that ends first.
func (l *Link) Call(ctx context.Context, op string, body, out any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	ch := make(chan frame, 1)
	l.mu.Lock()
	l.next++
	id := l.next
	l.waiting[id] = ch
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		delete(l.waiting, id)
		l.mu.Unlock()
	}()
	if l.w.send(frame{Kind: kCall, ID: id, Op: op, Body: b}) != nil {
		l.w.conn.Close() // half a frame may be out: this link is of no use any more
		<-l.done
		return ErrDown
	}
	select {
	case f := <-ch:
		if f.Kind == kErr {
			return RemoteError(f.Err)
		}
		if out == nil || len(f.Body) == 0 {
			return nil
		}
		return json.Unmarshal(f.Body, out)
	case <-l.done:
		return ErrDown
	case <-ctx.Done():
		return ctx.Err()
	}
}
