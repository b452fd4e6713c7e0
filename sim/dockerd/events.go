package dockerd

import (
	"maps"
	"time"

	"github.com/docker/docker/api/types/events"
)

// remembered is how many events a daemon keeps in memory.
const remembered = 256

// emit tells those who listen what happened; the caller holds the lock.
func (e *Engine) emit(kind, action, id string, attributes map[string]string) {
	if e.daemon == nil {
		return
	}
	now := time.Now()
	m := events.Message{
		Type: events.Type(kind), Action: events.Action(action), Scope: "local", Time: now.Unix(), TimeNano: now.UnixNano(),
		Actor: events.Actor{ID: id, Attributes: attributes},
	}
	switch kind {
	case "container":
		m.Status, m.ID, m.From = action, id, attributes["image"] //nolint:staticcheck // 20.10 sends them
	case "image":
		m.Status, m.ID = action, id //nolint:staticcheck // 20.10 sends them
	}
	d := e.daemon
	d.past = append(d.past, m)
	if len(d.past) > remembered {
		d.past = d.past[len(d.past)-remembered:]
	}
	for hear := range d.listeners {
		hear.add(m)
	}
}

// tell emits an event of a container; the caller holds the lock.
func (c *Container) tell(action string, more map[string]string) {
	attributes := maps.Clone(c.config.Labels)
	if attributes == nil {
		attributes = map[string]string{}
	}
	attributes["image"], attributes["name"] = c.config.Image, c.name
	maps.Copy(attributes, more)
	c.e.emit("container", action, c.id, attributes)
}

// ear collects the events for one stream. Its fields belong to the engine's
// lock.
type ear struct {
	heard []events.Message
	more  chan struct{} // holds a token when there is something new
}

func (h *ear) add(m events.Message) {
	h.heard = append(h.heard, m)
	select {
	case h.more <- struct{}{}:
	default:
	}
}

// listen returns what happened since a moment and an ear for what comes; nil
// when the daemon is down.
func (e *Engine) listen(since time.Time) (*ear, []events.Message) {
	e.mu.Lock()
	defer e.mu.Unlock()
	h := &ear{more: make(chan struct{}, 1)}
	if e.daemon == nil {
		return nil, nil
	}
	e.daemon.listeners[h] = true
	var past []events.Message
	for _, m := range e.daemon.past {
		if !since.IsZero() && m.TimeNano >= since.UnixNano() {
			past = append(past, m)
		}
	}
	return h, past
}

func (e *Engine) unlisten(h *ear) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.daemon != nil {
		delete(e.daemon.listeners, h)
	}
}

// take hands over what an ear heard.
func (e *Engine) take(h *ear) []events.Message {
	e.mu.Lock()
	defer e.mu.Unlock()
	list := h.heard
	h.heard = nil
	return list
}
