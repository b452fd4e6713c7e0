package run_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"vmqbot/executor/run"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/ops/opstest"
	"vmqbot/regions"
	"vmqbot/secret"
)

// rig is a runner on a world of facts: actions change the facts, looks read
// them, and everything is told in order.
type rig struct {
	fleet   *regions.Fleet
	seen    facts.Fleet
	journal *opstest.Journal
	clock   *opstest.Clock
	told    []string
	effects map[string]func() (string, error) // by the action's text
	fence   func() error
	looks   int
	needs   []facts.Need                             // of each look
	later   func(looks int)                          // changes the world before a look
	doing   func(ctx context.Context, action string) // sees each action as it begins
}

func newRig(t *testing.T) *rig {
	t.Helper()
	f, err := regions.Load("example.yaml", []byte(regions.Example), func(_, ref string) (string, error) { return "value-of-" + ref, nil })
	if err != nil {
		t.Fatal(err)
	}
	return &rig{
		fleet: f, seen: factstest.Healthy(f), journal: &opstest.Journal{}, clock: opstest.NewClock(factstest.Now),
		effects: map[string]func() (string, error){}, fence: func() error { return nil },
	}
}

func (r *rig) Look(_ context.Context, _ []regions.Node, need facts.Need) facts.Fleet {
	r.looks, r.needs = r.looks+1, append(r.needs, need)
	if r.later != nil {
		r.later(r.looks)
	}
	return r.seen
}

func (r *rig) Do(ctx context.Context, n regions.Node, a ops.Action, line func(string)) (string, error) {
	if r.doing != nil {
		r.doing(ctx, a.String())
	}
	r.told = append(r.told, n.Name+" "+a.String())
	if effect := r.effects[a.String()]; effect != nil {
		out, err := effect()
		line(out)
		return out, err
	}
	return "", nil
}

func (r *rig) runner() *run.Runner {
	return &run.Runner{Fleet: r.fleet, Looker: r, Doer: r, Journal: r.journal, Clock: r.clock, Poll: time.Second}
}

func (r *rig) run(ctx context.Context, p ops.Plan) error {
	return r.runner().Run(ctx, ops.Operation{ID: "4f2a"}, p, func(context.Context) error { return r.fence() }, func(e ops.Event) {
		if e.Kind == ops.StepNow || e.Kind == ops.Proof {
			r.told = append(r.told, strings.TrimSpace(fmt.Sprintf("%d %s %s", e.Step, e.Kind, e.State)))
		}
	})
}

func (r *rig) story() string { return strings.Join(r.told, ", ") }

// does is a step on cn-1 that runs one word; its undo runs "undo WORD".
func does(word string, verify ...string) ops.Step {
	return ops.Step{
		Title: word, Node: "cn-1", Do: ops.Run{Argv: secret.Words(word)}, Verify: verify,
		Undo: ops.Run{Argv: secret.Words("undo", word)}, Timeout: time.Minute,
	}
}

func plan(steps ...ops.Step) ops.Plan {
	return ops.Plan{Title: "test", Locks: []string{"cn"}, Steps: steps}
}

func TestAStepThatIsAlreadySoIsSkipped(t *testing.T) {
	r := newRig(t)
	if err := r.run(t.Context(), plan(does("attach", "ip"))); err != nil {
		t.Fatal(err)
	}
	if r.story() != "1 step already so" || r.journal.Story() != "step 1 already so" {
		t.Errorf("told %q, wrote %q", r.story(), r.journal.Story())
	}
}

func TestTheJournalIsWrittenBeforeTheEffect(t *testing.T) {
	r := newRig(t)
	factstest.Restarted(&r.seen, r.fleet, "cn-1")
	r.effects["$ attach"] = func() (string, error) {
		if got := r.journal.Story(); got != "step 1 running" {
			t.Errorf("at the effect the journal said %q", got)
		}
		r.seen = factstest.Healthy(r.fleet)
		return "10.0.0.1", nil
	}
	if err := r.run(t.Context(), plan(does("attach", "ip", "port"))); err != nil {
		t.Fatal(err)
	}
	if got := r.journal.Story(); got != "step 1 running, step 1 done" {
		t.Error(got)
	}
}

func TestNothingIsDoneThatCannotBeJournaled(t *testing.T) {
	r := newRig(t)
	r.journal.Fail = func(string) error { return errors.New("disk full") }
	err := r.run(t.Context(), plan(does("one")))
	if err == nil || !strings.Contains(err.Error(), "disk full") || strings.Contains(r.story(), "cn-1 $ one") {
		t.Errorf("%v; told %q", err, r.story())
	}
}

func TestAProofThatNeverComesFailsAndUndoesInReverse(t *testing.T) {
	r := newRig(t)
	factstest.Restarted(&r.seen, r.fleet, "cn-1")
	err := r.run(t.Context(), plan(does("one"), does("two"), does("attach", "ip")))
	if ops.CodeOf(err) != ops.Failed || !strings.Contains(err.Error(), "not proven within 1m0s") || !strings.Contains(err.Error(), "want 10.0.0.1") {
		t.Fatal(err)
	}
	var effects []string
	for _, s := range r.told {
		if cut, ok := strings.CutPrefix(s, "cn-1 $ "); ok {
			effects = append(effects, cut)
		}
	}
	if got := strings.Join(effects, ", "); got != "one, two, attach, undo attach, undo two, undo one" {
		t.Error(got)
	}
}

func TestWhatIsStillStartingIsAskedAgain(t *testing.T) {
	r := newRig(t)
	factstest.Unbound(&r.seen, r.fleet, "cn-1")
	asked := 0
	r.effects["$ bind"] = func() (string, error) {
		if asked++; asked < 3 {
			return "", &ops.Error{Code: ops.Failed, Msg: "The broker is starting.", Soon: true}
		}
		r.seen = factstest.Healthy(r.fleet)
		return "ok", nil
	}
	if err := r.run(t.Context(), plan(does("bind", "port"))); err != nil || asked != 3 {
		t.Fatalf("asked %d times: %v", asked, err)
	}
}

func TestWhatNeverStartsIsAnError(t *testing.T) {
	r := newRig(t)
	factstest.Unbound(&r.seen, r.fleet, "cn-1")
	r.effects["$ bind"] = func() (string, error) {
		return "", &ops.Error{Code: ops.Failed, Msg: "The broker is starting.", Soon: true}
	}
	if err := r.run(t.Context(), plan(does("bind", "port"))); err == nil || !strings.Contains(err.Error(), "is starting") {
		t.Fatal(err)
	}
}

// The last try is not cut: what became of it nobody would know, and a step that
// may fail could not be passed by.
func TestTheLastTryHasItsTime(t *testing.T) {
	r := newRig(t)
	factstest.Unbound(&r.seen, r.fleet, "cn-1")
	tries := 0
	r.effects["$ bind"] = func() (string, error) {
		tries++
		<-r.clock.After(7 * time.Second) // as long as one try takes
		return "", &ops.Error{Code: ops.Failed, Msg: "The broker is starting.", Soon: true}
	}
	bind := does("bind", "port")
	bind.Timeout, bind.Fix = 20*time.Second, "reattach cn-1 --drop-clients"
	r.doing = func(ctx context.Context, action string) {
		if until, bounded := ctx.Deadline(); action == "$ bind" && (!bounded || time.Until(until) < 9*time.Second || time.Until(until) > 20*time.Second) {
			t.Errorf("try %d may take %s of %s", tries+1, time.Until(until), bind.Timeout)
		}
	}
	err := r.run(t.Context(), plan(bind))
	var e *ops.Error
	if !errors.As(err, &e) || e.Code != ops.Failed || e.Fix != bind.Fix || !strings.Contains(e.Msg, "is starting") {
		t.Fatal(err)
	}
	if tries != 3 {
		t.Errorf("%d tries", tries)
	}
}

// What goes further than a step that failed is told also when its proof is what failed.
func TestWhatGoesFurtherIsTold(t *testing.T) {
	r := newRig(t)
	factstest.Unbound(&r.seen, r.fleet, "cn-1")
	bind := does("bind", "port")
	bind.Fix = "reattach cn-1 --drop-clients"
	var e *ops.Error
	if err := r.run(t.Context(), plan(bind)); !errors.As(err, &e) || e.Fix != bind.Fix || !strings.Contains(e.Msg, "not proven within") {
		t.Error(err)
	}
}
