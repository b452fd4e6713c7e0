package commands

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/shape"
)

var _ = register(Command{
	Name:    "restart",
	Summary: "Stop and start containers, one node after the other",
	Help: `Restart stops a node's broker cleanly, starts its container again, gives it its
address back, and waits until messages have crossed both ways before the next
node. It refuses while a member that would be left to serve is not healthy.
The other nodes serve clients meanwhile: where VerneMQ's netsplit switches are
off, the plan turns them on and back.`,
	Target: NeedsTarget,
	Flags: []Flag{
		{Name: "soak", Number: true, Default: 0, Min: 0, Max: 3600, Help: "seconds that each node must stay well before the next one"},
	},
	Examples: []Example{
		{"restart eu", "restart every node of eu"},
		{"restart all --soak 30", "a rolling restart of the whole fleet"},
	},
	Role: ops.Operator,
	Look: func(ops.Request) Look { return Look{Facts: workNeed, Fleet: true} },
	Plan: planRestart,
})

// workNeed is what a verb that starts or stops nodes looks at: also what the
// other nodes would buffer.
var workNeed = func() (need facts.Need) {
	need = checks.Need(repairs...)
	need.Broker, need.Ground = facts.AskAll, true
	return need
}()

func planRestart(r ops.Request, w ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Restart " + r.Target}
	d, sites, err := atWork(r, w, &p)
	if err != nil {
		return p, err
	}
	for _, s := range sites {
		if !s.exists {
			return p, ops.Errorf(ops.Failed, "deploy "+s.node.Name, "%s has no container to restart.", s.node.Name)
		}
	}
	for _, s := range sites {
		d.shield(s)
		d.add(d.halt(s)...)
		d.add(startContainer(s.node))
		d.add(d.revive(s)...)
		d.prove(s)
		p.Locks = with(p.Locks, s.node.Region)
	}
	d.close()
	return p, nil
}

// atWork surveys the target of a verb that takes nodes away for a while, and
// refuses when something of it, or a member that is to serve meanwhile, cannot
// be seen or is not healthy.
func atWork(r ops.Request, w ops.World, p *ops.Plan) (*deployment, []site, error) {
	var sites []site
	var unseen, wrong []string
	var fix string
	for _, n := range r.Nodes {
		s := survey(r, w, n)
		if s.blind != "" {
			unseen = append(unseen, n.Name+": "+trim(s.blind))
		}
		sites = append(sites, s)
	}
	unseen = append(unseen, othersReady(r, w, func(name, how, format string, args ...any) {
		wrong, fix = append(wrong, name+": "+fmt.Sprintf(format, args...)), cmp.Or(fix, how)
	})...)
	d := &deployment{r: r, w: w, plan: p, members: members(w), soaked: true}
	p.Without = strangers(r, w)
	slices.SortStableFunc(sites, func(a, b site) int { return cmp.Compare(d.urgency(a), d.urgency(b)) })
	return d, sites, notReady(r, unseen, wrong, fix)
}

// halt stops a running container without losing what its broker holds. Its
// undo starts it again, and is over when it serves.
func (d *deployment) halt(s site) []ops.Step {
	n := s.node
	if !s.old.Running {
		return nil
	}
	var steps []ops.Step
	if loose(s) {
		steps = append(steps, stopLoose(n))
	}
	return append(steps, ops.Step{
		Title: "Stop the container of " + n.Name, Node: n.Name, Drops: true,
		Do: ops.StopContainer{Container: n.Container, Grace: grace(s)}, Timeout: shape.StopGrace + dockerTime,
		Undo: ops.StartContainer{Container: n.Container}, Restore: d.serveAgain(s),
	})
}

// shellGrace is enough for a shell without a broker: it does not hear TERM, so
// Docker kills it after this time, and the node is away for as long.
const shellGrace = time.Second

// grace is how long Docker waits before it kills what is to stop.
func grace(s site) time.Duration {
	b, seen := s.seen.Broker.Get()
	if beside(s) && seen && (b.Process.OK() || noProcess(b.Process)) {
		return shellGrace // its broker has been stopped by the step before, or there is none
	}
	return shape.StopGrace
}
