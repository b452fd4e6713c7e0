package run_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/secret"
)

var errTool = ops.Errorf(ops.Failed, "diagnose cn-1", "The tool said no.")

func TestAFailedStepMayBePassedOver(t *testing.T) {
	r := newRig(t)
	first := does("gentle")
	first.MayFail = true
	r.effects["$ gentle"] = func() (string, error) { return "", errTool }
	if err := r.run(t.Context(), plan(first, does("harsh"))); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(r.story(), "1 step failed") || !strings.Contains(r.story(), "2 step done") {
		t.Error(r.story())
	}
}

func TestCancelStopsBeforeTheNextStepAndUndoes(t *testing.T) {
	r := newRig(t)
	r.effects["$ one"] = func() (string, error) {
		return "", r.journal.RequestCancel(context.Background(), "4f2a", "terminal:bob")
	}
	err := r.run(t.Context(), plan(does("one"), does("two")))
	if ops.CodeOf(err) != ops.Refused || !strings.Contains(err.Error(), "Cancelled by terminal:bob before step 2") {
		t.Fatal(err)
	}
	if strings.Contains(r.story(), "$ two") || !strings.Contains(r.story(), "$ undo one") {
		t.Error(r.story())
	}
}

func TestAnInterruptedRunUndoesToo(t *testing.T) {
	r := newRig(t)
	ctx, cancel := context.WithCancel(t.Context())
	r.effects["$ one"] = func() (string, error) { cancel(); return "", nil }
	if err := r.run(ctx, plan(does("one"), does("two"))); ops.CodeOf(err) != ops.Refused {
		t.Fatal(err)
	}
	if !strings.Contains(r.story(), "$ undo one") {
		t.Error(r.story())
	}
}

func TestALostLockStopsEverythingEvenTheUndo(t *testing.T) {
	r := newRig(t)
	r.effects["$ one"] = func() (string, error) {
		r.fence = func() error { return &ops.LockLost{Cause: errors.New("another bot took it")} }
		return "", nil
	}
	err := r.run(t.Context(), plan(does("one"), does("two")))
	if err == nil || !strings.Contains(err.Error(), "lock was lost") {
		t.Fatal(err)
	}
	if strings.Contains(r.story(), "$ two") || strings.Contains(r.story(), "undo") {
		t.Error(r.story())
	}
}

// A host that restarts between two steps hides whether the lock is still ours.
func TestALockThatCannotBeSeenIsWaitedFor(t *testing.T) {
	dark := &ops.LockDark{Cause: ops.Errorf(ops.Unseen, "status cn", "Nothing listens there.")}
	for _, c := range []struct {
		name   string
		after  int // looks until the host answers
		fence  error
		ran    string
		code   ops.Code
		reason string
	}{
		{"it comes back", 5, nil, "one, undo one", ops.Failed, "The host was seen again"},
		{"it does not", 1 << 20, nil, "one", ops.Unseen, "could not be renewed"},
		{"another has the lock then", 5, &ops.LockLost{Cause: errors.New("another bot took it")}, "one", ops.Unseen, "could not be renewed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.effects["$ one"] = func() (string, error) {
				factstest.Dead(&r.seen, "cn-1")
				r.fence = func() error { return dark }
				return "", nil
			}
			r.later = func(looks int) {
				if looks == c.after {
					r.seen = factstest.Healthy(r.fleet)
					r.fence = func() error { return c.fence }
				}
			}
			err := r.run(t.Context(), plan(does("one"), does("two")))
			if ops.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.reason) {
				t.Errorf("%v", err)
			}
			if got := r.effectsRun(); got != c.ran {
				t.Error(got)
			}
		})
	}
}

// A host that restarts while something on it is undone takes the undo with it.
func TestAnUndoIsRepeatedWhenTheHostIsBack(t *testing.T) {
	for _, c := range []struct {
		name   string
		fence  bool
		second error
	}{
		{"the lock was not seen", true, nil},
		{"the answer was lost", false, nil},
		{"the answer was lost, and it had happened", false, errTool},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.effects["$ two"] = func() (string, error) {
				if c.fence {
					factstest.Dead(&r.seen, "cn-1")
					r.fence = func() error { return &ops.LockDark{Cause: ops.Errorf(ops.Unseen, "", "gone")} }
				}
				return "", errTool
			}
			undos := 0
			r.effects["$ undo two"] = func() (string, error) {
				if undos++; undos == 1 && !c.fence {
					factstest.Dead(&r.seen, "cn-1")
					return "", ops.Errorf(ops.Unseen, "status cn", "The connection ended before the answer came.")
				}
				return "", c.second
			}
			r.later = func(looks int) {
				if looks == 5 {
					r.seen = factstest.Healthy(r.fleet)
					r.fence = func() error { return nil }
				}
			}
			err := r.run(t.Context(), plan(does("one"), does("two")))
			if ops.CodeOf(err) != ops.Failed {
				t.Errorf("%v", err)
			}
			if got := r.effectsRun(); !strings.HasSuffix(got, "undo two, undo one") {
				t.Error(got)
			}
		})
	}
}

// TestAnUndoThatIsRefusedIsRepeated: a host that goes down refuses first and is gone
// then. One that refuses for ever is left after the fourth time, and said.
func TestAnUndoThatIsRefusedIsRepeated(t *testing.T) {
	for refusals, want := range map[int]string{1: "one, two, undo two, undo two, undo one", 99: "one, two, undo two, undo two, undo two, undo two"} {
		r := newRig(t)
		r.effects["$ two"] = func() (string, error) { return "", errTool }
		undos := 0
		r.effects["$ undo two"] = func() (string, error) {
			if undos++; undos <= refusals {
				return "", ops.Errorf(ops.Failed, "", "failed to update store for object type *libnetwork.endpoint: open : no such file or directory")
			}
			return "", nil
		}
		err := r.run(t.Context(), plan(does("one"), does("two")))
		if got := r.effectsRun(); ops.CodeOf(err) != ops.Failed || got != want {
			t.Errorf("%d refusals: %s, %v", refusals, got, err)
		}
	}
}

func TestALostAnswerIsDecidedByLooking(t *testing.T) {
	lost := ops.Errorf(ops.Unseen, "status cn", "The connection ended before the answer came.")
	t.Run("it happened", func(t *testing.T) {
		r := newRig(t)
		factstest.Restarted(&r.seen, r.fleet, "cn-1")
		r.effects["$ attach"] = func() (string, error) { r.seen = factstest.Healthy(r.fleet); return "", lost }
		if err := r.run(t.Context(), plan(does("attach", "ip"))); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("nobody knows", func(t *testing.T) {
		r := newRig(t)
		r.effects["$ attach"] = func() (string, error) { factstest.Dead(&r.seen, "cn-1"); return "", lost }
		err := r.run(t.Context(), plan(does("one"), does("attach")))
		if ops.CodeOf(err) != ops.Unseen || strings.Contains(r.story(), "undo") {
			t.Errorf("%v; told %q", err, r.story())
		}
		if !strings.HasSuffix(r.journal.Story(), "step 2 unknown") {
			t.Error(r.journal.Story())
		}
	})
	t.Run("the host comes back", func(t *testing.T) {
		r := newRig(t)
		r.effects["$ attach"] = func() (string, error) { factstest.Dead(&r.seen, "cn-1"); return "", lost }
		r.later = func(looks int) {
			if looks == 5 {
				r.seen = factstest.Healthy(r.fleet)
			}
		}
		r.effects["$ undo attach"] = func() (string, error) { return "", errTool } // it had not happened
		err := r.run(t.Context(), plan(does("one"), does("attach")))
		if ops.CodeOf(err) != ops.Failed || !strings.Contains(err.Error(), "The host was seen again") {
			t.Errorf("%v", err)
		}
		if got := r.effectsRun(); got != "one, attach, undo attach, undo one" {
			t.Error(got)
		}
	})
	t.Run("a leave is not undone on a guess", func(t *testing.T) {
		r := newRig(t)
		leave := does("leave")
		leave.Do = ops.Exec{Container: "c", Argv: secret.Words("leave"), Judge: ops.Left}
		r.effects[leave.Do.String()] = func() (string, error) { return "", lost }
		err := r.run(t.Context(), plan(does("one"), leave))
		if ops.CodeOf(err) != ops.Unseen || strings.Contains(r.story(), "undo") {
			t.Errorf("%v; told %q", err, r.story())
		}
	})
}

func TestAnUndoThatFailsIsTold(t *testing.T) {
	r := newRig(t)
	r.effects["$ two"] = func() (string, error) { return "", errTool }
	r.effects["$ undo one"] = func() (string, error) { return "", errTool }
	err := r.run(t.Context(), plan(does("one"), does("two")))
	if err == nil || !strings.Contains(err.Error(), "Undoing step (one) went wrong as well") {
		t.Fatal(err)
	}
}

func TestAProofAmongSomePeersIgnoresTheOthers(t *testing.T) {
	r := newRig(t)
	factstest.Dead(&r.seen, "eu-1")
	s := ops.Step{Title: "prove", Node: "cn-1", Do: ops.Wait{For: "channels"}, Verify: []string{"channel"}, Timeout: 3e9}
	if err := r.run(t.Context(), plan(s)); ops.CodeOf(err) != ops.Failed {
		t.Errorf("with eu-1: %v", err)
	}
	s.Among = []string{"sg-1", "us-1"}
	if err := r.run(t.Context(), plan(s)); err != nil {
		t.Errorf("without eu-1: %v", err)
	}
}
