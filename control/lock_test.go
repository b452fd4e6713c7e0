package control_test

import (
	"context"
	"strings"
	"testing"

	"vmqbot/facts/factstest"
	"vmqbot/ops"
)

func TestTwoRegionsAreRepairedBeforeEitherIsProven(t *testing.T) {
	r := newRig(t)
	factstest.Restarted(&r.seen, r.Fleet, "cn-1")
	factstest.Restarted(&r.seen, r.Fleet, "sg-1")
	if _, err := r.do("reattach all"); err != nil {
		t.Fatal(err)
	}
	repaired := map[string]bool{}
	for _, s := range r.ran[0].Steps {
		if strings.HasPrefix(s.Title, "Bind") {
			repaired[s.Node] = true
		}
		if strings.HasPrefix(s.Title, "Prove") && len(repaired) != 2 {
			t.Fatalf("%s comes before both are repaired:\n%s", s.Title, r.ran[0])
		}
	}
	if strings.Join(r.ran[0].Locks, " ") != "cn sg" {
		t.Errorf("locks %v", r.ran[0].Locks)
	}
}

func TestABrokenPeerDoesNotKeepARepairFromEnding(t *testing.T) {
	r := newRig(t)
	factstest.Restarted(&r.seen, r.Fleet, "cn-1")
	factstest.Restarted(&r.seen, r.Fleet, "sg-1")
	_, err := r.do("reattach cn")
	if ops.CodeOf(err) != ops.Unseen || !strings.Contains(err.Error(), "not proven towards sg-1") {
		t.Fatal(err)
	}
	for _, s := range r.ran[0].Steps {
		if strings.Contains(strings.Join(s.Among, " "), "sg-1") {
			t.Errorf("%s is to be proven with a node that is broken", s.Title)
		}
	}
}

func TestNothingProvenIsNotWhole(t *testing.T) {
	r := newRig(t)
	for _, n := range []string{"sg-1", "us-1", "eu-1"} {
		factstest.Dead(&r.seen, n)
	}
	res, err := r.do("reattach cn")
	if ops.CodeOf(err) != ops.Unseen || strings.Contains(res.Plan.String(), "whole") {
		t.Errorf("%v\n%s", err, res.Plan)
	}
}

func TestOnlyOneRegionOfAClusterDropsItsClientsAtATime(t *testing.T) {
	r := newRig(t)
	factstest.Unbound(&r.seen, r.Fleet, "cn-1")
	if _, err := r.store.Acquire(t.Context(), ops.Lease{Name: "release/restart", Holder: "ben@laptop#2", Reason: "reattach sg --drop-clients"}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.do("reattach cn --drop-clients"); ops.CodeOf(err) != ops.Refused || !strings.Contains(err.Error(), "ben@laptop#2") {
		t.Error(err)
	}
	if _, err := r.do("reattach cn"); err != nil {
		t.Errorf("a repair that drops nobody was kept waiting: %v", err)
	}
}

func TestATransientFailureToRenewIsNotALostLock(t *testing.T) {
	r := newRig(t)
	r.breakCN()
	r.onRun = func(ctx context.Context, fence func(context.Context) error) error {
		gone, cancel := context.WithCancel(ctx)
		cancel()
		return fence(gone)
	}
	if _, err := r.do("reattach cn"); err != nil {
		t.Errorf("an interrupted caller counts as a lost lock: %v", err)
	}
}
