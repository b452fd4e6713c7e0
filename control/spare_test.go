package control_test

import (
	"testing"

	"vmqbot/control"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
)

// TestADoorThatSparesClients: no consent that is given beforehand covers a
// plan that disconnects them.
func TestADoorThatSparesClients(t *testing.T) {
	spare := func(d *control.Door) { d.AnyYes, d.Spare = true, true }
	r := newRig(t)
	factstest.Unbound(&r.seen, r.Fleet, "cn-1")
	if _, err := r.do("reattach cn-1 --drop-clients", spare); ops.CodeOf(err) != ops.Refused || len(r.ran) != 0 {
		t.Errorf("%v, ran %d", err, len(r.ran))
	}
	if _, err := r.do("reattach cn-1", spare); err != nil || len(r.ran) != 1 {
		t.Errorf("%v, ran %d", err, len(r.ran))
	}
}
