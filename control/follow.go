package control

import (
	"context"
	"sync"

	"vmqbot/commands"
	"vmqbot/ops"
)

// follow shows what a verb goes on showing, until ctx ends: that is how whoever
// asked has seen enough, and no failure. The verdict is that of the end.
func (s *Service) follow(ctx context.Context, t *commands.Tail, r ops.Request, d Door) (Result, error) {
	if d.Show == nil {
		return Result{}, commands.Follows(r)
	}
	var (
		mu  sync.Mutex
		all sync.WaitGroup
	)
	hear := func(h ops.Heard) {
		mu.Lock()
		defer mu.Unlock()
		if text := t.Heard(h); text != "" {
			d.Show(s.Redactor.Text(text))
		}
	}
	for _, n := range r.Nodes {
		all.Go(func() { s.Follower.Follow(ctx, n, t.Of, hear) })
	}
	all.Wait()
	return Result{View: &commands.View{Verdict: t.Verdict()}}, nil
}
