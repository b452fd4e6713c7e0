package broker

import (
	mqtt "github.com/mochi-mqtt/server/v2"
)

// attach starts a session for a client that has just connected. A session that
// the same client still had ends; what it had not acknowledged comes first.
func (qs *queues) attach(cl *mqtt.Client, discard, clean bool) {
	qs.detach(cl.ID, nil)
	qs.mu.Lock()
	defer qs.mu.Unlock()
	q := qs.all[cl.ID]
	if q == nil || discard || q.clean {
		if q != nil {
			_ = q.destroy() // a new queue of that name overwrites what is left
		}
		q = newQueue(qs.a.n.disk(), qs.store, cl.ID, clean)
		qs.all[cl.ID] = q
		qs.a.n.met.add("queue_setup", 1)
	}
	q.clean = clean
	q.sess = newSession(qs, q, cl)
}

// open lets the session of a client send: its CONNACK is out.
func (qs *queues) open(cl *mqtt.Client) {
	if s := qs.session(cl); s != nil {
		qs.wg.Go(s.run)
	}
}

// session is the client's running session, unless another connection has
// taken it over.
func (qs *queues) session(cl *mqtt.Client) *session {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	if q := qs.all[cl.ID]; q != nil && q.sess != nil && q.sess.cl == cl {
		return q.sess
	}
	return nil
}

// detach ends the session of a client. With cl given, only when the session is
// that connection's. It reports whether there was one.
func (qs *queues) detach(client string, cl *mqtt.Client) bool {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	q := qs.all[client]
	if q == nil || q.sess == nil || cl != nil && q.sess.cl != cl {
		return false
	}
	q.sess.cancel()
	if err := q.offline(q.sess.unacked, qs.a.n.met); err != nil {
		qs.a.n.log.error("vmq_queue:offline", "can't store the queue of %s: %v", client, err)
	}
	return true
}

// detachAll ends every session and waits for its goroutine: the server stops.
func (qs *queues) detachAll() {
	for _, id := range qs.names() {
		qs.detach(id, nil)
	}
	qs.wg.Wait()
}
