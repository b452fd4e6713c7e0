package control_test

import (
	"testing"
	"time"

	"vmqbot/ops"
	"vmqbot/ops/opstest"
	"vmqbot/regions"
)

// TestAScheduleNeedsWhatItsVerbNeeds: the role, the rights and the approvals.
func TestAScheduleNeedsWhatItsVerbNeeds(t *testing.T) {
	r := newRig(t)
	withPeople(r)
	book := &opstest.Book{}
	r.Wishes, r.Book = book, book
	const line = "schedule add 0 4 * * 1 restart sg"
	res, err := r.ask(bob, line)
	if err != nil || res.Approval == nil || !res.Approval.Needs[0].Self {
		t.Fatalf("%+v %v", res, err)
	}
	r.Fleet.Approval = map[string]regions.Approval{"restart": {Approvers: []string{"U0ANA"}, Count: 1, Expires: time.Hour}}
	res, err = r.ask(bob, line)
	if err != nil || res.Approval == nil || len(res.Approval.Needs) != 1 || res.Approval.Needs[0].Self || res.Approval.Needs[0].Region != "sg" {
		t.Errorf("%+v %v", res.Approval, err)
	}
	r.Fleet.Rights = regions.Rights{"restart": {"sg": {"U0ANA"}}}
	if _, err := r.ask(bob, line); ops.CodeOf(err) != ops.Refused {
		t.Errorf("bob may not restart, and scheduled it: %v", err)
	}
	r.Fleet.Rights = nil
	if _, err := r.ask(bob, "schedule add @daily guard install sg"); ops.CodeOf(err) != ops.Refused {
		t.Errorf("only admins may do that, and bob scheduled it: %v", err)
	}
}
