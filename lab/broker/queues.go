package broker

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"sync"
)

// queues are the queues of this node.
type queues struct {
	a     *app
	store string

	mu  sync.Mutex
	all map[string]*queue
	wg  sync.WaitGroup
}

// loadQueues restores the queues of persistent sessions that belong to this
// node, and deletes the records of clean ones, which did not outlive it.
func loadQueues(a *app) (*queues, error) {
	qs := &queues{a: a, store: filepath.Join(a.n.opt.Data, "msgstore"), all: map[string]*queue{}}
	for _, e := range a.meta.living(subPrefix) {
		var rec subscriber
		if json.Unmarshal(e.Val, &rec) != nil || rec.Node != a.n.id.Node || rec.Clean {
			continue
		}
		q := newQueue(a.n.disk(), qs.store, strings.TrimPrefix(e.Key, subPrefix), false)
		if err := q.load(a.n.met); err != nil {
			return nil, err
		}
		if len(q.waiting) > 0 {
			a.n.met.add("queue_initialized_from_storage", 1)
		}
		qs.all[q.client] = q
	}
	return qs, nil
}

// adopt drops the records of clean sessions of an earlier life and gives the
// MQTT library the sessions that are still there.
func (qs *queues) adopt() {
	for id, rec := range qs.a.routes.on(qs.a.n.id.Node) {
		if rec.Clean {
			qs.a.set(subPrefix+id, nil)
			continue
		}
		qs.a.rememberSession(id)
	}
}

// deliver puts a message into one client's queue.
func (qs *queues) deliver(t match, m message) {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	q := qs.all[t.Client]
	if q == nil || t.Sub.NoLocal && m.From == t.Client {
		return
	}
	it := &item{Msg: m, QoS: min(m.QoS, t.Sub.QoS), Retain: m.Retain && t.Sub.AsIs, IDs: t.IDs}
	most := qs.a.n.settingInt("max_online_messages", 1000)
	if q.sess == nil {
		if it.QoS == 0 {
			return
		}
		most = qs.a.n.settingInt("max_offline_messages", 1000)
	}
	if _, err := q.push(it, most, qs.a.n.met); err != nil {
		qs.a.n.log.error("vmq_queue:insert", "can't store a message for %s: %v", t.Client, err)
	}
	if q.sess != nil {
		q.sess.wake()
	}
}

// drop forgets a client altogether.
func (qs *queues) drop(client string) {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	if q := qs.all[client]; q != nil {
		if q.sess != nil {
			q.sess.cancel()
		}
		_ = q.destroy() // an orphan file belongs to no record and is never loaded
		delete(qs.all, client)
		qs.a.n.met.add("queue_teardown", 1)
	}
}
