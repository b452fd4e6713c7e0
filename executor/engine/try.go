package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/client"
	"github.com/docker/docker/pkg/stdcopy"

	"vmqbot/answer"
	"vmqbot/facts"
	"vmqbot/ops"
)

// TryLabel marks throwaway containers: nothing else is ever removed while it
// runs.
const TryLabel = "vmqbot.try"

const (
	tryTime   = 15 * time.Minute // the longest that a throwaway container may run
	clearTime = 30 * time.Second // what removing it may take after everything else
)

// Try runs a throwaway container to its end, after putting files into dir,
// and removes it whatever happens, with its anonymous volumes; one of the same
// name that an earlier try left behind is removed first. The answer is what it
// printed and how it ended; line, which may be nil, hears it. When ctx ends
// first the container is killed and the error's Blind is TooLate.
func (e *Engine) Try(ctx context.Context, s ops.ContainerSpec, dir string, files []ops.File, line func(string)) (a answer.Answer, err error) {
	s.Labels = maps.Clone(s.Labels)
	if s.Labels == nil {
		s.Labels = map[string]string{}
	}
	s.Labels[TryLabel] = "1"
	a.Argv = append([]string{"docker", "run", "--rm"}, s.Args()...)
	if len(files) > 0 { // an image need not have the folder; a volume makes it
		s.Mounts = append(slices.Clone(s.Mounts), ops.Mount{To: dir})
	}
	if err := e.fresh(ctx, s); err != nil {
		return a, err
	}
	defer func() {
		if left := e.clear(ctx, s.Name); left != nil && err == nil {
			err = left
		}
	}()
	if len(files) > 0 {
		if err := e.Put(ctx, s.Name, dir, files); err != nil {
			return a, err
		}
	}
	if err := e.Start(ctx, s.Name); err != nil {
		return a, err
	}
	a.Exit, err = e.ended(ctx, s.Name)
	if err != nil { // what it said until then may tell why
		quick, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTime)
		defer cancel()
		a.Stdout, a.Stderr, _ = e.printed(quick, s.Name, line)
		return a, err
	}
	a.Stdout, a.Stderr, err = e.printed(ctx, s.Name, line)
	return a, err
}

// fresh creates the container, in the place of what an interrupted try left.
func (e *Engine) fresh(ctx context.Context, s ops.ContainerSpec) error {
	err := e.Create(ctx, s)
	var own *Error
	if errors.As(err, &own) && errdefs.IsConflict(own.Cause) {
		if err := e.clear(ctx, s.Name); err != nil {
			return err
		}
		err = e.Create(ctx, s)
	}
	if errors.As(err, &own) && (own.Unknown || own.Blind == facts.TooLate) {
		_ = e.clear(ctx, s.Name) // it may be there; the first error tells more
	}
	return err
}

// clear removes a throwaway container, also when ctx has ended.
func (e *Engine) clear(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), clearTime)
	defer cancel()
	c, err := e.Container(ctx, name)
	if absent(err) {
		return nil
	}
	if err == nil && c.Labels[TryLabel] == "" {
		return e.errorf(facts.Failed, nil, "the container "+name+" on "+e.name+" was not made by a try, so it is not removed: look at it with `docker inspect "+name+"`, then rename it.")
	}
	if err == nil {
		err = e.change(ctx, clearTime, "remove "+c.ID, func(ctx context.Context, api *client.Client) error {
			return api.ContainerRemove(ctx, c.ID, container.RemoveOptions{Force: true, RemoveVolumes: true})
		})
	}
	if err == nil || absent(err) {
		return nil
	}
	return e.errorf(facts.Failed, err, fmt.Sprintf("the throwaway container %s stays on %s (%v): remove it with `docker rm -f %[1]s`.", name, e.name, err))
}

// ended waits for the end of a container and returns its exit status.
func (e *Engine) ended(ctx context.Context, name string) (int, error) {
	status, err := callFor(ctx, tryTime, e, "wait for the end of "+name, func(ctx context.Context, c *client.Client) (int64, error) {
		over, broken := c.ContainerWait(ctx, name, container.WaitConditionNotRunning)
		select {
		case r := <-over:
			if r.Error != nil {
				return 0, errors.New(r.Error.Message)
			}
			return r.StatusCode, nil
		case err := <-broken:
			return 0, err
		}
	})
	var own *Error
	switch {
	case err == nil:
		return int(status), nil
	case errors.As(err, &own) && own.Blind == facts.TooLate:
		return 0, e.lost(ctx, name, err)
	case errors.As(err, &own):
		own.Unknown = true
	}
	return 0, err
}

// printed reads both streams of a container that has ended.
func (e *Engine) printed(ctx context.Context, name string, line func(string)) (stdout, stderr string, err error) {
	both, err := call(ctx, e, "read what "+name+" printed", func(ctx context.Context, c *client.Client) ([2]string, error) {
		body, err := c.ContainerLogs(ctx, name, container.LogsOptions{ShowStdout: true, ShowStderr: true})
		if err != nil {
			return [2]string{}, err
		}
		defer body.Close() //nolint:errcheck // nothing was written
		var out, errs text
		o, r := tee{&out, newLines(line)}, tee{&errs, newLines(line)}
		_, err = stdcopy.StdCopy(o, r, body)
		o.lines.end()
		r.lines.end()
		return [2]string{out.String(), errs.String()}, err
	})
	return both[0], both[1], err
}
