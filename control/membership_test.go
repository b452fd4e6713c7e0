package control_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
)

// lost is a member whose host is gone, and whom the others see so.
func (r *rig) lost(name string) {
	factstest.Dead(&r.seen, name)
	n, _ := r.Fleet.Node(name)
	for _, p := range r.Fleet.Peers(n) {
		factstest.Edit(&r.seen, p.Name, func(seen *facts.Node) {
			b, _ := seen.Broker.Get()
			view, _ := b.View.Get()
			view = slices.Clone(view)
			for i := range view {
				view[i].Running = view[i].Node != n.ErlangName()
			}
			b.View = facts.Saw(view)
			seen.Broker = facts.Saw(b)
		})
	}
}

// A lost host cannot be locked, and that is no reason to fail: the plan does
// without it. The others are, because who is a member changes for all.
func TestALostHostLeavesWithoutItsLock(t *testing.T) {
	r := newRig(t)
	r.lost("eu-1")
	r.onRun = func(ctx context.Context, fence func(context.Context) error) error {
		if r.store.Held() != 2 || r.hosts.Held() != 3 {
			t.Errorf("leases were %d in the store, want eu and the cluster's, and %d on hosts, want three", r.store.Held(), r.hosts.Held())
		}
		return fence(ctx)
	}
	if _, err := r.do("leave eu-1 --dead"); err != nil || len(r.ran) != 1 {
		t.Errorf("ran %d, %v", len(r.ran), err)
	}
}

// While one node is away a leave hangs, so the two wait for each other.
func TestNobodyLeavesWhileAnotherIsAway(t *testing.T) {
	r := newRig(t)
	r.lost("eu-1")
	if _, err := r.store.Acquire(t.Context(), ops.Lease{Name: "release/restart", Holder: "ben@laptop#2", Reason: "restart sg"}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.do("leave eu-1 --dead"); ops.CodeOf(err) != ops.Refused || !strings.Contains(err.Error(), "ben@laptop#2") {
		t.Error(err)
	}
}
