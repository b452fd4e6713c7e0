package executor

import (
	"context"
	"strings"
	"time"

	"vmqbot/executor/engine"
	"vmqbot/ops"
	"vmqbot/regions"
)

// hints hears what the Docker engines tell.
type hints struct{ engines *engine.Pool }

var _ ops.Hints = hints{}

// Hear passes on what happens to the containers of a node's host.
func (h hints) Hear(ctx context.Context, n regions.Node, since time.Time, ready func(), hear func(ops.Hint)) error {
	return h.engines.Of(n).Listen(ctx, since, ready, func(e engine.Event) {
		what, _, _ := strings.Cut(e.Action, ":") // "health_status: unhealthy"
		hear(ops.Hint{Node: n.Name, What: what, Name: e.Name, At: e.At})
	})
}
