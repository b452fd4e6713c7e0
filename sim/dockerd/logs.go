package dockerd

import (
	"bytes"
	"io"
	"sync"
	"time"
)

// mostLog is how many bytes of a container's log are kept; the oldest go.
const mostLog = 8 << 20

// line is a line of a log, with its end, as the container wrote it.
type line struct {
	at     time.Time
	stream byte // 1 is the standard output, 2 the standard error
	text   []byte
	number int
}

// record is a container's log.
type record struct {
	mu     sync.Mutex
	lines  []line
	size   int
	next   int // number of the next line
	more   chan struct{}
	closed bool
}

func newRecord() *record { return &record{more: make(chan struct{})} }

// logWriter cuts a stream into lines. What has no end yet is kept back, as
// Docker's own does, until it has one or the stream ends.
type logWriter struct {
	r      *record
	stream byte
	rest   []byte
}

func (r *record) writer(stream byte) io.WriteCloser { return &logWriter{r: r, stream: stream} }

func (w *logWriter) Write(b []byte) (int, error) {
	w.rest = append(w.rest, b...)
	for {
		i := bytes.IndexByte(w.rest, '\n')
		if i < 0 {
			break
		}
		w.r.add(w.stream, w.rest[:i+1])
		w.rest = w.rest[i+1:]
	}
	return len(b), nil
}

func (w *logWriter) Close() error {
	if len(w.rest) > 0 {
		w.r.add(w.stream, w.rest)
		w.rest = nil
	}
	return nil
}

func (r *record) add(stream byte, text []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, line{time.Now(), stream, bytes.Clone(text), r.next})
	r.next++
	for r.size += len(text); r.size > mostLog && len(r.lines) > 1; r.lines = r.lines[1:] {
		r.size -= len(r.lines[0].text)
	}
	r.stir()
}

// stir wakes those who follow; the caller holds the lock.
func (r *record) stir() {
	close(r.more)
	r.more = make(chan struct{})
}

// close ends those who follow.
func (r *record) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	r.stir()
}

// from returns the lines from a number on, the number after them, and what is
// closed when there are more.
func (r *record) from(n int) ([]line, int, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := 0
	for i < len(r.lines) && r.lines[i].number < n {
		i++
	}
	return r.lines[i:len(r.lines):len(r.lines)], r.next, r.more
}

// Log is everything that the container wrote on both streams, in the order in
// which it came.
func (c *Container) Log() string {
	lines, _, _ := c.log.from(0)
	var b bytes.Buffer
	for _, l := range lines {
		b.Write(l.text)
	}
	return b.String()
}
