package broker

import (
	"context"
	"strings"
	"time"

	mqtt "github.com/mochi-mqtt/server/v2"
)

// takeRequest asks a node for a client's session.
type takeRequest struct {
	Client  string `json:"client"`
	Discard bool   `json:"discard"` // the client wants a clean session
}

// enqueueRequest hands a queue over.
type enqueueRequest struct {
	Client string  `json:"client"`
	Clean  bool    `json:"clean"`
	Items  []*item `json:"items"`
}

// prepend puts messages from elsewhere before what is there already.
func (qs *queues) prepend(client string, items []*item) {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	q := qs.all[client]
	if q == nil || len(items) == 0 {
		return
	}
	for _, it := range items {
		q.next++
		it.Seq, it.stored = q.next, false
		if q.sess == nil {
			if err := q.store(it, qs.a.n.met); err != nil {
				qs.a.n.log.error("vmq_queue:drain", "can't store a message for %s: %v", client, err)
			}
		}
	}
	q.waiting = append(items, q.waiting...)
	if q.sess != nil {
		q.sess.wake()
	}
}

// give ends a session here and returns what waits for it.
func (qs *queues) give(r takeRequest) []*item {
	qs.kick(r.Client)
	qs.mu.Lock()
	var items []*item
	if q := qs.all[r.Client]; q != nil && !r.Discard && !q.clean {
		items = q.waiting
	}
	qs.mu.Unlock()
	qs.drop(r.Client)
	qs.a.forgetSession(r.Client)
	return items
}

// kick closes the connection of a client, which keeps its session.
func (qs *queues) kick(client string) bool {
	qs.mu.Lock()
	q := qs.all[client]
	var cl *mqtt.Client
	if q != nil && q.sess != nil {
		cl = q.sess.cl
	}
	qs.mu.Unlock()
	if cl == nil {
		return false
	}
	qs.detach(client, cl)
	cl.Stop(nil)
	return true
}

// receive takes a queue over from a node that leaves or has been cut off.
func (qs *queues) receive(r enqueueRequest) error {
	qs.mu.Lock()
	if qs.all[r.Client] == nil {
		qs.all[r.Client] = newQueue(qs.a.n.disk(), qs.store, r.Client, r.Clean)
		qs.a.n.met.add("queue_setup", 1)
	}
	qs.mu.Unlock()
	qs.a.rememberSession(r.Client)
	qs.prepend(r.Client, r.Items)
	return nil
}

// moved gives a queue away when the metadata says that its client lives on
// another node now.
func (qs *queues) moved(e entry) {
	id, ok := strings.CutPrefix(e.Key, subPrefix)
	rec, known := qs.a.routes.get(id)
	if !ok || !known || rec.Node == qs.a.n.id.Node {
		return
	}
	qs.mu.Lock()
	q := qs.all[id]
	qs.mu.Unlock()
	if q == nil {
		return
	}
	items := qs.give(takeRequest{Client: id, Discard: rec.Clean})
	if len(items) == 0 {
		return
	}
	qs.a.wg.Go(func() {
		ctx, cancel := context.WithTimeout(qs.a.ctx, 5*time.Second)
		defer cancel()
		if err := qs.a.view.call(ctx, rec.Node, "enqueue", enqueueRequest{Client: id, Items: items}, nil); err != nil {
			qs.a.n.log.warn("vmq_queue:drain", "can't migrate the queue of %s to %s: %v", id, rec.Node, err)
		}
	})
}
