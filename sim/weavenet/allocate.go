package weavenet

import (
	"net/netip"
)

// allocate finds a free address for a container in a subnet; the one that it
// has, if it has one.
func (a *allocator) allocate(ident string, subnet netip.Prefix, checkAlive bool) (netip.Prefix, error) {
	if c, err := a.r.h.containers().Find(ident); checkAlive && (err != nil || !c.Running()) {
		return netip.Prefix{}, errCancelled
	}
	if have := a.lookup(ident, subnet); have != nil {
		return have[0], nil
	}
	for {
		a.establish()
		if p, ok := a.pick(ident, subnet, !checkAlive); ok {
			return p, nil
		}
		if !a.wait() {
			return netip.Prefix{}, errCancelled
		}
	}
}

// pick takes the first free address of the subnet that this router owns or
// that another gives.
func (a *allocator) pick(ident string, subnet netip.Prefix, stays bool) (netip.Prefix, bool) {
	first, last := number(subnet.Addr())+1, number(subnet.Addr())+size(subnet)-2
	for n := first; n <= last && a.r.ctx.Err() == nil; n++ {
		addr := address(n)
		p := netip.PrefixFrom(addr, subnet.Bits())
		switch owner := a.owner(addr); owner {
		case "":
			return p, false
		case a.r.name:
			if a.take(ident, p, stays) == nil {
				return p, true
			}
		default:
			n = max(n, a.skip(addr))
		}
	}
	for n := first; n <= last && a.r.ctx.Err() == nil; n++ {
		if granted, err := a.ask(a.owner(address(n)), address(n)); granted {
			p := netip.PrefixFrom(address(n), subnet.Bits())
			return p, a.take(ident, p, stays) == nil
		} else if err != nil {
			n = max(n, a.skip(address(n)))
		}
	}
	return netip.Prefix{}, false
}

// skip is the last address of the share that an address is in.
func (a *allocator) skip(addr netip.Addr) uint32 {
	a.r.mu.Lock()
	defer a.r.mu.Unlock()
	i := a.ring.at(addr)
	return a.ring.Entries[i].Token + a.ring.length(i) - 1
}
