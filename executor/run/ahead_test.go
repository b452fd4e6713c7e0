package run_test

import (
	"slices"
	"testing"
	"time"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
)

// proves is a wait for the named checks.
func proves(names ...string) ops.Step {
	return ops.Step{Title: "Prove " + names[0], Node: "cn-1", Do: ops.Wait{For: names[0]}, Verify: names, Timeout: time.Minute}
}

// TestOneLookProvesARepair: a port that nobody listens on is known without asking
// the broker, and what binds it is proven in the same look as all that follows.
func TestOneLookProvesARepair(t *testing.T) {
	r := newRig(t)
	factstest.Unbound(&r.seen, r.fleet, "cn-1")
	r.effects["$ bind"] = func() (string, error) { r.seen = factstest.Healthy(r.fleet); return "", nil }
	if err := r.run(t.Context(), plan(does("bind", "port"), proves("cluster"), proves("channel", "mqtt"))); err != nil {
		t.Fatal(err)
	}
	base, all := facts.Need{}, checks.Need("port", "cluster", "channel", "mqtt")
	if want := []facts.Need{base, base, all}; !slices.Equal(r.needs, want) {
		t.Errorf("looked for %+v, want %+v", r.needs, want)
	}
	if got := r.journal.Story(); got != "step 1 running, step 1 done, step 2 running, step 2 done, step 3 running, step 3 done" {
		t.Error(got)
	}
}

// TestWhatIsNotThereAtOnceIsAskedForAlone: views that are right at once and messages
// that are not.
func TestWhatIsNotThereAtOnceIsAskedForAlone(t *testing.T) {
	r := newRig(t)
	factstest.Unbound(&r.seen, r.fleet, "cn-1")
	r.effects["$ bind"] = func() (string, error) {
		r.seen = factstest.Healthy(r.fleet)
		r.seen.Crossings = nil
		return "", nil
	}
	r.later = func(looks int) {
		if looks == 5 {
			r.seen = factstest.Healthy(r.fleet)
		}
	}
	if err := r.run(t.Context(), plan(does("bind", "port"), proves("cluster"), proves("channel", "mqtt"))); err != nil {
		t.Fatal(err)
	}
	alone := checks.Need("channel", "mqtt")
	if got := r.needs[3:]; !slices.Equal(got, []facts.Need{alone, alone}) {
		t.Errorf("after the views were proven it looked for %+v", got)
	}
}

// TestAnEffectEndsWhatWasForeseen: a look says nothing of what comes after the next
// effect, nor of a wait that must hold for a while, nor of another node.
func TestAnEffectEndsWhatWasForeseen(t *testing.T) {
	hold := proves("cluster")
	hold.Do = ops.Wait{For: "a while", Hold: 10 * time.Second}
	other := proves("cluster")
	other.Node = "sg-1"
	for name, behind := range map[string][]ops.Step{
		"an effect":           {does("spoil"), proves("cluster")},
		"a wait to hold":      {hold},
		"another node":        {other},
		"behind a wait":       {proves("cluster"), does("spoil"), proves("cluster")},
		"a wait, then a hold": {proves("broker"), hold},
	} {
		r := newRig(t)
		factstest.Unbound(&r.seen, r.fleet, "cn-1")
		r.effects["$ bind"] = func() (string, error) { r.seen = factstest.Healthy(r.fleet); return "", nil }
		r.effects["$ spoil"] = func() (string, error) { factstest.Dead(&r.seen, "cn-1"); return "", nil }
		err := r.run(t.Context(), plan(append([]ops.Step{does("bind", "port")}, behind...)...))
		spoiled := slices.ContainsFunc(behind, func(s ops.Step) bool { return s.Title == "spoil" })
		if spoiled != (err != nil) {
			t.Errorf("%s: %v", name, err)
		}
		if last := r.needs[len(r.needs)-1]; last != checks.Need("cluster") {
			t.Errorf("%s: the last look asked for %+v", name, last)
		}
	}
}
