package run_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"vmqbot/ops"
)

// TestHowFarItIs: a line that begins with a carriage return replaces the one
// before it, and is no output.
func TestHowFarItIs(t *testing.T) {
	r := newRig(t)
	ship := ops.ShipImage{Image: "a:1", ID: "sha256:1"}
	said := []string{"4 layers are there", "\rbrought: 1.0 of 2.0 MB"}
	p := ops.Plan{Steps: []ops.Step{{Title: "Bring it", Node: "cn-1", Do: ship, Timeout: time.Minute}, {Title: "Again", Node: "cn-1", Do: ship, Timeout: time.Minute}}}
	r.effects[ship.String()] = func() (string, error) {
		defer func() { said = said[1:] }()
		return said[0], nil
	}
	var heard []string
	err := r.runner().Run(t.Context(), ops.Operation{ID: "a1"}, p, func(context.Context) error { return nil }, func(e ops.Event) {
		if e.Kind == ops.Output || e.Kind == ops.Proof {
			heard = append(heard, string(e.Kind)+" "+e.Text)
		}
	})
	if want := []string{"output 4 layers are there", "proof brought: 1.0 of 2.0 MB"}; err != nil || !slices.Equal(heard, want) {
		t.Errorf("%q %v", heard, err)
	}
}

// TestAnImageOnItsWayIsInterrupted: it takes minutes, touches nothing that runs
// and goes on where it was cut; every other effect is done to its end.
func TestAnImageOnItsWayIsInterrupted(t *testing.T) {
	for _, c := range []struct {
		do   ops.Action
		ends bool
	}{{ops.ShipImage{Image: "a:1", ID: "sha256:1"}, true}, {ops.StartContainer{Container: "x"}, false}} {
		r := newRig(t)
		ctx, interrupt := context.WithCancel(t.Context())
		ended := false
		r.doing = func(effect context.Context, _ string) {
			interrupt()
			ended = effect.Err() != nil
		}
		p := ops.Plan{Steps: []ops.Step{{Title: "Do it", Node: "cn-1", Do: c.do, Timeout: time.Minute}}}
		_ = r.runner().Run(ctx, ops.Operation{ID: "a1"}, p, func(context.Context) error { return nil }, func(ops.Event) {})
		if ended != c.ends {
			t.Errorf("%s: interrupted %v, want %v", c.do, ended, c.ends)
		}
	}
}

// TestAnImageOnItsWayIsCancelled: somebody cancels from elsewhere while it is
// brought. It ends then, and not at its end; what the step before did is undone.
func TestAnImageOnItsWayIsCancelled(t *testing.T) {
	r := newRig(t)
	ship := ops.ShipImage{Image: "a:1", ID: "sha256:1"}
	r.doing = func(effect context.Context, did string) {
		if did != ship.String() {
			return
		}
		if err := r.journal.RequestCancel(t.Context(), "a1", "slack:U2"); err != nil {
			t.Error(err)
		}
		select {
		case <-effect.Done():
		case <-time.After(20 * time.Second):
			t.Error("it goes on")
		}
	}
	r.effects[ship.String()] = func() (string, error) { return "", ops.Errorf(ops.Refused, "", "Interrupted.") }
	p := ops.Plan{Steps: []ops.Step{
		{Title: "First", Node: "cn-1", Do: ops.StartContainer{Container: "x"}, Undo: ops.StopContainer{Container: "x"}, Timeout: time.Minute},
		{Title: "Bring it", Node: "cn-1", Do: ship, Timeout: time.Minute},
		{Title: "Last", Node: "cn-1", Do: ops.StartContainer{Container: "y"}, Timeout: time.Minute},
	}}
	err := r.runner().Run(t.Context(), ops.Operation{ID: "a1"}, p, func(context.Context) error { return nil }, func(ops.Event) {})
	if ops.CodeOf(err) != ops.Refused || !strings.Contains(err.Error(), "Cancelled by slack:U2 in step 2. What has arrived stays") {
		t.Errorf("%v", err)
	}
	story := strings.Join(r.told, "\n")
	if !strings.Contains(story, "cn-1 "+p.Steps[0].Undo.String()) || strings.Contains(story, "cn-1 "+p.Steps[2].Do.String()) {
		t.Error(story)
	}
	if !slices.Contains(r.journal.Writes, "step 2 cancelled") {
		t.Errorf("%q", r.journal.Writes)
	}
}
