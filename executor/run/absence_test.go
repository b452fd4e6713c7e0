package run_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"vmqbot/checks"
	"vmqbot/executor/run"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

// drops is what us-1 counts from now on.
func (r *rig) drops(bytes float64) {
	r.seen.Nodes = maps.Clone(r.seen.Nodes) // whoever looked before keeps what it saw
	factstest.Edit(&r.seen, "us-1", func(n *facts.Node) {
		v, _ := n.Vitals.Get()
		m, _ := v.Metrics.Get()
		m = maps.Clone(m)
		m["cluster_bytes_dropped"] = bytes
		v.Metrics = facts.Saw(m)
		n.Vitals = facts.Saw(v)
	})
}

// awayAndBack takes a node away and has it back.
func awayAndBack(node string) []ops.Step {
	step := func(word string) ops.Step {
		return ops.Step{Title: word + " " + node, Node: node, Do: ops.Run{Argv: secret.Words(word, node)}, Timeout: time.Minute}
	}
	stop, start, end := step("stop"), step("start"), step("watch")
	stop.Drops, end.Final = true, true
	stop.Undo = ops.Run{Argv: secret.Words("start", node)}
	return []ops.Step{stop, start, end}
}

// remarks are what a run tells of its price.
func (r *rig) remarks(p ops.Plan) (all []string, err error) {
	runner := &run.Runner{Fleet: r.fleet, Looker: r, Doer: r, Journal: r.journal, Clock: r.clock, Poll: time.Second}
	err = runner.Run(context.Background(), ops.Operation{ID: "4f2a"}, p, func(context.Context) error { return r.fence() }, func(e ops.Event) {
		if e.Kind == ops.Remark {
			all = append(all, e.Node+": "+e.Text)
		}
	})
	return all, err
}

func TestWhatPeersDropIsToldNodeByNode(t *testing.T) {
	r := newRig(t)
	r.drops(71_379) // long ago
	r.effects["$ start cn-1"] = func() (string, error) { r.drops(80_000); return "", nil }
	r.effects["$ start sg-1"] = func() (string, error) { r.drops(80_100); return "", nil }
	got, err := r.remarks(plan(slices.Concat(awayAndBack("cn-1"), awayAndBack("sg-1"), awayAndBack("eu-1"))...))
	if err != nil || len(got) != 2 ||
		!strings.HasPrefix(got[0], "cn-1: While cn-1 was away, messages for it were dropped: 8621 bytes by us-1.") ||
		!strings.HasPrefix(got[1], "sg-1: While sg-1 was away, messages for it were dropped: 100 bytes by us-1.") {
		t.Errorf("%v: %q", err, got)
	}
}

func TestNothingDroppedIsNotTold(t *testing.T) {
	r := newRig(t)
	r.drops(71_379)
	if got, err := r.remarks(plan(awayAndBack("cn-1")...)); err != nil || got != nil {
		t.Errorf("%v: %q", err, got)
	}
}

// Also of a plan that failed and was undone, and of one that leaves the node away.
func TestTheEndOfARunEndsAnAbsence(t *testing.T) {
	for name, p := range map[string]ops.Plan{"a stop": plan(awayAndBack("cn-1")[0]), "a failure": plan(awayAndBack("cn-1")...)} {
		r := newRig(t)
		r.effects["$ stop cn-1"] = func() (string, error) { r.drops(500); return "", nil }
		failed := name == "a failure"
		r.effects["$ watch cn-1"] = func() (string, error) { return "", errors.New("no") }
		got, err := r.remarks(p)
		if (err != nil) != failed || len(got) != 1 || !strings.Contains(got[0], "500 bytes by us-1") {
			t.Errorf("%s: %v: %q", name, err, got)
		}
		if failed && !strings.Contains(r.story(), "cn-1 $ start cn-1") {
			t.Errorf("it was not undone: %s", r.story())
		}
	}
}

// Only the peers are looked at, and for nothing but their counters; hosts that
// the plan does without are left alone, and a step without a price costs no look.
func TestOnlyCountersOfPeersAreRead(t *testing.T) {
	r := newRig(t)
	l := &lookLog{Looker: r}
	p := plan(append(awayAndBack("cn-1"), does("one"))...)
	p.Without = []string{"eu-1"}
	runner := &run.Runner{Fleet: r.fleet, Looker: l, Doer: r, Journal: r.journal, Clock: r.clock, Poll: time.Second}
	if err := runner.Run(t.Context(), ops.Operation{ID: "4f2a"}, p, func(context.Context) error { return nil }, func(ops.Event) {}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(l.nodes, "; "); got != "sg-1 us-1; sg-1 us-1" {
		t.Errorf("looked at %s", got)
	}
	for _, need := range l.needs {
		if need != checks.LostNeed {
			t.Errorf("%+v was asked for", need)
		}
	}
}

// lookLog remembers what was looked at.
type lookLog struct {
	ops.Looker
	nodes []string
	needs []facts.Need
}

func (l *lookLog) Look(ctx context.Context, nodes []regions.Node, need facts.Need) facts.Fleet {
	var names []string
	for _, n := range nodes {
		names = append(names, n.Name)
	}
	l.nodes, l.needs = append(l.nodes, strings.Join(names, " ")), append(l.needs, need)
	return l.Looker.Look(ctx, nodes, need)
}
