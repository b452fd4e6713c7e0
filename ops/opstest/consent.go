package opstest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"vmqbot/ops"
)

// Consent keeps approvals and keys in memory.
type Consent struct {
	mu   sync.Mutex
	all  map[string]ops.Approval
	keys map[string]bool
}

var (
	_ ops.Approvals = (*Consent)(nil)
	_ ops.Keys      = (*Consent)(nil)
)

// AddApproval keeps one.
func (c *Consent) AddApproval(_ context.Context, a ops.Approval) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil {
		c.all = map[string]ops.Approval{}
	}
	c.all[a.ID] = a
	return nil
}

// Approval finds one.
func (c *Consent) Approval(_ context.Context, id string) (ops.Approval, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if a, ok := c.all[id]; ok {
		return a, nil
	}
	return ops.Approval{}, ops.Errorf(ops.Invalid, "history", "There is no such request for approval in this store; nothing was done.")
}

// SwapApproval replaces the version before.
func (c *Consent) SwapApproval(_ context.Context, a ops.Approval) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all[a.ID].Version != a.Version-1 {
		return false, nil
	}
	c.all[a.ID] = a
	return true, nil
}

// WaitingApprovals are those that are open or granted.
func (c *Consent) WaitingApprovals(context.Context) ([]ops.Approval, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []ops.Approval
	for _, a := range c.all {
		if a.State == ops.Open || a.State == ops.Granted {
			all = append(all, a)
		}
	}
	slices.SortFunc(all, func(a, b ops.Approval) int { return a.Created.Compare(b.Created) })
	return all, nil
}

// Claim tells whether a key is new; nothing is forgotten.
func (c *Consent) Claim(_ context.Context, key string, _ time.Duration) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.keys == nil {
		c.keys = map[string]bool{}
	}
	first := !c.keys[key]
	c.keys[key] = true
	return first, nil
}

// Directory knows the people that a test puts into it.
type Directory struct {
	mu     sync.Mutex
	People map[string]ops.Person
	Places map[string]ops.Place
	Groups map[string][]string
}

// errUnknown is the answer of a directory that knows nobody of this id.
var errUnknown = errors.New("not found")

// Edit changes the directory while others read it.
func (d *Directory) Edit(change func(*Directory)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(d)
}

// Person finds one.
func (d *Directory) Person(_ context.Context, id string, _ bool) (ops.Person, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p, ok := d.People[id]; ok {
		return p, nil
	}
	return ops.Person{}, errUnknown
}

// Place finds one.
func (d *Directory) Place(_ context.Context, id string, _ bool) (ops.Place, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p, ok := d.Places[id]; ok {
		return p, nil
	}
	return ops.Place{}, errUnknown
}

// Members lists one group.
func (d *Directory) Members(_ context.Context, group string, _ bool) ([]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if m, ok := d.Groups[group]; ok {
		return m, nil
	}
	return nil, errUnknown
}
