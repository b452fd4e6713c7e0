package weavenet

import (
	"net"
	"slices"
	"strconv"
	"time"
)

// look makes the connection maker look at its targets.
func (r *router) look() {
	select {
	case r.kick <- struct{}{}:
	default:
	}
}

// dialing is the connection maker's loop.
func (r *router) dialing() {
	<-r.kick // of the peers that were given at the start
	for {
		r.reroute()
		next := time.NewTimer(r.dial())
		select {
		case <-next.C:
		case <-r.kick:
			if !r.pause(r.settle()) {
				next.Stop()
				return
			}
			select {
			case <-r.kick:
			default:
			}
		case <-r.ctx.Done():
			next.Stop()
			return
		}
		next.Stop()
	}
}

// settle is longer for a router that has been connected for a while: of two that
// hear of each other, the one that is new to the mesh dials, as recorded.
func (r *router) settle() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.joined) < r.n.after(newcomer) {
		return settle
	}
	return 4 * settle
}

// dial begins what is due and says when to look again.
func (r *router) dial() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	valid := r.valid()
	now, after := time.Now(), 365*24*time.Hour
	r.maker.targets = slices.DeleteFunc(r.maker.targets, func(t *target) bool {
		if t.state == attempting || t.state == connected {
			return false
		}
		direct := r.isDirect(t.address)
		switch wait := t.tryAfter.Sub(now); {
		case !valid[t.address] && direct:
			t.state = suspended
		case !valid[t.address]:
			return true
		case t.tryAfter.IsZero():
		case wait <= 0:
			t.state = attempting
			r.run.Go(func() { r.attempt(t.address, direct) })
		default:
			t.state = waiting
			after = min(after, wait)
		}
		return false
	})
	return after
}

func (r *router) isDirect(address string) bool {
	return slices.ContainsFunc(r.maker.direct, func(d direct) bool { return d.addr.String() == address })
}

// valid are the addresses that are worth dialing: named ones that are not
// connected, and with discovery those of peers that others are connected to.
// The caller holds the lock.
func (r *router) valid() map[string]bool {
	valid := map[string]bool{}
	peers, addresses, inbound := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, l := range r.links {
		peers[l.remote], addresses[l.address] = true, true
		if ip, _, err := net.SplitHostPort(l.address); err == nil && !l.outbound {
			inbound[ip] = true
		}
	}
	add := func(address string) {
		if addresses[address] {
			return
		}
		valid[address] = true
		if r.maker.target(address) == nil {
			t := &target{address: address}
			t.now()
			r.maker.targets = append(r.maker.targets, t)
		}
	}
	for _, d := range r.maker.direct {
		if !d.anyPort || !inbound[d.addr.Addr().String()] {
			add(d.addr.String())
		}
	}
	if r.s.noDiscovery {
		return valid
	}
	for _, p := range r.mesh.all() {
		for _, c := range p.Connections {
			if p.Name == r.name || c.Name == r.name || peers[c.Name] {
				continue
			}
			ip, _, _ := net.SplitHostPort(c.Address)
			if c.Outbound {
				add(c.Address)
			} else {
				add(net.JoinHostPort(ip, strconv.Itoa(int(r.s.port))))
			}
		}
	}
	return valid
}
