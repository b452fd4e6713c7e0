package wire

import (
	"sync"
	"sync/atomic"
	"time"
)

// flow is the traffic of one command, which may still come in when the command
// has ended: what it printed last is under way, or a process that it left
// behind holds the output open. Only the silence of the second tells the two
// apart.
type flow struct {
	moved  atomic.Int64
	copies sync.WaitGroup
}

// Write counts what comes in; it never fails.
func (f *flow) Write(p []byte) (int, error) {
	f.moved.Add(int64(len(p)))
	return len(p), nil
}

func (f *flow) start(work func()) { f.copies.Go(work) }

// finish waits until all has come in. When the beats tell that nothing more
// will, it calls cut, which must make the copies end.
func (f *flow) finish(beat <-chan time.Time, cut func()) {
	over := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		l := linger{seen: -1}
		for {
			select {
			case <-beat:
			case <-over:
				return
			}
			if l.over(f.moved.Load()) {
				cut()
				return
			}
		}
	})
	f.copies.Wait()
	close(over)
	watch.Wait()
}

// maxLingers is how many beats are awaited when something comes each time.
const maxLingers = 15

// linger decides, from beat to beat, how long output is awaited.
type linger struct {
	seen  int64 // bytes at the last beat; -1 before the first
	beats int
}

// over reports that nothing came since the beat before, or that it was awaited
// long enough.
func (l *linger) over(moved int64) bool {
	silent := moved == l.seen
	l.seen = moved
	l.beats++
	return silent || l.beats >= maxLingers
}
