package opstest

import (
	"context"
	"sync"

	"vmqbot/ops"
	"vmqbot/regions"
)

// Leases grants leases in memory, in the store's way and on hosts.
type Leases struct {
	mu   sync.Mutex
	held map[string]ops.Lease
	Lost bool // every renewal is refused from now on
	Dark bool // nobody answers from now on
}

var (
	_ ops.Leases     = (*Leases)(nil)
	_ ops.HostLeases = (*Leases)(nil)
)

// Acquire grants a lease that nobody else holds.
func (l *Leases) Acquire(_ context.Context, want ops.Lease) (ops.Lease, error) {
	return l.take(want.Name, want)
}

func (l *Leases) take(key string, want ops.Lease) (ops.Lease, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held == nil {
		l.held = map[string]ops.Lease{}
	}
	if h, ok := l.held[key]; ok && h.Holder != want.Holder {
		return ops.Lease{}, &ops.Held{Lease: h}
	}
	want.Epoch++
	l.held[key] = want
	return want, nil
}

// Renew refuses what is not held.
func (l *Leases) Renew(_ context.Context, want ops.Lease) (ops.Lease, error) {
	return want, l.check(want.Name, want)
}

func (l *Leases) check(key string, want ops.Lease) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Dark {
		return ops.Errorf(ops.Unseen, "status", "Nothing listens where the lease %s is.", key)
	}
	if l.Lost || l.held[key].Holder != want.Holder {
		return ops.Errorf(ops.Refused, "history", "The lease %s is no longer ours.", key)
	}
	return nil
}

// Holder looks.
func (l *Leases) Holder(_ context.Context, name string) (ops.Lease, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h, ok := l.held[name]
	return h, ok, nil
}

// Release gives back what is held.
func (l *Leases) Release(_ context.Context, want ops.Lease) error { return l.drop(want.Name, want) }

func (l *Leases) drop(key string, want ops.Lease) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[key].Holder == want.Holder {
		delete(l.held, key)
	}
	return nil
}

// AcquireOn is Acquire on a host.
func (l *Leases) AcquireOn(_ context.Context, n regions.Node, want ops.Lease) (ops.Lease, error) {
	return l.take(n.Host+" "+want.Name, want)
}

// RenewOn is Renew on a host.
func (l *Leases) RenewOn(_ context.Context, n regions.Node, want ops.Lease) (ops.Lease, error) {
	return want, l.check(n.Host+" "+want.Name, want)
}

// ReleaseOn is Release on a host.
func (l *Leases) ReleaseOn(_ context.Context, n regions.Node, want ops.Lease) error {
	return l.drop(n.Host+" "+want.Name, want)
}

// Held counts the leases.
func (l *Leases) Held() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.held)
}
