package engine

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/client"

	"vmqbot/ops"
)

// saveTime is the longest that reading an image may take.
const saveTime = 30 * time.Minute

// Save passes an image on as `docker save` writes it. The error of read comes
// first when it is one for people.
func (e *Engine) Save(ctx context.Context, id string, read func(io.Reader) error) error {
	var failed error
	_, err := callFor(ctx, saveTime, e, "save the image "+id, func(ctx context.Context, c *client.Client) (struct{}, error) {
		body, err := c.ImageSave(ctx, []string{id})
		if err != nil {
			return struct{}{}, err
		}
		defer body.Close() //nolint:errcheck // only read
		failed = read(body)
		return struct{}{}, failed
	})
	var own *ops.Error
	if errors.As(failed, &own) {
		return failed
	}
	return err
}

// Tag gives an image a reference; one that another image had is taken from it.
func (e *Engine) Tag(ctx context.Context, id, ref string) error {
	return e.change(ctx, callTime, "call "+id+" "+ref, func(ctx context.Context, c *client.Client) error {
		return c.ImageTag(ctx, id, ref)
	})
}

// RemoveImage takes a reference away, or without one the image of an id. The
// image goes with its last reference. Nothing is forced: what a container is
// made of stays. One that is not there is fine.
func (e *Engine) RemoveImage(ctx context.Context, ref string) error {
	err := e.change(ctx, startTime, "remove the image "+ref, func(ctx context.Context, c *client.Client) error {
		_, err := c.ImageRemove(ctx, ref, image.RemoveOptions{PruneChildren: true})
		return err
	})
	if absent(err) || err != nil && strings.Contains(err.Error(), "No such image") {
		return nil
	}
	return err
}
