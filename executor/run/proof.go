package run

import (
	"context"
	"slices"
	"strings"
	"time"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
)

// proven looks and returns "" when every check of the step's proof is OK, or
// else one sentence on what is not.
func (x *execution) proven(ctx context.Context, s ops.Step) string {
	_, wrong := x.look(ctx, s, nil)
	return wrong
}

// look is the gravest verdict of the step's proof, Bad before Unknown, and
// what is wrong. What the host alone tells comes first: where that is Bad
// already, as a port is that nobody listens on, no broker is asked, each of whose
// answers boots an Erlang machine. The same look asks what the waits behind the
// step want, and notes how many of them it has proven as well.
func (x *execution) look(ctx context.Context, s ops.Step, behind []ops.Step) (checks.Verdict, string) {
	x.foreseen = 0
	n, ok := x.Fleet.Node(s.Node)
	if !ok {
		return checks.Unknown, "the fleet file does not name " + s.Node
	}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	need := checks.Need(s.Verify...)
	if base := (facts.Need{}); need != base && !checks.Linked(s.Verify...) {
		if v, wrong := x.judge(x.Looker.Look(ctx, []regions.Node{n}, base), n, s); v == checks.Bad {
			return v, wrong
		}
	}
	for _, w := range behind {
		need = need.And(checks.Need(w.Verify...))
	}
	seen := x.Looker.Look(ctx, x.between(n, append([]ops.Step{s}, behind...)), need)
	verdict, wrong := x.judge(seen, n, s)
	if verdict != checks.OK {
		return verdict, wrong
	}
	for _, w := range behind {
		if v, _ := x.judge(seen, n, w); v != checks.OK {
			break
		}
		x.foreseen++
	}
	return verdict, wrong
}

// behind are the waits that follow a step at once, whose proof may stand in the
// look that proves the step. A wait that must hold for a while is not among them.
func (x *execution) behind(s ops.Step) (waits []ops.Step) {
	for _, next := range x.rest {
		w, only := next.Do.(ops.Wait)
		if !only || w.Hold > 0 || next.Node != s.Node {
			break
		}
		waits = append(waits, next)
	}
	return waits
}

// between are the node and those of its peers with which one of the steps is
// proven.
func (x *execution) between(n regions.Node, steps []ops.Step) []regions.Node {
	nodes := []regions.Node{n}
	for _, p := range x.Fleet.Peers(n) {
		if slices.ContainsFunc(steps, func(s ops.Step) bool {
			return checks.Linked(s.Verify...) && (len(s.Among) == 0 || slices.Contains(s.Among, p.Name))
		}) {
			nodes = append(nodes, p)
		}
	}
	return nodes
}

// judge judges a step's proof in a look.
func (x *execution) judge(seen facts.Fleet, n regions.Node, s ops.Step) (checks.Verdict, string) {
	verdict := checks.OK
	var wrong []string
	for _, name := range s.Verify {
		o := checks.Between(x.Fleet, seen, n, s.Among, name)
		if o.Verdict == checks.OK {
			continue
		}
		if verdict != checks.Bad {
			verdict = o.Verdict
		}
		wrong = append(wrong, o.Check+" "+where(o)+"is "+o.Verdict.String()+": "+o.Evidence)
	}
	return verdict, strings.Join(wrong, "; ")
}

func where(o checks.Observation) string {
	if o.Peer == "" {
		return ""
	}
	return o.Node + " -> " + o.Peer + " "
}

// await looks until the step is proven or its time is over. What is still
// missing is told once for each change, not once for each look.
func (x *execution) await(ctx context.Context, seq int, s ops.Step) error {
	told, deadline := "", x.Clock.Now().Add(s.Timeout)
	wait, _ := s.Do.(ops.Wait)
	behind := x.behind(s)
	var since time.Time // when it became OK
	for {
		began := x.Clock.Now()
		_, wrong := x.look(ctx, s, behind)
		behind = nil // what is not there at once takes its time: it is asked for alone
		// Looking takes no more than half of the time: what is asked of a host
		// that is busy starting its broker keeps it from that.
		pause := max(x.Poll, x.Clock.Now().Sub(began))
		if wrong != "" {
			since = time.Time{}
		} else if since.IsZero() {
			since = x.Clock.Now()
		}
		switch {
		case wrong == "" && x.Clock.Now().Sub(since) >= wait.Hold:
			return nil
		case ctx.Err() != nil:
			return ops.Errorf(ops.Refused, "diagnose "+s.Node, "Interrupted in step %d, before it was proven.", seq)
		case wrong != "" && wrong != told:
			told = wrong
			x.say(ops.Event{Kind: ops.Proof, Step: seq, Node: s.Node, Text: wrong})
		}
		if wrong != "" && !x.Clock.Now().Before(deadline) {
			return ops.Errorf(ops.Failed, "diagnose "+s.Node, "%s: not proven within %s: %s.", s.Title, s.Timeout, strings.TrimSuffix(told, "."))
		}
		if hopeless := x.hopeless(ctx, s); wrong != "" && hopeless != "" {
			return ops.Errorf(ops.Failed, "logs "+s.Node, "%s: waiting longer is no use: %s.", s.Title, strings.TrimSuffix(hopeless, "."))
		}
		select {
		case <-ctx.Done():
		case <-x.Clock.After(pause):
		}
	}
}

// hopeless says why the proof of a step will not come, or "".
func (x *execution) hopeless(ctx context.Context, s ops.Step) string {
	n, ok := x.Fleet.Node(s.Node)
	if !ok || len(s.GiveUp) == 0 {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	seen := x.Looker.Look(ctx, []regions.Node{n}, checks.Need(s.GiveUp...))
	for _, name := range s.GiveUp {
		if o := checks.One(x.Fleet, seen, n, name); o.Verdict == checks.Bad {
			return o.Evidence
		}
	}
	return ""
}
