package run_test

import (
	"strings"
	"testing"
	"time"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/secret"
)

// effects are the commands that ran, in order.
func (r *rig) effectsRun() string {
	var ran []string
	for _, s := range r.told {
		if _, cut, ok := strings.Cut(s, " $ "); ok {
			ran = append(ran, cut)
		}
	}
	return strings.Join(ran, ", ")
}

func TestWhatIsFinalIsNotUndone(t *testing.T) {
	r := newRig(t)
	around := does("switches")
	around.Around = true
	last := does("two")
	last.Final = true
	r.effects["$ four"] = func() (string, error) { return "", errTool }
	if err := r.run(t.Context(), plan(around, does("one"), last, does("three"), does("four"))); err == nil {
		t.Fatal("was taken")
	}
	if got := r.effectsRun(); got != "switches, one, two, three, four, undo four, undo three, undo switches" {
		t.Error(got)
	}
}

func TestOnlyTheNodesOwnStepsAreFinal(t *testing.T) {
	r := newRig(t)
	elsewhere := does("one")
	elsewhere.Node = "sg-1"
	last := does("two")
	last.Final = true
	r.effects["$ three"] = func() (string, error) { return "", errTool }
	if err := r.run(t.Context(), plan(elsewhere, last, does("three"))); err == nil {
		t.Fatal("was taken")
	}
	if got := r.effectsRun(); got != "one, two, three, undo three, undo one" {
		t.Error(got)
	}
}

func TestWhatAnUndoBringsBackIsMadeToServe(t *testing.T) {
	r := newRig(t)
	stop := does("stop")
	stop.Restore = []ops.Step{does("attach", "ip"), does("bind", "port")}
	r.effects["$ undo stop"] = func() (string, error) { factstest.Restarted(&r.seen, r.fleet, "cn-1"); return "", nil }
	r.effects["$ attach"] = func() (string, error) {
		r.seen = factstest.Healthy(r.fleet)
		factstest.Unbound(&r.seen, r.fleet, "cn-1")
		return "", nil
	}
	r.effects["$ bind"] = func() (string, error) { r.seen = factstest.Healthy(r.fleet); return "", nil }
	r.effects["$ new"] = func() (string, error) { return "", errTool }
	if err := r.run(t.Context(), plan(does("before"), stop, does("new"))); err == nil {
		t.Fatal("was taken")
	}
	if got := r.effectsRun(); got != "before, stop, new, undo new, undo stop, attach, bind, undo before" {
		t.Error(got)
	}
}

func TestWhatDoesNotServeAgainEndsTheUndo(t *testing.T) {
	r := newRig(t)
	stop := does("stop")
	bind := does("bind", "port")
	bind.Timeout = 2 * time.Second
	stop.Restore = []ops.Step{bind}
	r.effects["$ undo stop"] = func() (string, error) { factstest.Unbound(&r.seen, r.fleet, "cn-1"); return "", nil }
	r.effects["$ new"] = func() (string, error) { return "", errTool }
	err := r.run(t.Context(), plan(does("before"), stop, does("new")))
	if err == nil || !strings.Contains(err.Error(), "does not serve again") || strings.Contains(r.effectsRun(), "undo before") {
		t.Errorf("%v; %s", err, r.effectsRun())
	}
}

func TestAnActionOnAnotherNode(t *testing.T) {
	r := newRig(t)
	s := does("one")
	s.Do = ops.On{Node: "sg-1", Do: ops.Run{Argv: secret.Words("one")}}
	if err := r.run(t.Context(), plan(s)); err != nil || !strings.Contains(r.story(), "sg-1 $ one") {
		t.Errorf("%v; %s", err, r.story())
	}
}

func TestASoakIsOverWhenItStayedWell(t *testing.T) {
	r := newRig(t)
	soak := ops.Step{Title: "soak", Node: "cn-1", Do: ops.Wait{For: "10 s without a fault", Hold: 10 * time.Second}, Verify: []string{"port"}, Timeout: time.Minute}
	begin := r.clock.Now()
	if err := r.run(t.Context(), plan(soak)); err != nil {
		t.Fatal(err)
	}
	if took := r.clock.Now().Sub(begin); took != 10*time.Second {
		t.Errorf("soaked for %s", took)
	}
	r = newRig(t)
	factstest.Unbound(&r.seen, r.fleet, "cn-1")
	if err := r.run(t.Context(), plan(soak)); err == nil || !strings.Contains(err.Error(), "not proven within 1m0s") {
		t.Error(err)
	}
}

func TestAWaitWithoutHopeIsGivenUp(t *testing.T) {
	r := newRig(t)
	factstest.Unbound(&r.seen, r.fleet, "cn-1")
	factstest.Edit(&r.seen, "cn-1", func(n *facts.Node) {
		c, _ := n.Container.Get()
		c.Labels, c.HealthSays = map[string]string{"vmqbot.gate": "1"}, "backoff starts=3 crashes=3 exit=1 for=4s"
		n.Container = facts.Saw(c)
	})
	s := ops.Step{Title: "await", Node: "cn-1", Do: ops.Wait{For: "the broker"}, Verify: []string{"port"}, GiveUp: []string{"loop"}, Timeout: time.Hour}
	begin := r.clock.Now()
	err := r.run(t.Context(), plan(s))
	if err == nil || !strings.Contains(err.Error(), "ended 3 times in a row") || r.clock.Now().Sub(begin) > time.Minute {
		t.Errorf("%v after %s", err, r.clock.Now().Sub(begin))
	}
}

func TestWhatWasRefusedAsAWholeIsNotUndone(t *testing.T) {
	r := newRig(t)
	rename := ops.Step{Title: "rename", Node: "cn-1", Do: ops.RenameContainer{From: "a", To: "b"}, Undo: ops.RenameContainer{From: "b", To: "a"}, Timeout: time.Minute}
	r.effects[rename.Do.String()] = func() (string, error) { return "", errTool }
	if err := r.run(t.Context(), plan(does("one"), rename)); err == nil {
		t.Fatal("was taken")
	}
	if got := r.effectsRun(); got != "one, docker rename a b, undo one" {
		t.Error(got)
	}
}

// A full disk takes no throwaway container that would tidy up; the old broker
// must be started all the same.
func TestLitterDoesNotEndTheUndo(t *testing.T) {
	r := newRig(t)
	copied := does("copy")
	copied.Litter = true
	r.effects["$ copy"] = func() (string, error) { return "", errTool }
	r.effects["$ undo copy"] = func() (string, error) { return "", errTool }
	err := r.run(t.Context(), plan(does("stop"), copied))
	if err == nil || !strings.Contains(err.Error(), "Undoing step (copy) went wrong as well") {
		t.Errorf("%v", err)
	}
	if got := r.effectsRun(); got != "stop, copy, undo copy, undo stop" {
		t.Error(got)
	}
}
