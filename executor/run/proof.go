package run

import (
	"context"
	"slices"
	"strings"
	"time"

	"vmqbot/checks"
	"vmqbot/ops"
	"vmqbot/regions"
)

// proven looks and returns "" when every check of the step's proof is OK, or
// else one sentence on what is not.
func (x *execution) proven(ctx context.Context, s ops.Step) string {
	_, wrong := x.look(ctx, s)
	return wrong
}

// look is the gravest verdict of the step's proof, Bad before Unknown, and
// what is wrong.
func (x *execution) look(ctx context.Context, s ops.Step) (checks.Verdict, string) {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	n, ok := x.Fleet.Node(s.Node)
	if !ok {
		return checks.Unknown, "the fleet file does not name " + s.Node
	}
	nodes := []regions.Node{n}
	for _, p := range x.Fleet.Peers(n) {
		if checks.Linked(s.Verify...) && (len(s.Among) == 0 || slices.Contains(s.Among, p.Name)) {
			nodes = append(nodes, p)
		}
	}
	seen := x.Looker.Look(ctx, nodes, checks.Need(s.Verify...))
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
	var since time.Time // when it became OK
	for {
		began := x.Clock.Now()
		wrong := x.proven(ctx, s)
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
