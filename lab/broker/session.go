package broker

import (
	"context"
	"slices"
	"time"

	mqtt "github.com/mochi-mqtt/server/v2"
)

// session sends what waits in a queue to the connected client, with at most
// max_inflight_messages unacknowledged. The queue's owner's lock guards its
// fields.
type session struct {
	qs      *queues
	q       *queue
	cl      *mqtt.Client
	ctx     context.Context
	cancel  context.CancelFunc
	signal  chan struct{}
	unacked []*item // sent with QoS 1 or 2, in order
	lastID  uint16
	window  int
	began   time.Time
}

func newSession(qs *queues, q *queue, cl *mqtt.Client) *session {
	s := &session{qs: qs, q: q, cl: cl, signal: make(chan struct{}, 1), began: time.Now()}
	s.ctx, s.cancel = context.WithCancel(qs.a.ctx)
	s.window = qs.a.n.settingInt("max_inflight_messages", 20)
	if r := int(cl.Properties.Props.ReceiveMaximum); r > 0 && (s.window == 0 || r < s.window) {
		s.window = r
	}
	for _, it := range q.waiting {
		s.lastID = max(s.lastID, it.Packet)
	}
	return s
}

func (s *session) wake() {
	select {
	case s.signal <- struct{}{}:
	default:
	}
}

// run sends until the session ends.
func (s *session) run() {
	for {
		for _, it := range s.take() {
			if s.cl.WritePacket(s.packet(it)) != nil {
				return // the reading side notices and ends the session
			}
			s.qs.a.n.met.add("queue_message_out", 1)
		}
		select {
		case <-s.signal:
		case <-s.ctx.Done():
			return
		}
	}
}

// take moves what may be sent now out of the queue.
func (s *session) take() []*item {
	s.qs.mu.Lock()
	defer s.qs.mu.Unlock()
	if s.q.sess != s {
		return nil
	}
	var out []*item
	for len(s.q.waiting) > 0 {
		it := s.q.waiting[0]
		if it.QoS > 0 {
			if s.window > 0 && len(s.unacked) >= s.window {
				break
			}
			if it.Packet == 0 {
				it.Packet = s.nextID()
			}
			s.unacked = append(s.unacked, it)
		}
		s.q.waiting = s.q.waiting[1:]
		out = append(out, it)
	}
	return out
}

// nextID is a packet id that no unacknowledged message has.
func (s *session) nextID() uint16 {
	for {
		s.lastID++
		used := func(it *item) bool { return it.Packet == s.lastID }
		if s.lastID != 0 && !slices.ContainsFunc(s.unacked, used) && !slices.ContainsFunc(s.q.waiting, used) {
			return s.lastID
		}
	}
}

// ack takes an acknowledgement; one that fits nothing is ignored.
func (s *session) ack(id uint16) {
	s.qs.mu.Lock()
	defer s.qs.mu.Unlock()
	i := slices.IndexFunc(s.unacked, func(it *item) bool { return it.Packet == id })
	if i < 0 {
		return
	}
	s.q.done(s.unacked[i])
	s.unacked = slices.Delete(s.unacked, i, i+1)
	s.wake()
}
