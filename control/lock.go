package control

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"vmqbot/ops"
	"vmqbot/regions"
)

// leaseTTL is how long a region stays locked after its holder died; each
// renewal comes after a third of it.
const leaseTTL = 60 * time.Second

// holding is everything that one operation has locked: its regions in the
// store, and on each host that the plan touches. It renews until released.
type holding struct {
	s      *Service
	mu     sync.Mutex
	store  []ops.Lease
	hosts  []hostLease
	good   time.Time // when every lease was last ours
	failed error     // the first audit line that could not be written
	quit   chan struct{}
	gone   chan struct{} // closed when the renewing goroutine has ended
}

type hostLease struct {
	node  regions.Node
	lease ops.Lease
}

// lock takes every lock of the plan, in the order of the fleet file so that
// two operations cannot wait for each other, and waits its turn for LockWait.
func (s *Service) lock(ctx context.Context, op ops.Operation, p ops.Plan, emit func(ops.Event)) (*holding, error) {
	h := &holding{s: s, good: s.Clock.Now(), quit: make(chan struct{}), gone: make(chan struct{})}
	deadline, told := s.Clock.Now().Add(s.LockWait), ""
	for {
		err := h.extend(ctx, op, p)
		if err == nil {
			go h.renew(context.WithoutCancel(ctx))
			return h, nil
		}
		if dropErr := h.drop(ctx); dropErr != nil {
			return nil, errors.Join(err, dropErr)
		}
		var held *ops.Held
		switch {
		case ctx.Err() != nil:
			return nil, ops.Errorf(ops.Refused, op.Line, "Interrupted while the lock was taken; nothing was done.")
		case !errors.As(err, &held):
			return nil, err
		case s.Clock.Now().After(deadline):
			return nil, ops.Errorf(ops.Refused, "history", "%s; waited %s for it, and nothing was done.", held.Error(), s.LockWait)
		case told != held.Error():
			told = held.Error()
			emit(ops.Event{Op: op.ID, Kind: ops.Waiting, Text: told, At: s.Clock.Now()})
		}
		select {
		case <-ctx.Done():
		case <-s.Clock.After(time.Second):
		}
	}
}

// extend takes what the plan needs and is not held yet: first in the store,
// then on the hosts. It has a deadline of its own, well before the first of
// the leases would end.
func (h *holding) extend(ctx context.Context, op ops.Operation, p ops.Plan) error {
	ctx, cancel := context.WithTimeout(ctx, leaseTTL/2)
	defer cancel()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, name := range lockNames(p) {
		want := ops.Lease{
			Name: h.s.leaseName(name), Holder: h.s.Holder, Reason: op.Line + " by " + op.Actor + ", " + op.ID,
			Since: h.s.Clock.Now(), TTL: leaseTTL,
		}
		if !slices.ContainsFunc(h.store, func(l ops.Lease) bool { return l.Name == want.Name }) {
			l, err := h.s.Leases.Acquire(ctx, want)
			if err != nil {
				return err
			}
			h.store = append(h.store, l)
		}
		for _, n := range h.s.placesOf(name, p) {
			if slices.ContainsFunc(h.hosts, func(o hostLease) bool {
				return o.lease.Name == want.Name && o.node.Host == n.Host && o.node.SSH == n.SSH
			}) {
				continue
			}
			want.Epoch = h.epoch(want.Name) // a host forgets with its /var/lock; the store does not
			l, err := h.s.HostLeases.AcquireOn(ctx, n, want)
			if err != nil {
				return err
			}
			h.hosts = append(h.hosts, hostLease{n, l})
		}
	}
	return nil
}

func (h *holding) epoch(name string) int64 {
	for _, l := range h.store {
		if l.Name == name {
			return l.Epoch
		}
	}
	return 0
}

// restarts is the lock of the whole cluster that a plan takes which takes a
// broker away for a while, or changes who is a member: no two of a cluster may
// be away together, and while one is, a leave hangs.
const restarts = "restart"

func lockNames(p ops.Plan) []string {
	for _, s := range p.Steps {
		if _, starts := s.Do.(ops.StartContainer); starts || s.Drops || changesMembers(s.Do) {
			return append([]string{restarts}, p.Locks...)
		}
	}
	return p.Locks
}

func changesMembers(a ops.Action) bool {
	if on, elsewhere := a.(ops.On); elsewhere {
		return changesMembers(on.Do)
	}
	e, _ := a.(ops.Exec)
	return e.Judge == ops.Joined || e.Judge == ops.Left
}

// placesOf are the nodes on whose hosts a lock is held: every one of the
// region, or of the cluster, that can be seen, so that two bots with separate
// stores meet on a host even when they work on different ones.
func (s *Service) placesOf(name string, p ops.Plan) []regions.Node {
	return slices.DeleteFunc(s.Fleet.Nodes(), func(n regions.Node) bool {
		elsewhere := name != restarts && n.Region != name
		given := slices.Contains(p.Unseen, n.Name) || slices.Contains(p.Without, n.Name)
		return elsewhere || given || (slices.Contains(p.Unproven, n.Name) && !touched(p, n))
	})
}

func touched(p ops.Plan, n regions.Node) bool {
	return slices.ContainsFunc(p.Steps, func(s ops.Step) bool { return s.Node == n.Name })
}

func (s *Service) leaseName(name string) string { return s.Fleet.Cluster + "/" + name }

// renew keeps the leases alive until release closes quit.
func (h *holding) renew(ctx context.Context) {
	defer close(h.gone)
	for {
		select {
		case <-h.quit:
			return
		case <-h.s.Clock.After(leaseTTL / 3):
		}
		_ = h.fence(ctx) // one lost renewal is no loss yet: the fence before the next effect decides
	}
}

// fence renews every lease and so proves that they are still ours. It is asked
// before each effect, and it is not cut short by an interruption: the undo
// asks it too. Only a refusal, or a lease that may have ended meanwhile, means
// that the lock is lost; a host that did not answer once is asked again, and
// one that cannot be seen says itself, when it is seen again, whose lock it has.
func (h *holding) fence(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	var err error
	for range 2 {
		if err = h.renewAll(ctx); err == nil {
			h.good = h.s.Clock.Now()
			return nil
		}
		if ops.CodeOf(err) == ops.Refused || ops.CodeOf(err) != ops.Unseen && h.s.Clock.Now().After(h.good.Add(leaseTTL)) {
			return &ops.LockLost{Cause: err}
		}
	}
	if ops.CodeOf(err) == ops.Unseen {
		return &ops.LockDark{Cause: err}
	}
	return &ops.Error{Code: ops.Failed, Msg: "The lock could not be renewed, so nothing more is begun: " + err.Error(), Cause: err}
}

func (h *holding) renewAll(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaseTTL/6)
	defer cancel()
	for i, l := range h.store {
		renewed, err := h.s.Leases.Renew(ctx, l)
		if err != nil {
			return err
		}
		h.store[i] = renewed
	}
	var wg sync.WaitGroup
	errs := make([]error, len(h.hosts))
	for i, o := range h.hosts {
		wg.Go(func() {
			renewed, err := h.s.HostLeases.RenewOn(ctx, o.node, o.lease)
			if err != nil {
				errs[i] = fmt.Errorf("on the host of %s: %w", o.node.Name, err)
				return
			}
			h.hosts[i].lease = renewed
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// note remembers the first thing that went wrong beside the plan.
func (h *holding) note(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.failed == nil {
		h.failed = err
	}
}

func (h *holding) noted() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.failed
}

// release ends the renewing and gives every lease back.
func (h *holding) release(ctx context.Context) error {
	close(h.quit)
	<-h.gone
	return h.drop(ctx)
}

// drop gives back what is held; it runs also when the caller's context ended.
func (h *holding) drop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	var errs []error
	for _, o := range h.hosts {
		errs = append(errs, h.s.HostLeases.ReleaseOn(ctx, o.node, o.lease))
	}
	for _, l := range h.store {
		errs = append(errs, h.s.Leases.Release(ctx, l))
	}
	h.hosts, h.store = nil, nil
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("giving the locks back (they end by themselves after %s): %w", leaseTTL, err)
	}
	return nil
}
