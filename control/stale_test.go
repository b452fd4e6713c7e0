package control_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"vmqbot/control"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
)

func TestAPlanThatMovedIsRefusedAndTheDifferenceShown(t *testing.T) {
	r := newRig(t)
	r.breakCN()
	r.onLook = func(look int) {
		if look == 2 {
			factstest.Dead(&r.seen, "eu-1")
		}
	}
	_, err := r.do("reattach cn")
	if ops.CodeOf(err) != ops.Refused || !strings.Contains(err.Error(), "moved") || !strings.Contains(err.Error(), "+     nothing can be proven towards eu-1") {
		t.Fatal(err)
	}
	r.nothingDone()
}

func TestAPlanThatMovedIsTakenWhenAnyPlanWasAgreedTo(t *testing.T) {
	r := newRig(t)
	r.breakCN()
	r.onLook = func(look int) {
		if look == 2 {
			factstest.Dead(&r.seen, "eu-1")
		}
	}
	_, err := r.do("reattach cn", func(d *control.Door) { d.AnyYes = true })
	if ops.CodeOf(err) != ops.Unseen || !strings.Contains(err.Error(), "not proven towards eu-1") {
		t.Fatal(err)
	}
	if r.asked != 0 || len(r.ran) != 1 || !strings.Contains(r.ran[0].String(), "nothing can be proven towards eu-1") {
		t.Errorf("asked %d, ran %v", r.asked, r.ran)
	}
}

func TestWhatSomebodyElseRepairedMeanwhileIsLeftAlone(t *testing.T) {
	r := newRig(t)
	r.breakCN()
	r.onLook = func(look int) {
		if look == 2 {
			r.seen = factstest.Healthy(r.Fleet)
		}
	}
	res, err := r.do("reattach cn")
	if err != nil || !res.Plan.Empty() {
		t.Fatal(res.Plan, err)
	}
	r.nothingDone()
}

func TestTheSecondWaitsForTheLockAndSaysWhoHoldsIt(t *testing.T) {
	r := newRig(t)
	r.breakCN()
	if _, err := r.store.Acquire(t.Context(), ops.Lease{Name: "release/cn", Holder: "bob@server#7", Reason: "deploy cn by U0BOB, 77aa"}); err != nil {
		t.Fatal(err)
	}
	_, err := r.do("reattach cn")
	if ops.CodeOf(err) != ops.Refused || !strings.Contains(err.Error(), "held by bob@server#7 (deploy cn by U0BOB, 77aa)") {
		t.Fatal(err)
	}
	waits := 0
	for _, e := range r.events {
		if e.Kind == ops.Waiting {
			waits++
		}
	}
	if waits == 0 || len(r.ran) != 0 || r.store.Held() != 1 {
		t.Errorf("waited %d times, ran %d, leases %d", waits, len(r.ran), r.store.Held())
	}
}

func TestALockOnTheHostIsRespectedAndTheStoresGivenBack(t *testing.T) {
	r := newRig(t)
	r.breakCN()
	cn, _ := r.Fleet.Node("cn-1")
	if _, err := r.hosts.AcquireOn(t.Context(), cn, ops.Lease{Name: "release/cn", Holder: "other-bot#1"}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.do("reattach cn"); ops.CodeOf(err) != ops.Refused || !strings.Contains(err.Error(), "other-bot#1") {
		t.Fatal(err)
	}
	if len(r.ran) != 0 || r.store.Held() != 0 {
		t.Errorf("ran %d, leases in the store %d", len(r.ran), r.store.Held())
	}
}

// TestAPanicGivesTheLocksBack, because the watch goes on after it.
func TestAPanicGivesTheLocksBack(t *testing.T) {
	r := newRig(t)
	r.breakCN()
	r.onRun = func(context.Context, func(context.Context) error) error { panic("a bug") }
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was hidden")
			}
		}()
		_, _ = r.do("reattach cn") // it does not return
	}()
	if r.store.Held() != 0 || r.hosts.Held() != 0 {
		t.Errorf("held: %d in the store, %d on the hosts", r.store.Held(), r.hosts.Held())
	}
}

func TestALostLeaseStopsTheRun(t *testing.T) {
	r := newRig(t)
	r.breakCN()
	r.onRun = func(ctx context.Context, fence func(context.Context) error) error {
		r.hosts.Lost = true
		return fence(ctx)
	}
	_, err := r.do("reattach cn")
	var lost *ops.LockLost
	if !errors.As(err, &lost) {
		t.Fatal(err)
	}
}

// However long a host is away, only it can say that the lock is lost.
func TestALeaseThatCannotBeSeenIsNotLost(t *testing.T) {
	r := newRig(t)
	r.breakCN()
	r.onRun = func(ctx context.Context, fence func(context.Context) error) error {
		r.hosts.Dark = true
		<-r.Clock.After(2 * time.Minute)
		err := fence(ctx)
		var dark *ops.LockDark
		var lost *ops.LockLost
		if !errors.As(err, &dark) || errors.As(err, &lost) || ops.CodeOf(err) != ops.Unseen {
			t.Errorf("while the host is away: %v", err)
		}
		r.hosts.Dark = false
		return fence(ctx)
	}
	if _, err := r.do("reattach cn"); err != nil {
		t.Fatal(err)
	}
}

func TestAFailureIsRememberedWithItsReason(t *testing.T) {
	r := newRig(t)
	r.breakCN()
	r.onRun = func(context.Context, func(context.Context) error) error {
		return ops.Errorf(ops.Failed, "diagnose cn-1", "The port did not come.")
	}
	res, err := r.do("reattach cn")
	if ops.CodeOf(err) != ops.Failed || res.Op.State != ops.Broken || !strings.Contains(res.Op.Reason, "The port did not come") {
		t.Errorf("%v, %+v", err, res.Op)
	}
}

func TestAnOperationWhoseProcessDiedIsClosedByTheNextOne(t *testing.T) {
	r := newRig(t)
	r.breakCN()
	dead := ops.Operation{ID: "dead01", State: ops.Running, Locks: []string{"cn"}}
	elsewhere := ops.Operation{ID: "busy01", State: ops.Running, Locks: []string{"sg"}}
	for _, o := range []ops.Operation{dead, elsewhere} {
		if err := r.journal.SaveOperation(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.do("reattach cn"); err != nil {
		t.Fatal(err)
	}
	if o, _ := r.journal.Operation(t.Context(), "dead01"); o.State != ops.Unknown || !strings.Contains(o.Reason, "4f2a91 (reattach cn) looked") {
		t.Errorf("%+v", o)
	}
	if o, _ := r.journal.Operation(t.Context(), "busy01"); o.State != ops.Running {
		t.Errorf("another region's operation was touched: %+v", o)
	}
}

func TestPartOfTheTargetUnseenIsDoneAndSaid(t *testing.T) {
	r := newRig(t)
	r.breakCN()
	factstest.Dead(&r.seen, "eu-1")
	_, err := r.do("reattach all")
	if ops.CodeOf(err) != ops.Unseen || !strings.Contains(err.Error(), "eu-1") || len(r.ran) != 1 {
		t.Fatalf("%v, ran %d", err, len(r.ran))
	}
	for _, s := range r.ran[0].Steps {
		if s.Node == "eu-1" {
			t.Errorf("the dead host is touched: %s", s.Title)
		}
	}
}

func TestWhoReadsTheJournalIsNotToldOfDeadProcesses(t *testing.T) {
	r := newRig(t)
	for _, o := range []ops.Operation{{ID: "dead01", State: ops.Running, Locks: []string{"cn"}}, {ID: "busy01", State: ops.Running, Locks: []string{"sg"}}} {
		if err := r.journal.SaveOperation(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.store.Acquire(t.Context(), ops.Lease{Name: "release/sg", Holder: "bob@server#7"}); err != nil {
		t.Fatal(err)
	}
	res, err := r.do("history")
	if err != nil || !strings.Contains(res.View.Text, "unknown") || !strings.Contains(res.View.Text, "running") {
		t.Fatalf("%v\n%s", err, res.View.Text)
	}
	if o, _ := r.journal.Operation(t.Context(), "dead01"); o.State != ops.Unknown {
		t.Errorf("%+v", o)
	}
	if o, _ := r.journal.Operation(t.Context(), "busy01"); o.State != ops.Running {
		t.Errorf("%+v", o)
	}
}
