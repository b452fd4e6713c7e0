package broker

import (
	"time"
)

func (qs *queues) names() []string {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	var out []string
	for id := range qs.all {
		out = append(out, id)
	}
	return out
}

// totals counts online and offline queues and waiting messages.
func (qs *queues) totals() (online, offline, messages int) {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	for _, q := range qs.all {
		if q.sess != nil {
			online++
		} else {
			offline++
		}
		messages += len(q.waiting)
	}
	return online, offline, messages
}

// sessionRow is what `session show` can tell of one client.
type sessionRow struct {
	Node, Client, User, PeerHost string
	PeerPort, Protocol           int
	Online, Clean                bool
	OfflineMessages              int
	OnlineMessages               int
	Unacked                      int
	QueueBegan, SessionBegan     time.Time
}

// describe lists the queues of this node for `session show`.
func (qs *queues) describe() []sessionRow {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	out := make([]sessionRow, 0, len(qs.all))
	for _, q := range qs.all {
		r := sessionRow{Node: qs.a.n.id.Node, Client: q.client, Clean: q.clean, QueueBegan: q.began}
		if q.sess == nil {
			r.OfflineMessages = len(q.waiting)
		} else {
			r.Online, r.OnlineMessages, r.Unacked = true, len(q.waiting), len(q.sess.unacked)
			q.sess.describe(&r)
		}
		out = append(out, r)
	}
	return out
}
