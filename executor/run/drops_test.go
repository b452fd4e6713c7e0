package run_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/secret"
	"vmqbot/vernemq"
)

// stopAndStart are the two steps that drop clients to get a port bound.
func stopAndStart() []ops.Step {
	stop := does("stop", "port")
	stop.StopOnly, stop.Drops = true, true
	stop.Undo = ops.Run{Argv: secret.Words("start")}
	start := does("start", "port")
	start.Undo = nil
	return []ops.Step{stop, start}
}

func TestClientsAreNotDroppedOnAGuess(t *testing.T) {
	r := newRig(t)
	factstest.Edit(&r.seen, "cn-1", func(n *facts.Node) {
		b, _ := n.Broker.Get()
		b.Listeners = facts.Missed[[]vernemq.Listener](facts.TooLate, "listener show gave no answer")
		n.Broker = facts.Saw(b)
	})
	err := r.run(t.Context(), plan(stopAndStart()...))
	if ops.CodeOf(err) != ops.Unseen || !strings.Contains(err.Error(), "would drop clients") || strings.Contains(r.story(), "$ stop") {
		t.Errorf("%v; told %q", err, r.story())
	}
}

func TestWhatWasStoppedIsStartedWhateverALookSays(t *testing.T) {
	r := newRig(t)
	factstest.Unbound(&r.seen, r.fleet, "cn-1")
	r.effects["$ stop"] = func() (string, error) { r.seen = factstest.Healthy(r.fleet); return "", nil }
	if err := r.run(t.Context(), plan(stopAndStart()...)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(r.story(), "cn-1 $ start") {
		t.Error(r.story())
	}
}

func TestAnInterruptionDoesNotCutAnEffectShort(t *testing.T) {
	r := newRig(t)
	factstest.Unbound(&r.seen, r.fleet, "cn-1")
	ctx, cancel := context.WithCancel(t.Context())
	ended := false
	r.doing = func(effect context.Context, action string) {
		if action == "$ stop" {
			cancel()
			ended = effect.Err() != nil
		}
	}
	err := r.run(ctx, plan(stopAndStart()...))
	if ended {
		t.Error("the effect's context ended with the caller's")
	}
	if ops.CodeOf(err) != ops.Refused || !strings.Contains(err.Error(), "Interrupted") {
		t.Error(err)
	}
	if !strings.HasSuffix(r.story(), "cn-1 $ start, 1 step undone") {
		t.Errorf("the listeners were left closed: %s", r.story())
	}
}

func TestAnInterruptedProofIsNotAFailure(t *testing.T) {
	r := newRig(t)
	factstest.Unbound(&r.seen, r.fleet, "cn-1")
	ctx, cancel := context.WithCancel(t.Context())
	r.effects["$ bind"] = func() (string, error) { cancel(); return "ok", nil }
	s := does("bind", "port")
	s.Timeout = time.Minute
	if err := r.run(ctx, plan(s)); ops.CodeOf(err) != ops.Refused || strings.Contains(err.Error(), "not proven within") {
		t.Error(err)
	}
}

func TestTheJournalHoldsStepAndUndoApart(t *testing.T) {
	r := newRig(t)
	r.effects["$ two"] = func() (string, error) { return "", errTool }
	if err := r.run(t.Context(), plan(does("one"), does("two"))); err == nil {
		t.Fatal("was taken")
	}
	want := "step 1 running, step 1 done, step 2 running, step 2 failed, step 3 undoing, step 3 undone, step 4 undoing, step 4 undone"
	if got := r.journal.Story(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
