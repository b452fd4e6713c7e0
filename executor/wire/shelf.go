package wire

import "time"

// A new session and its shell cost a round trip and three processes before
// the command can start. So each connection keeps a spare on its shelf: a
// session whose shell is up and waits for a script. It is laid there after a
// command ran, takes one of the eight places, and gives way to whoever wants
// the last one.
type shelf struct {
	spare   *session
	want    chan struct{} // a spare is wanted
	queue   int           // callers that wait for a place
	useless bool          // the host has no shell that can be kept ready
}

// stock lays spares until the connection ends.
func (l *link) stock() {
	idle := time.NewTimer(l.host.pool.pace.idle)
	defer idle.Stop()
	for {
		select {
		case <-l.done:
			return
		case <-idle.C:
			l.giveWay()
		case <-l.shelf.want:
			l.calm()
			// sshd may still count the command that has just ended.
			for try := 1; l.lay() && try < l.host.pool.pace.tries; try++ {
				pause(l.host.pool.ctx, 5*time.Millisecond, try)
			}
			idle.Reset(l.host.pool.pace.idle)
		}
	}
}

// order asks for a spare.
func (l *link) order() {
	l.host.pool.busy()
	select {
	case l.shelf.want <- struct{}{}:
	default: // it has been asked for
	}
}

// calm waits for a moment without commands, but not forever.
func (l *link) calm() {
	beat := time.NewTicker(l.host.pool.pace.calm)
	defer beat.Stop()
	for range maxCalms {
		select {
		case <-l.done:
			return
		case <-beat.C:
		}
		if l.host.pool.calmNow() {
			return
		}
	}
}

// lay puts a spare on the shelf if one is missing and there is a place. It
// reports that sshd refused the session.
func (l *link) lay() (refused bool) {
	if !l.lacks() {
		return false
	}
	select {
	case l.slots <- struct{}{}:
	default:
		return false
	}
	s, err := l.begin(l.host.pool.ctx)
	if err != nil {
		return refuses(err)
	}
	err = s.warm()
	l.mu.Lock()
	l.shelf.useless = err != nil && l.alive()
	keep := err == nil && !l.retired && l.shelf.queue == 0
	if keep {
		l.shelf.spare = s
	}
	l.mu.Unlock()
	if !keep {
		_ = s.ch.Close()
	}
	return false
}

func (l *link) lacks() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s := l.shelf.spare; s != nil && s.over() {
		l.shelf.spare = nil
	}
	return l.shelf.spare == nil && !l.retired && !l.shelf.useless && l.shelf.queue == 0
}

// take takes the spare, if it is alive as far as can be seen: what is given
// to a dead one has an unknown outcome.
func (l *link) take() *session {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.shelf.spare
	if s == nil || l.retired || l.isSilent() {
		return nil
	}
	l.shelf.spare = nil
	if s.over() {
		return nil
	}
	return s
}

// giveWay closes the spare, which frees its place.
func (l *link) giveWay() {
	l.mu.Lock()
	s := l.shelf.spare
	l.shelf.spare = nil
	l.mu.Unlock()
	if s != nil {
		l.host.pool.spawn(func() { _ = s.ch.Close() })
	}
}

// lineUp counts those who wait for a place, for whom no spare is laid.
func (l *link) lineUp(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.shelf.queue += n
}
