package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/docker/docker/api/types/events"
	"github.com/docker/docker/api/types/filters"
)

// Event is something that happened to a container.
type Event struct {
	Action string    // "start", "die", "oom", "health_status: unhealthy", "destroy", "rename"
	Name   string    // of the container
	At     time.Time // by the host's clock
}

// told are the events that Listen asks for: the health checks themselves, which
// run every few seconds in a shell of their own, are not among them.
var told = []events.Action{
	events.ActionStart, events.ActionDie, events.ActionOOM, events.ActionHealthStatus, events.ActionDestroy, events.ActionRename,
}

// Listen passes on what happens to containers, and first what happened since.
// It calls ready when the daemon has begun to tell, and returns when the stream
// ends: nil only when ctx ended it. The daemon remembers 256 events and forgets
// them all when it restarts, so whoever listens must look as well.
func (e *Engine) Listen(ctx context.Context, since time.Time, ready func(), hear func(Event)) error {
	const doing = "tell what happens to containers"
	open, cancel := context.WithTimeout(ctx, callTime)
	api, err := e.client(open)
	cancel()
	if err != nil {
		return e.explain(ctx, err, doing)
	}
	about := filters.NewArgs(filters.Arg("type", string(events.ContainerEventType)))
	for _, a := range told {
		about.Add("event", string(a))
	}
	options := events.ListOptions{Filters: about}
	if !since.IsZero() {
		options.Since = fmt.Sprintf("%d.%09d", since.Unix(), since.Nanosecond())
	}
	stream, broke := api.Events(ctx, options) // returns when the daemon has answered
	ready()
	for {
		select {
		case m := <-stream:
			hear(Event{Action: string(m.Action), Name: m.Actor.Attributes["name"], At: time.Unix(0, m.TimeNano)})
		case err := <-broke:
			switch {
			case ctx.Err() != nil:
				return nil //nolint:nilerr // that is how it ends
			case err == nil || errors.Is(err, io.EOF):
				return e.errorf("", err, "Docker on "+e.name+" ended the stream of events: it was stopped, or restarts.")
			default:
				return e.explain(ctx, err, doing)
			}
		}
	}
}
