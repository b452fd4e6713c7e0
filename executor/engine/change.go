package engine

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/client"

	"vmqbot/facts"
)

// change asks the engine to change something. When the connection broke before
// its answer was whole, the error is Unknown.
func (e *Engine) change(ctx context.Context, limit time.Duration, doing string, f func(context.Context, *client.Client) error) error {
	_, err := callFor(ctx, limit, e, doing, func(ctx context.Context, c *client.Client) (struct{}, error) {
		return struct{}{}, f(ctx, c)
	})
	var own *Error
	if errors.As(err, &own) && halfway(own) {
		own.Unknown = true
		own.Msg += " Whether it was done is unknown: look before doing it again."
	}
	return err
}

// halfway reports a failure after the request had left and before the engine
// had answered: it neither refused nor was out of reach.
func halfway(e *Error) bool {
	return e.Cause != nil && (e.Blind == facts.Failed || e.Blind == facts.Unreadable) && !strings.Contains(e.Cause.Error(), "response from daemon")
}

// Start starts a stopped container; one that runs already stays as it is.
func (e *Engine) Start(ctx context.Context, name string) error {
	return e.change(ctx, startTime, "start "+name, func(ctx context.Context, c *client.Client) error {
		return c.ContainerStart(ctx, name, container.StartOptions{})
	})
}

// Stop stops a container and waits for its end: a process that has not ended
// after grace, which counts in whole seconds, is killed. A container that does
// not run stays as it is; the error's Blind is Absent when there is none.
func (e *Engine) Stop(ctx context.Context, name string, grace time.Duration) error {
	seconds := int((max(grace, 0) + time.Second - 1) / time.Second)
	limit := time.Duration(seconds)*time.Second + startTime // Docker itself needs some time to take it down
	return e.change(ctx, limit, "stop "+name, func(ctx context.Context, c *client.Client) error {
		return c.ContainerStop(ctx, name, container.StopOptions{Timeout: &seconds})
	})
}

// Rename gives a container another name, which must be free.
func (e *Engine) Rename(ctx context.Context, from, to string) error {
	return e.change(ctx, callTime, "rename "+from+" to "+to, func(ctx context.Context, c *client.Client) error {
		return c.ContainerRename(ctx, from, to)
	})
}

// Remove removes a container that does not run, and what lies in its own
// layer; all volumes stay. One that is not there is fine, one that runs is
// refused.
func (e *Engine) Remove(ctx context.Context, name string) error {
	err := e.change(ctx, startTime, "remove "+name, func(ctx context.Context, c *client.Client) error {
		return c.ContainerRemove(ctx, name, container.RemoveOptions{})
	})
	if absent(err) {
		return nil
	}
	return err
}

// SetRestart changes the restart policy of a container, whether it runs or
// not: no, always, unless-stopped or on-failure.
func (e *Engine) SetRestart(ctx context.Context, name, policy string) error {
	return e.change(ctx, callTime, "change the restart policy of "+name, func(ctx context.Context, c *client.Client) error {
		_, err := c.ContainerUpdate(ctx, name, container.UpdateConfig{
			RestartPolicy: container.RestartPolicy{Name: container.RestartPolicyMode(policy)},
		})
		return err
	})
}

func absent(err error) bool {
	var own *Error
	return errors.As(err, &own) && own.Blind == facts.Absent
}
