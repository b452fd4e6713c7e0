package engine

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/docker/docker/client"
)

// imagesTime is the longest that an archive may take on its way.
const imagesTime = 15 * time.Minute

// Load takes images as docker save wrote them.
func (e *Engine) Load(ctx context.Context, archive io.Reader) error {
	return e.change(ctx, imagesTime, "load images", func(ctx context.Context, c *client.Client) error {
		r, err := c.ImageLoad(ctx, archive, client.ImageLoadWithQuiet(true))
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, r.Body)
		return errors.Join(err, r.Body.Close())
	})
}
