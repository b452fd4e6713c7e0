package engine

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/api/types/registry"
	"github.com/docker/docker/client"

	"vmqbot/ops"
	"vmqbot/secret"
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

// pushTime is the longest that pushing an image may take.
const pushTime = 30 * time.Minute

// Push has the engine push what it calls ref to the registry in that name, as
// whoever has the password. Layers that the registry has are not sent.
func (e *Engine) Push(ctx context.Context, ref, user string, password secret.Text) error {
	auth, err := registry.EncodeAuthConfig(registry.AuthConfig{Username: user, Password: password.Reveal()})
	if err != nil {
		return err
	}
	return e.change(ctx, pushTime, "push "+ref, func(ctx context.Context, c *client.Client) error {
		body, err := c.ImagePush(ctx, ref, image.PushOptions{RegistryAuth: auth})
		if err != nil {
			return err
		}
		defer body.Close() //nolint:errcheck // only read
		return pushed(body)
	})
}

// pushed reads what the engine tells of a push to its end, which is an answer of
// its own: the status came before.
func pushed(body io.Reader) error {
	for d := json.NewDecoder(body); ; {
		var m struct {
			Error string `json:"error"`
		}
		switch err := d.Decode(&m); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case m.Error != "":
			return errors.New("Error response from daemon: " + m.Error) // as one that comes before the stream
		}
	}
}
