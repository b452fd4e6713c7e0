package weavenet

import (
	"fmt"
	"net/netip"
)

// claim takes an address for a container, as weave's claim.Try does.
func (a *allocator) claim(ident string, cidr netip.Prefix, checkAlive bool) error {
	if c, err := a.r.h.containers().Find(ident); checkAlive && (err != nil || !c.Running()) {
		return errCancelled
	}
	a.prune()
	if !a.r.s.ipRange.Contains(cidr.Addr()) {
		return a.claimOutside(ident, cidr, !checkAlive)
	}
	for try := 1; ; try++ {
		a.establish()
		switch owner := a.owner(cidr.Addr()); owner {
		case a.r.name:
			return a.take(ident, cidr, !checkAlive)
		case "":
		default:
			granted, err := a.ask(owner, cidr.Addr())
			switch {
			case granted:
				continue
			case err == nil || try > claimTries:
				return a.denied(owner, cidr, err)
			}
		}
		if !a.wait() {
			return errCancelled
		}
	}
}

// wait is the pause before a claim tries again.
func (a *allocator) wait() bool {
	a.r.mu.Lock()
	a.pending++
	a.r.mu.Unlock()
	defer func() {
		a.r.mu.Lock()
		a.pending--
		a.r.mu.Unlock()
	}()
	return a.r.pause(claimInterval)
}

func (a *allocator) owner(addr netip.Addr) string {
	a.r.mu.Lock()
	defer a.r.mu.Unlock()
	return a.ring.owner(addr)
}

func (a *allocator) denied(owner string, cidr netip.Prefix, why error) error {
	a.r.mu.Lock()
	name := owner
	if nick := a.ring.Nicks[owner]; nick != "" {
		name += " (" + nick + ")"
	}
	a.r.mu.Unlock()
	if why != nil {
		return fmt.Errorf("address %s is owned by other peer %s - %w", cidr, name, why)
	}
	return fmt.Errorf("address %s is owned by other peer %s", cidr, name)
}

// holder is who has an address on this host.
func (a *allocator) holder(addr netip.Addr) string {
	for _, o := range a.owned {
		if o.cidr.Addr() == addr {
			return o.ident
		}
	}
	return ""
}

// take gives an address of the router's own share to a container.
func (a *allocator) take(ident string, cidr netip.Prefix, stays bool) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch holder := a.holder(cidr.Addr()); holder {
	case "":
		a.owned = append(a.owned, holding{ident, cidr, stays})
	case ident:
	default:
		return fmt.Errorf("address %s is already owned by %s", cidr, holder)
	}
	return nil
}

// claimOutside keeps account of an address that is not in the range: only this
// host knows of it.
func (a *allocator) claimOutside(ident string, cidr netip.Prefix, stays bool) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	holder := a.holder(cidr.Addr())
	if c, err := a.r.h.containers().Find(holder); holder != "" && holder != ident && err == nil && !c.Running() {
		a.drop(holder, cidr.Addr())
		holder = ""
	}
	switch holder {
	case "":
		a.owned = append(a.owned, holding{ident, cidr, stays})
	case ident:
	default:
		return fmt.Errorf("address %s already in use by %s", cidr, holder)
	}
	return nil
}
