package engine

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/docker/docker/client"
)

// imagesTime is the longest that images may take on their way.
const imagesTime = 15 * time.Minute

// SaveAll hands several images, as docker save writes them, to read.
func (e *Engine) SaveAll(ctx context.Context, refs []string, read func(io.Reader) error) error {
	return e.change(ctx, imagesTime, "save images", func(ctx context.Context, c *client.Client) error {
		r, err := c.ImageSave(ctx, refs)
		if err != nil {
			return err
		}
		return errors.Join(read(r), r.Close())
	})
}

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
