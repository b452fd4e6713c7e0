package wire

import "time"

// Waiting is the script that a spare runs.
const Waiting = waiting

// Hasty is New without the calm moment before a spare is laid; a spare waits
// for idle.
func Hasty(o Options, idle time.Duration) *Pool {
	p := New(o)
	p.pace.calm, p.pace.idle = time.Millisecond, idle
	return p
}

// Spareless is New without spares.
func Spareless(o Options) *Pool {
	p := New(o)
	p.pace.calm = time.Hour
	return p
}

// Patient makes a pool wait as long as the test for what will come, where the
// test does not name a time.
func Patient(p *Pool, patience time.Duration) *Pool {
	usually := Options{}.withDefaults()
	for limit, usual := range map[*time.Duration]time.Duration{
		&p.opts.DialTimeout: usually.DialTimeout, &p.opts.HandshakeTimeout: usually.HandshakeTimeout,
	} {
		if *limit == usual {
			*limit = patience
		}
	}
	p.pace.ready, p.pace.goodbye, p.pace.linger, p.pace.tries = patience, patience, patience, 10
	return p
}

// Brief makes a pool wait for a moment only, for what will never come.
func Brief(p *Pool) *Pool {
	p.pace.goodbye, p.pace.linger = 50*time.Millisecond, 50*time.Millisecond
	return p
}

// Beaten makes a pool's keepalives beat when the test sends.
func Beaten(p *Pool) (*Pool, chan<- time.Time) {
	beats := make(chan time.Time)
	p.pace.pulse = func(time.Duration) (<-chan time.Time, func()) { return beats, func() {} }
	return p, beats
}

// Hastes reports whether the host's pool was made by Hasty.
func (h *Host) Hastes() bool { return h.pool.pace.calm == time.Millisecond }

// Spare names the spare that is ready; nil when there is none.
func (h *Host) Spare() any {
	if s := seen(h, func(l *link) *session { return l.shelf.spare }); s != nil && !s.over() {
		return s
	}
	return nil
}

// Useless reports that the host was found to have no shell for a spare.
func (h *Host) Useless() bool { return seen(h, func(l *link) bool { return l.shelf.useless }) }

// Queue is how many callers wait for a place.
func (h *Host) Queue() int { return seen(h, func(l *link) int { return l.shelf.queue }) }

// Users is how many channels are open or opening.
func (h *Host) Users() int { return seen(h, func(l *link) int { return l.users }) }

// Asked is how many keepalives have beaten since the last answer.
func (h *Host) Asked() int { return int(seen(h, func(l *link) int32 { return l.asked.Load() })) }

// Alive reports that the last connection is not dead.
func (h *Host) Alive() bool { return seen(h, (*link).alive) }

// seen reads something of the host's last connection, or zero without one.
func seen[T any](h *Host, read func(*link) T) (v T) {
	h.mu.Lock()
	l := h.link
	h.mu.Unlock()
	if l == nil {
		return v
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return read(l)
}

// Line carries pieces of a file at a rate and over a distance, each acknowledged
// in its order, and tells how many are under way at the most and in the end.
func Line(rtt, each time.Duration, pieces int) (peak, last int) {
	w := newWindow()
	at, free := time.Unix(0, 0), time.Unix(0, 0)
	var due []time.Time
	for done := 0; done < pieces; done++ {
		for len(w.sent) < int(w.limit) {
			w.sent = append(w.sent, at)
			if free.Before(at) {
				free = at
			}
			free = free.Add(each)
			due = append(due, free.Add(rtt))
		}
		peak, last = max(peak, len(w.sent)), len(w.sent)
		at, due = due[0], due[1:]
		w.acknowledged(at)
	}
	return peak, last
}
