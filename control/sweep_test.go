package control_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"vmqbot/ops"
)

func TestSweepClosesWhatExpiredAndWhatDied(t *testing.T) {
	r, _, a := asked(t)
	if closed, err := r.Sweep(t.Context(), nobody); err != nil || len(closed) != 0 {
		t.Fatal(closed, err)
	}
	r.onRun = func(context.Context, func(context.Context) error) error { return errors.New("never comes here") }
	granted := a
	granted.State, granted.Version, granted.Ended = ops.Granted, a.Version+1, r.Clock.Now()
	if won, err := r.Approvals.SwapApproval(t.Context(), granted); !won || err != nil {
		t.Fatal(won, err)
	}
	if closed, err := r.Sweep(t.Context(), func(b ops.Approval) bool { return b.ID == a.ID }); err != nil || len(closed) != 0 {
		t.Error("what runs here was closed", closed, err)
	}
	if closed, err := r.Sweep(t.Context(), nobody); err != nil || len(closed) != 0 {
		t.Error("what another process may just begin was closed", closed, err)
	}
	r.Clock.After(3 * time.Minute)
	closed, err := r.Sweep(t.Context(), nobody)
	if err != nil || len(closed) != 1 || closed[0].State != ops.Spent || !strings.HasSuffix(r.audited(), "lost") {
		t.Errorf("%+v %v %s", closed, err, r.audited())
	}
	res, err := r.ask(bob, "reattach cn")
	if err != nil {
		t.Fatal(err)
	}
	r.Clock.After(time.Hour)
	closed, err = r.Sweep(t.Context(), nobody)
	if err != nil || len(closed) != 1 || closed[0].ID != res.Approval.ID || closed[0].State != ops.Expired {
		t.Errorf("%+v %v", closed, err)
	}
}

func nobody(ops.Approval) bool { return false }

func TestTheCardIsRemembered(t *testing.T) {
	r, _, a := asked(t)
	if err := r.Shown(t.Context(), a.ID, "C0123/17.1"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.click(ana, a.ID, ops.Approve, ""); err != nil {
		t.Fatal(err)
	}
	if b, err := r.Approvals.Approval(t.Context(), a.ID); err != nil || b.Card != "C0123/17.1" || len(b.Votes) != 1 {
		t.Errorf("%+v %v", b, err)
	}
}

func TestStopGoesPastEverything(t *testing.T) {
	r := newRig(t)
	withPeople(r)
	if err := r.journal.SaveOperation(t.Context(), ops.Operation{ID: "4f2a91", State: ops.Running}); err != nil {
		t.Fatal(err)
	}
	if err := r.Stop(t.Context(), "4f2a91", eve); ops.CodeOf(err) != ops.Refused {
		t.Error(err)
	}
	if err := r.Stop(t.Context(), "4f2a91", from(bob, func(c *ops.Caller) { c.Place = "C0GEN" })); err != nil {
		t.Error(err)
	}
	if by, _ := r.journal.CancelRequested(t.Context(), "4f2a91"); by != "slack:U0BOB" {
		t.Error(by)
	}
}

func TestAKeyIsBegunOnce(t *testing.T) {
	r := newRig(t)
	withPeople(r)
	for i, want := range []bool{true, false, false} {
		if first, err := r.First(t.Context(), "slash/1.2"); first != want || err != nil {
			t.Errorf("%d: %t %v", i, first, err)
		}
	}
}

func TestASecretThatWasTypedIsNotKept(t *testing.T) {
	r := newRig(t)
	withPeople(r)
	r.Redactor = r.Fleet.Redactor()
	_ = r.Enter(t.Context(), max, "deploy value-of-VERNEMQ_COOKIE xoxb-123456789-abc", false)
	_, _ = r.ask(max, "status")
	for _, e := range r.journal.Audited {
		if strings.Contains(e.Detail, "value-of-") || strings.Contains(e.Detail, "xoxb-1") {
			t.Errorf("%+v", e)
		}
	}
}
