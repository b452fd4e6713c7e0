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
	stays bool // weave took it for no container's, so that no container's end frees it
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
			a.owned = append(a.owned, holding{ident: c.ID, cidr: p})
		}
	}
	for _, p := range r.b.exposed() {
		a.owned = append(a.owned, holding{ident: exposeID, cidr: p, stays: true})
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
		case o.stays:
			return false
		case errors.Is(err, ErrNoContainer):
			return true
		case err != nil || c.Running():
			return false
		}
		return time.Since(c.Finished) > a.r.n.after(deadTimeout)
	})
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
