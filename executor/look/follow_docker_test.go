package look_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"vmqbot/executor/engine/enginetest"
	"vmqbot/executor/look"
	"vmqbot/ops"
)

// What a container writes is followed from life to life, each line once; a folder
// without a log is no reason to hear nothing.
func TestAContainerIsFollowedOverARestart(t *testing.T) {
	enginetest.Need(t)
	l, cn := looker(t, map[string]*enginetest.Host{"cn-1": {}}, look.Options{Follow: time.Millisecond}), cn
	docker.Container(t, cn.Container)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var heard []string
	begins := 0
	cn.Volumes.Log = t.TempDir()
	l.Follow(ctx, cn, ops.Tail{Files: []string{"console"}, Lines: 100}, func(h ops.Heard) {
		if h.Trouble != "" || h.File != "" {
			t.Errorf("heard %+v", h)
		}
		if h.Begin {
			begins++
		}
		before := len(heard)
		heard = append(heard, h.Lines...)
		switch {
		case before < 2 && len(heard) >= 2:
			if _, err := docker.Command(ctx, "restart", "--time", "0", cn.Container); err != nil {
				t.Error(err)
			}
		case len(heard) >= 4:
			cancel()
		}
	})
	slices.Sort(heard) // Docker hears two streams
	if want := []string{"first line, on standard output", "first line, on standard output", "second line, on standard error", "second line, on standard error"}; !slices.Equal(heard, want) || begins != 1 {
		t.Errorf("%d beginnings, heard %q", begins, heard)
	}
}
