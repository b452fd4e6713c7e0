package engine

import (
	"context"

	"github.com/docker/docker/client"

	"vmqbot/ops"
)

// Create creates a container and does not start it. Docker makes folders of
// the host that are missing only when it first needs them, which is at the
// start or when files are put in. The error's Blind is Absent when the image
// is not on the host; nothing is fetched.
func (e *Engine) Create(ctx context.Context, s ops.ContainerSpec) error {
	return e.change(ctx, startTime, "create "+s.Name, func(ctx context.Context, c *client.Client) error {
		_, err := c.ContainerCreate(ctx, configOf(s), hostConfigOf(s), nil, nil, s.Name)
		return err
	})
}
