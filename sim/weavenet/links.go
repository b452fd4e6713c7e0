package weavenet

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// register adds a connection after its handshake, as mesh's registerRemote and
// handleAddConnection do.
func (r *router) register(l *link, them hello, acceptNew bool) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := r.mesh.peers[them.Name] != nil
	self := fmt.Sprintf("%s(%s)", r.name, r.nick)
	switch {
	case !acceptNew && !known:
		return fmt.Errorf("Found unknown remote name: %s at %s", them.Name, l.address) //nolint:staticcheck // weave's words
	case them.Name == r.name && them.UID != r.uid:
		return fmt.Errorf("local %q and remote %q %w", self, l, errNameCollision)
	case them.Name == r.name:
		return errSelf
	}
	if other := r.active[them.Name]; other != nil {
		duplicate := fmt.Errorf("Multiple connections to %s added to %s", l, self) //nolint:staticcheck // weave's words
		if l.id >= other.id {
			return duplicate
		}
		other.shutdown(duplicate)
	}
	if r.s.connLimit > 0 && len(r.links) >= r.s.connLimit {
		return fmt.Errorf("Connection limit reached (%v)", r.s.connLimit) //nolint:staticcheck // weave's words
	}
	r.mesh.add(peer{Name: them.Name, NickName: them.NickName, UID: them.UID, ShortID: them.ShortID}.seal())
	r.active[them.Name] = l
	r.links = append(r.links, l)
	if len(r.links) == 1 {
		r.joined = time.Now()
	}
	if t := r.maker.target(l.address); t != nil && l.outbound {
		t.state = connected
	}
	l.dirty, l.ring = slices.Clone(r.mesh.order), true
	r.changed(l.remote)
	l.nudge()
	r.look()
	return nil
}

// changed tells everyone of the router's own connections, and of a peer that
// they may not know yet. The caller holds the lock.
func (r *router) changed(also ...string) {
	conns := make([]peerConn, 0, len(r.links))
	for _, l := range r.links {
		if r.active[l.remote] == l {
			conns = append(conns, peerConn{l.remote, l.nick, l.address, l.outbound, l.established})
		}
	}
	r.mesh.change(conns)
	r.n.records.keep(r.mesh.own())
	r.pass(nil, append(also, r.name))
	r.stale = true
}

// pass notes news for every neighbor but the one that brought it. The caller
// holds the lock.
func (r *router) pass(from *link, names []string) {
	for _, l := range r.active {
		if l == from {
			continue
		}
		for _, name := range names {
			if name != l.remote && !r.tells(name, l.remote) && !slices.Contains(l.dirty, name) {
				l.dirty = append(l.dirty, name)
			}
		}
		l.nudge()
	}
}

// tells reports whether a peer gives its news to another itself: in a full
// mesh nobody need pass them on.
func (r *router) tells(name, to string) bool {
	p := r.mesh.peers[name]
	return p != nil && name != r.name && slices.ContainsFunc(p.Connections, func(c peerConn) bool { return c.Name == to && c.Established })
}

// reroute forgets who is gone, and publishes the routes when they have changed.
func (r *router) reroute() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.stale {
		return
	}
	r.stale = false
	r.mesh.collect()
	unicast, _ := r.mesh.reach(r.name, "", r.mesh.established())
	if !maps.Equal(unicast, r.unicast) {
		r.unicast = unicast
		r.n.reroute(r, unicast)
	}
}

// learn takes news of the topology from a neighbor.
func (r *router) learn(l *link, news []*peer) {
	r.mu.Lock()
	fresh := r.mesh.merge(news)
	if fresh != nil {
		r.pass(l, fresh)
		if slices.Contains(fresh, r.name) {
			l.dirty = append(l.dirty, r.name)
			l.nudge()
		}
		r.stale = true
	}
	r.mu.Unlock()
	if fresh != nil {
		r.look()
	}
}

// establish notes that heartbeats pass.
func (r *router) establish(l *link) {
	r.mu.Lock()
	if l.established || r.active[l.remote] != l {
		r.mu.Unlock()
		return
	}
	l.established = true
	r.changed()
	r.mu.Unlock()
	r.look()
}

// ended forgets a connection and decides when its address is dialed again, as
// mesh's connectionTerminated does.
func (r *router) ended(l *link, why error) {
	r.mu.Lock()
	if !errors.Is(why, errSelf) {
		r.maker.ended++
	}
	r.links = slices.DeleteFunc(r.links, func(o *link) bool { return o == l })
	if r.active[l.remote] == l {
		delete(r.active, l.remote)
		r.changed()
	}
	if t := r.maker.target(l.address); t != nil && l.outbound {
		t.state, t.lastErr = waiting, why
		switch {
		case errors.Is(why, errSelf) || errors.Is(why, errNameCollision):
			t.never()
		case time.Now().After(t.tryAfter.Add(r.n.after(resetAfter))):
			t.now()
		default:
			t.later(r.n.after)
		}
	}
	r.mu.Unlock()
	r.log("INFO", "->[%s|%s]: connection shutting down due to error: %v", l.address, l, why)
	r.look()
}

// overlay is the kind of a connection, and the packet size that it takes.
func (l *link) overlay() (kind string, mtu int) {
	kind, mtu = "sleeve", 1438
	if l.fastdp {
		kind, mtu = "fastdp", 1376
	}
	if l.r.s.mtu != 0 {
		mtu = l.r.s.mtu
	}
	return kind, mtu
}
