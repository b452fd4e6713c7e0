package wire

import (
	"slices"
	"testing"
	"time"
)

func TestOutputIsAwaitedWhileItComes(t *testing.T) {
	t.Parallel()
	endless := make([]int64, 100)
	for i := range endless {
		endless[i] = int64(i)
	}
	for _, c := range []struct {
		name  string
		moved []int64 // bytes that came until each beat
		over  int     // the beat that ends it
	}{
		{"nothing at all", []int64{0, 0}, 2},
		{"nothing more", []int64{7, 7}, 2},
		{"a slow way", []int64{0, 1, 2, 3, 3}, 5},
		{"no end", endless, maxLingers},
	} {
		l := linger{seen: -1}
		if got := slices.IndexFunc(c.moved, l.over) + 1; got != c.over {
			t.Errorf("%s: over at beat %d, want %d", c.name, got, c.over)
		}
	}
}

func TestOutputThatNeverEndsIsCut(t *testing.T) {
	t.Parallel()
	var f flow
	end := make(chan struct{})
	f.start(func() { <-end })
	beat := make(chan time.Time, 2)
	beat <- time.Time{}
	beat <- time.Time{}
	f.finish(beat, func() { close(end) })

	f = flow{}
	f.start(func() { _, _ = f.Write([]byte("all")) })
	f.finish(nil, func() { t.Error("cut although all is there") })
}
