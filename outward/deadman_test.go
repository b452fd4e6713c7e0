package outward_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vmqbot/ops"
	"vmqbot/outward"
	"vmqbot/regions"
	"vmqbot/secret"
)

// hand is a clock whose waits a test ends.
type hand struct{ waits chan chan time.Time }

func (hand) Now() time.Time { return time.Now() }

func (h hand) After(time.Duration) <-chan time.Time {
	c := make(chan time.Time, 1)
	h.waits <- c
	return c
}

// pings keeps what was told of the sign of life.
type pings struct {
	ops.Witnesses
	mu  sync.Mutex
	all []ops.Spoke
}

func (p *pings) Spoke(s ops.Spoke) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = append(p.all, s)
}

// TestTheSignOfLife goes out while the watch turns, and only then; one that is
// not heard is repeated, and seen.
func TestTheSignOfLife(t *testing.T) {
	r := newReceiver(t)
	f := fleet(t)
	f.Deadman = regions.Deadman{URL: secret.Hidden(r.URL + "/ping/token"), Every: time.Minute, Method: "POST"}
	var turns atomic.Bool
	p, h := &pings{}, hand{make(chan chan time.Time)}
	d := &outward.Deadman{Fleet: f, Turns: turns.Load, Clock: h, Witness: p, Logger: slog.New(slog.DiscardHandler)}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { d.Run(ctx); close(ended) }()
	tick := func(now bool, want int) {
		t.Helper()
		wait := <-h.waits // it has done what it does between two waits
		if got := len(r.all()); got != want {
			t.Errorf("%d signs were heard, want %d", got, want)
		}
		turns.Store(now)
		wait <- time.Now()
	}
	tick(true, 0)
	tick(false, 1)
	tick(true, 1)
	r.mu.Lock()
	r.answers = []int{503}
	r.mu.Unlock()
	tick(true, 2)
	tick(true, 3)
	<-h.waits
	cancel()
	<-ended
	if got := r.all()[0]; got.method != "POST" || got.path != "/ping/token" || len(p.all) != 4 || p.all[1].Err == nil && p.all[2].Err == nil || strings.Contains(p.all[1].Door, "token") {
		t.Errorf("%+v %+v", got, p.all)
	}
	for _, s := range p.all {
		if s.Door != "deadman" || s.Op != ops.OpPing || s.Err != nil && strings.Contains(s.Err.Error(), "token") {
			t.Errorf("%+v", s)
		}
	}
	// Without an address there is nothing to do.
	(&outward.Deadman{Fleet: &regions.Fleet{}}).Run(t.Context())
}
