package weavenet

import (
	"fmt"
	"net/netip"
	"slices"
)

// establish seeds the ring when there is none and enough routers know each
// other. The real ones agree by Paxos; here the process does.
func (a *allocator) establish() {
	r := a.r
	r.n.seeding.Lock()
	defer r.n.seeding.Unlock()
	if _, done := a.seeded(); done {
		return
	}
	present := a.present()
	for _, o := range present {
		if theirs, ok := o.alloc.seeded(); ok && theirs.Range == r.s.ipRange {
			a.update(func() { a.ring = theirs })
			return
		}
	}
	if len(present)+1 >= r.clustered {
		names := []string{r.name}
		for _, o := range present {
			names = append(names, o.name)
		}
		a.update(func() { a.ring.seed(names) })
	}
}

// present are the other routers of the mesh that run: those who would answer.
// They need not be established, since Paxos talks over TCP.
func (a *allocator) present() []*router {
	a.r.mu.Lock()
	names := slices.Clone(a.r.mesh.order)
	a.r.mu.Unlock()
	var list []*router
	for _, name := range names {
		if s := a.r.n.station(name); s != nil && s.router != a.r && s.router.alloc.on {
			list = append(list, s.router)
		}
	}
	return list
}

func (a *allocator) seeded() (ring, bool) {
	a.r.mu.Lock()
	defer a.r.mu.Unlock()
	return a.ring.clone(), !a.ring.empty()
}

// update changes the ring, stores it and tells the neighbors.
func (a *allocator) update(change func()) {
	a.r.mu.Lock()
	defer a.r.mu.Unlock()
	change()
	a.changed(nil)
}

// changed stores the ring and tells all neighbors but one; the caller holds
// the router's lock.
func (a *allocator) changed(but *link) {
	r := a.r
	for _, p := range r.mesh.all() {
		a.ring.Nicks[p.Name] = p.NickName
	}
	r.h.mu.Lock()
	r.db.ring = a.ring.clone()
	r.h.mu.Unlock()
	for _, l := range r.active {
		if l != but {
			l.ring = true
			l.nudge()
		}
	}
}

// gossip takes a neighbor's ring.
func (a *allocator) gossip(from *link, theirs ring) error {
	if !a.on || !theirs.Range.IsValid() {
		return nil
	}
	if theirs.Nicks == nil {
		theirs.Nicks = map[string]string{}
	}
	a.r.mu.Lock()
	defer a.r.mu.Unlock()
	changed, err := a.ring.merge(theirs)
	if err != nil {
		return err
	}
	if changed {
		a.changed(from)
	}
	return nil
}

// ask asks the owner of an address to give it away. No error and not granted
// means that the owner has it in use.
func (a *allocator) ask(owner string, addr netip.Addr) (granted bool, err error) {
	a.r.mu.Lock()
	via, routed := a.r.unicast[owner]
	a.r.mu.Unlock()
	s := a.r.n.station(owner)
	if s == nil || !routed || via == "" {
		return false, fmt.Errorf("no route to peer %s", owner)
	}
	ours, _ := a.seeded()
	var theirs ring
	if theirs, granted = s.router.alloc.donate(addr, a.r.name, ours); granted {
		a.update(func() { _, _ = a.ring.merge(theirs) })
	}
	return granted, nil
}

// donate gives an address to another router, unless it is in use here. The
// other's ring comes along: gossip may not have brought it yet.
func (a *allocator) donate(addr netip.Addr, to string, theirs ring) (ring, bool) {
	if !a.on || a.gossip(nil, theirs) != nil {
		return ring{}, false
	}
	a.prune()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.holder(addr) != "" || a.owner(addr) != a.r.name {
		return ring{}, false
	}
	a.update(func() { a.ring.grant(addr, to) })
	granted, _ := a.seeded()
	return granted, true
}

// shutdown gives the router's shares to a peer, before it leaves for good.
func (a *allocator) shutdown() {
	a.mu.Lock()
	a.owned = nil
	a.mu.Unlock()
	a.r.mu.Lock()
	defer a.r.mu.Unlock()
	peers := a.r.mesh.order
	if i := slices.IndexFunc(peers, func(name string) bool { return name != a.r.name }); i >= 0 && !a.ring.empty() {
		a.ring.transfer(a.r.name, peers[i])
		a.changed(nil)
	}
}

// takeover takes the shares of a peer that is gone, by name or nickname.
func (a *allocator) takeover(who string) uint32 {
	a.r.mu.Lock()
	defer a.r.mu.Unlock()
	for peer, nick := range a.ring.Nicks {
		if nick == who {
			who = peer
		}
	}
	if who == a.r.name {
		return 0
	}
	moved := a.ring.transfer(who, a.r.name)
	if moved > 0 {
		a.changed(nil)
	}
	return moved
}
