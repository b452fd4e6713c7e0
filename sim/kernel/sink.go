package kernel

import (
	"context"
	"io"
	"sync"
)

// Sink is Output for a writer that is closed with the last reference, so that
// its reader learns when nobody can write any more.
func Sink(w io.WriteCloser) *FD {
	var mu sync.Mutex
	return newFD(&file{
		write: func(_ context.Context, b []byte) (int, error) {
			mu.Lock()
			defer mu.Unlock()
			return w.Write(b)
		},
		close: w.Close,
	})
}
