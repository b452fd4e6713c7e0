package weavenet

import (
	"slices"
	"time"
)

// tell notes what is to be said, under the router's lock, and wakes the sender.
func (l *link) tell(note func()) {
	l.r.mu.Lock()
	note()
	l.r.mu.Unlock()
	l.nudge()
}

func (l *link) nudge() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// send says what is noted, and the heartbeats.
func (l *link) send(over chan struct{}) {
	r := l.r
	beat := time.NewTimer(r.n.after(fastHeartbeat))
	defer beat.Stop()
	for {
		var say []message
		select {
		case <-over:
			return
		case <-l.wake:
			say = l.news()
		case <-beat.C:
			say = []message{{Beat: true}}
			beat.Reset(l.nextBeat())
		}
		for _, m := range say {
			if (m.Beat || m.Ack) && !r.n.udp(r.b, l.remote) {
				continue
			}
			if l.enc.Encode(m) != nil {
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

// news takes what is noted off the list.
func (l *link) news() []message {
	r := l.r
	r.mu.Lock()
	defer r.mu.Unlock()
	var say []message
	if l.ack {
		say = append(say, message{Ack: true})
	}
	var peers []peer
	for _, name := range l.dirty {
		if p := r.mesh.peers[name]; p != nil {
			news := *p
			news.Connections = slices.Clone(p.Connections)
			peers = append(peers, news)
		}
	}
	if peers != nil {
		say = append(say, message{Peers: peers})
	}
	if l.ring {
		ring := r.alloc.ring.clone()
		say = append(say, message{Ring: &ring})
	}
	l.ack, l.dirty, l.ring = false, nil, false
	return say
}
