package wire

import (
	"encoding/binary"
	"io"
	"sync"
	"time"
)

// window says how many pieces of a file may be under way: as many as the line
// holds, and few more, for a cut loses them. It learns that from the time until
// a piece is acknowledged: what waits in queues makes it longer than the
// shortest that was seen (as TCP Vegas does).
type window struct {
	mu    sync.Mutex
	free  *sync.Cond
	sent  []time.Time // of the pieces under way, the oldest first
	limit float64
	least time.Duration // the shortest time until an acknowledgement
	calm  bool          // a queue was seen: from here on it grows slowly
	ended bool
}

// The bounds of a window, in pieces: a channel's own holds 64.
const (
	fewest, most = 4, 64
	queued       = 2 // pieces that wait somewhere on the line: fewer and it may run dry
)

func newWindow() *window {
	w := &window{limit: fewest}
	w.free = sync.NewCond(&w.mu)
	return w
}

// enter waits until another piece may be sent.
func (w *window) enter() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.sent) >= int(w.limit) && !w.ended {
		w.free.Wait()
	}
	w.sent = append(w.sent, time.Now())
}

// acknowledged notes that the oldest piece has arrived.
func (w *window) acknowledged(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.sent) == 0 {
		return // the answer to something else
	}
	took := max(now.Sub(w.sent[0]), time.Microsecond)
	w.sent = w.sent[1:]
	if w.least == 0 || took < w.least {
		w.least = took
	}
	switch waiting := w.limit * (1 - float64(w.least)/float64(took)); {
	case waiting > queued+1:
		w.limit -= 1 / w.limit
		w.calm = true
	case waiting < queued && !w.calm:
		w.limit++
	case waiting < queued:
		w.limit += 1 / w.limit
	}
	w.limit = min(most, max(fewest, w.limit))
	w.free.Signal()
}

// end lets whoever waits go on.
func (w *window) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	w.free.Broadcast()
}

// answers passes on what an sftp server says, and counts its packets.
type answers struct {
	io.Reader
	w *window

	head [4]byte
	have int    // bytes of the head
	left uint32 // bytes of the packet behind it
}

// Read reads and counts.
func (a *answers) Read(p []byte) (int, error) {
	n, err := a.Reader.Read(p)
	for rest := p[:n]; len(rest) > 0; {
		if a.left > 0 {
			k := min(int(a.left), len(rest))
			rest, a.left = rest[k:], a.left-uint32(k)
		} else {
			k := copy(a.head[a.have:], rest)
			rest, a.have = rest[k:], a.have+k
			if a.have < len(a.head) {
				break
			}
			a.have, a.left = 0, binary.BigEndian.Uint32(a.head[:])
			a.w.acknowledged(time.Now())
		}
	}
	if err != nil {
		a.w.end() // nothing will be acknowledged any more
	}
	return n, err
}
