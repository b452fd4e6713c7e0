package weavenet

import (
	"time"
)

// gather is how long news wait for more of them.
const gather = 20 * time.Millisecond

// nudge wakes the sender.
func (l *link) nudge() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// send says what is noted, and the heartbeats.
func (l *link) send(over chan struct{}) {
	r := l.r
	beat, news := time.NewTimer(r.n.after(fastHeartbeat)), time.NewTimer(r.n.after(gather))
	defer beat.Stop()
	defer news.Stop()
	gathering := true
	for {
		var say []message
		select {
		case <-over:
			return
		case <-l.wake:
			var more bool
			if say, more = l.answer(); more && !gathering {
				gathering = true
				news.Reset(r.n.after(gather))
			}
		case <-news.C:
			gathering = false
			say = l.news()
		case <-beat.C:
			say = []message{{kind: sayBeat}}
			beat.Reset(l.nextBeat())
		}
		for _, m := range say {
			if (m.kind == sayBeat || m.kind == sayAck) && !r.n.udp(r.b, l.remote) {
				continue
			}
			if m.write(l.conn) != nil {
				return // the reader hears of it too
			}
		}
	}
}

// nextBeat is slow once the connection is established, and at the same moments
// for all connections of a router, so that they end together.
func (l *link) nextBeat() time.Duration {
	r := l.r
	r.mu.Lock()
	defer r.mu.Unlock()
	if !l.established {
		return r.n.after(fastHeartbeat)
	}
	slow := r.n.after(slowHeartbeat)
	return slow - time.Since(r.started)%slow
}

// answer is what must not wait; more reports whether there are news.
func (l *link) answer() (say []message, more bool) {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	if l.ack {
		say = []message{{kind: sayAck}}
	}
	l.ack = false
	return say, l.ring || l.dirty != nil
}

// news takes what is noted off the list.
func (l *link) news() []message {
	r := l.r
	r.mu.Lock()
	defer r.mu.Unlock()
	var say []message
	var records []byte
	for _, name := range l.dirty {
		if p := r.mesh.peers[name]; p != nil {
			records = append(records, p.raw...)
		}
	}
	if records != nil {
		say = append(say, message{sayPeers, records})
	}
	if l.ring {
		say = append(say, inJSON(sayRing, r.alloc.ring))
	}
	l.dirty, l.ring = nil, false
	return say
}
