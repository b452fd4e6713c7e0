package weavenet

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// How long addresses of a container that has ended are kept for it, and how
// long and often a claim asks (weave's ipam/allocator.go, ipam/claim.go).
const (
	deadTimeout   = 30 * time.Second
	claimInterval = 5 * time.Second
	claimTries    = 5
)

// errCancelled ends a claim for a container that does not run.
var errCancelled = errors.New("cancelled")

// allocator is a router's IPAM: it claims addresses of the range for
// containers, and keeps account of others.
type allocator struct {
	r  *router
	on bool // an address range was given

	mu    sync.Mutex // outside of the router's; never two allocators' at once
	owned []holding  // in the order of their claims

	ring    ring // guarded by the router's lock
	pending int  // guarded by the router's lock
}

// holding is one address in use.
type holding struct {
	ident string // a container, or weave:expose
	cidr  netip.Prefix
}

// start takes over what the database has, and the addresses that containers
// have already.
func (a *allocator) start(r *router) {
	a.r, a.on = r, r.s.ipRange.IsValid()
	a.ring = ring{Range: r.s.ipRange, Nicks: map[string]string{}}
	if !a.on {
		return
	}
	r.h.mu.Lock()
	if stored := r.db.ring; !stored.empty() && stored.Range == r.s.ipRange {
		a.ring = stored.clone()
	}
	r.h.mu.Unlock()
	for _, c := range r.h.attached() {
		for _, p := range addressesOf(c.Net) {
			a.owned = append(a.owned, holding{c.ID, p})
		}
	}
	for _, p := range r.b.exposed() {
		a.owned = append(a.owned, holding{exposeID, p})
	}
}

// prune drops the addresses of containers that are gone.
func (a *allocator) prune() {
	containers := a.r.h.containers()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.owned = slices.DeleteFunc(a.owned, func(o holding) bool {
		c, err := containers.Find(o.ident)
		switch {
		case o.ident == exposeID:
			return false
		case errors.Is(err, ErrNoContainer):
			return true
		case err != nil || c.Running():
			return false
		}
		return time.Since(c.Finished) > a.r.n.after(deadTimeout)
	})
}

// claim takes an address for a container, as weave's claim.Try does.
func (a *allocator) claim(ident string, cidr netip.Prefix, checkAlive bool) error {
	if c, err := a.r.h.containers().Find(ident); checkAlive && (err != nil || !c.Running()) {
		return errCancelled
	}
	a.prune()
	if !a.r.s.ipRange.Contains(cidr.Addr()) {
		return a.claimOutside(ident, cidr)
	}
	for try := 1; ; try++ {
		a.establish()
		switch owner := a.owner(cidr.Addr()); owner {
		case a.r.name:
			return a.take(ident, cidr)
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
func (a *allocator) take(ident string, cidr netip.Prefix) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch holder := a.holder(cidr.Addr()); holder {
	case "":
		a.owned = append(a.owned, holding{ident, cidr})
	case ident:
	default:
		return fmt.Errorf("address %s is already owned by %s", cidr, holder)
	}
	return nil
}

// claimOutside keeps account of an address that is not in the range: only this
// host knows of it.
func (a *allocator) claimOutside(ident string, cidr netip.Prefix) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	holder := a.holder(cidr.Addr())
	if c, err := a.r.h.containers().Find(holder); holder != "" && holder != ident && err == nil && !c.Running() {
		a.drop(holder, cidr.Addr())
		holder = ""
	}
	switch holder {
	case "":
		a.owned = append(a.owned, holding{ident, cidr})
	case ident:
	default:
		return fmt.Errorf("address %s already in use by %s", cidr, holder)
	}
	return nil
}

// drop forgets one address, or all of a container; the caller holds the lock.
func (a *allocator) drop(ident string, addr netip.Addr) bool {
	before := len(a.owned)
	a.owned = slices.DeleteFunc(a.owned, func(o holding) bool {
		return o.ident == ident && (!addr.IsValid() || o.cidr.Addr() == addr)
	})
	return len(a.owned) < before
}

// free gives an address back.
func (a *allocator) free(ident string, addr netip.Addr) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.drop(ident, addr) {
		return nil
	}
	if !addr.IsValid() {
		return fmt.Errorf("Delete: no addresses for %s", ident) //nolint:staticcheck // weave's words
	}
	return fmt.Errorf("Unable to free: Free: address %s not found for %s", addr, ident) //nolint:staticcheck // weave's words
}

// lookup are a container's addresses in a subnet.
func (a *allocator) lookup(ident string, subnet netip.Prefix) []netip.Prefix {
	a.prune()
	a.mu.Lock()
	defer a.mu.Unlock()
	var found []netip.Prefix
	for _, o := range a.owned {
		if o.ident == ident && subnet.Contains(o.cidr.Addr()) {
			found = append(found, o.cidr)
		}
	}
	return found
}

// mapping is what GET /ip shows of one container.
type mapping struct {
	ContainerID string   `json:"containerid"`
	Addrs       []string `json:"addrs"`
}

// holdings are all addresses in use, by container.
func (a *allocator) holdings() []mapping {
	a.prune()
	a.mu.Lock()
	defer a.mu.Unlock()
	var list []mapping
	for _, o := range a.owned {
		i := slices.IndexFunc(list, func(m mapping) bool { return m.ContainerID == o.ident })
		if i < 0 {
			i = len(list)
			list = append(list, mapping{ContainerID: o.ident})
		}
		list[i].Addrs = append(list[i].Addrs, o.cidr.String())
	}
	return list
}
