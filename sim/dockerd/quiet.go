package dockerd

import (
	"io"
	"strconv"
	"sync"
)

// quiet closes done when both output streams of a command have been closed by
// everybody who had them.
type quiet struct {
	out, err *half
	done     chan struct{}
}

type half struct {
	io.Writer
	left *sync.WaitGroup
	once sync.Once
}

func (h *half) Close() error {
	h.once.Do(h.left.Done)
	return nil
}

func newQuiet(s Streams, all *sync.WaitGroup) *quiet {
	left := new(sync.WaitGroup)
	left.Add(2)
	q := &quiet{done: make(chan struct{})}
	q.out, q.err = &half{Writer: writer(s.Out), left: left}, &half{Writer: writer(s.Err), left: left}
	all.Go(func() {
		left.Wait()
		close(q.done)
	})
	return q
}

func writer(w io.Writer) io.Writer {
	if w == nil {
		return io.Discard
	}
	return w
}

func itoa(n int) string { return strconv.Itoa(n) }
