package commands

import (
	"fmt"
	"slices"
	"strings"

	"vmqbot/ops"
	"vmqbot/regions"
)

// standing is what the cluster and a node say of each other. Views differ
// while a node joins or leaves, and for ever when one that was removed is
// started again (vernemq-real.md, Leave).
type standing struct {
	namedBy  []string // other nodes whose view names it
	runsFor  []string // those of them that see it running
	alive    bool     // its broker's process was seen
	answers  bool     // its own view was read
	believes bool     // its own view names others
}

func standingOf(w ops.World, n regions.Node) standing {
	var st standing
	for _, p := range w.Fleet.Peers(n) {
		view, _ := viewOf(w.Seen.Nodes[p.Name]).Get()
		for _, m := range view {
			if m.Node != n.ErlangName() {
				continue
			}
			st.namedBy = append(st.namedBy, p.Name)
			if m.Running {
				st.runsFor = append(st.runsFor, p.Name)
			}
		}
	}
	seen := w.Seen.Nodes[n.Name]
	b, _ := seen.Broker.Get()
	st.alive = b.Process.OK()
	own, answers := viewOf(seen).Get()
	st.answers, st.believes = answers && len(own) > 0, len(own) > 1
	return st
}

// unsettled refuses a change of the membership while the members that stay do
// not all see each other running: a leave then hangs and has removed the node
// by half (domain.md 2.5), and nothing can be proven. What n is for them does
// not matter here.
func unsettled(w ops.World, members []string, n regions.Node) error {
	if err := downToo(w, members, n); err != nil {
		return err
	}
	for _, p := range members {
		seen := viewOf(w.Seen.Nodes[p])
		view, ok := seen.Get()
		if !ok || len(view) == 0 {
			return ops.Errorf(ops.Unseen, "diagnose "+p, "Nothing was done, because whom %s counts as a member cannot be seen: %s.", p, trim(seen.Why()))
		}
		var known []string
		for _, m := range view {
			known = append(known, m.Node)
		}
		for _, q := range members {
			if other, _ := w.Fleet.Node(q); !slices.Contains(known, other.ErlangName()) {
				return ops.Errorf(ops.Failed, "cluster", "Nothing was done, because %s does not know %s, and the members must agree on who they are: wait 20 s when somebody has just joined; one that was removed and started again is brought back by replace %[2]s --dead.", p, q)
			}
		}
	}
	return nil
}

// downToo refuses while a member sees another one than n not running.
func downToo(w ops.World, members []string, n regions.Node) error {
	for _, p := range members {
		view, _ := viewOf(w.Seen.Nodes[p]).Get()
		for _, m := range view {
			if m.Node != n.ErlangName() && !m.Running {
				return ops.Errorf(ops.Failed, "cluster", "Nothing was done, because %s sees %s not running. While a member is down, a leave hangs and is done by half: bring it back, or make it leave first; where several are lost for good, take all of them out of the fleet file and type evict.", p, nodeOf(w, m.Node))
			}
		}
	}
	return nil
}

// parting looks at the one node that is to go out of the cluster, and at those
// that stay.
func parting(r ops.Request, w ops.World, p *ops.Plan) (*deployment, site, error) {
	n := r.Nodes[0]
	s := survey(r, w, n)
	d := &deployment{r: r, w: w, plan: p, members: members(w), soaked: true}
	var wrong []string
	var fix string
	unseen := othersReady(r, w, func(name, how, format string, args ...any) {
		wrong, fix = append(wrong, name+": "+fmt.Sprintf(format, args...)), how
	})
	if s.blind != "" && !r.Flag("dead") {
		return d, s, ops.Errorf(ops.Unseen, "diagnose "+n.Name,
			"Nothing was done: %s cannot be seen: %s. It may be alive. If its host is lost for good, leave %[1]s --dead gives it up, with the offline messages that are stored there.", n.Name, trim(s.blind))
	}
	if r.Flag("dead") { // whoever gives one up and has lost another one too must hear of evict
		if err := downToo(w, d.peers(n), n); err != nil {
			return d, s, err
		}
	}
	if err := notReady(r, unseen, wrong, fix); err != nil {
		return d, s, err
	}
	p.Without = strangers(r, w)
	if s.blind != "" {
		p.Without = with(p.Without, n.Name)
	}
	return d, s, unsettled(w, d.peers(n), n)
}

// strangers are the nodes that cannot be seen and that no member counts in, as
// a host that was given up: a plan for others does without them.
func strangers(r ops.Request, w ops.World) (names []string) {
	known := members(w)
	for _, n := range w.Fleet.Nodes() {
		asked := slices.ContainsFunc(r.Nodes, func(t regions.Node) bool { return t.Name == n.Name })
		if !asked && !slices.Contains(known, n.Name) && blind(w.Seen.Nodes[n.Name]) != "" {
			names = append(names, n.Name)
		}
	}
	return names
}

// way is how a node can go out of the cluster.
type way int

const (
	isOut   way = iota // no other node counts it in
	drained            // alive: its sessions and queues move to the others
	givenUp            // not alive, or not whole: what is stored on it is lost
)

// wayOut decides how, and refuses what would lose messages without consent or
// could only be done by half.
func (d *deployment) wayOut(s site) (way, error) {
	n, dead := s.node, d.r.Flag("dead")
	st := standingOf(d.w, n)
	fail := func(fix, format string, args ...any) (way, error) {
		return isOut, ops.Errorf(ops.Failed, fix, "Nothing was done: "+format, args...)
	}
	switch {
	case len(st.namedBy) == 0 && !st.believes:
		return isOut, d.nobodyHidden(n)
	case len(st.namedBy) == 0 && !dead:
		return fail("cluster", "%s counts itself a member, and no other node does. If it joined a moment ago wait 20 s. If it was removed and started again, replace %[1]s --dead brings it back empty.", n.Name)
	case s.blind != "" && len(st.runsFor) > 0:
		return fail("diagnose "+n.Name, "%s cannot be seen from here, but it is not dead: %s it running.", n.Name, see(st.runsFor))
	case s.blind != "", len(st.namedBy) == 0:
		return givenUp, nil
	}
	why, fix := unwell(d.w, n, st)
	switch {
	case why == "":
		return drained, nil
	case dead:
		return givenUp, nil
	case !st.alive:
		return fail("start "+n.Name, "the broker of %s does not answer (%s), so the messages stored on it cannot move. Start it first; --dead gives them up.", n.Name, why)
	}
	return fail(fix, "%s is not well: %s. --dead gives up what is stored on it.", n.Name, why)
}

// unwell says what keeps a member from moving its queues, and what to type, or
// "".
func unwell(w ops.World, n regions.Node, st standing) (why, fix string) {
	why = notHealthy(w, n)
	switch {
	case why != "":
		return why, "reattach " + n.Name
	case !st.answers:
		return "its own view of the cluster cannot be read", "diagnose " + n.Name
	case !st.believes:
		return "the others count it in, and it knows none of them: it has lost its data; such a node finds back by itself in half a minute", "cluster"
	case len(st.runsFor) < len(st.namedBy):
		return "not every other node sees it running; wait 20 s", "cluster"
	}
	return "", ""
}

// nobodyHidden refuses to call a node no member while the only ones who could
// tell are not seen.
func (d *deployment) nobodyHidden(n regions.Node) error {
	if len(d.peers(n)) > 0 {
		return nil
	}
	for _, p := range d.w.Fleet.Peers(n) {
		seen := d.w.Seen.Nodes[p.Name]
		why := blind(seen)
		if b, _ := seen.Broker.Get(); why == "" && b.Process.OK() && !b.View.OK() {
			why = b.View.Why()
		}
		if why != "" {
			return ops.Errorf(ops.Unseen, "diagnose "+p.Name, "Nothing was done, because whether %s counts %s as a member cannot be seen: %s.", p.Name, n.Name, trim(why))
		}
	}
	return nil
}

// see is "sg-1 sees" or "sg-1, us-1 see".
func see(names []string) string {
	if len(names) == 1 {
		return names[0] + " sees"
	}
	return strings.Join(names, ", ") + " see"
}

// forget takes a node out of the members of a plan in the making.
func (d *deployment) forget(n regions.Node) {
	d.members = slices.DeleteFunc(slices.Clone(d.members), func(name string) bool { return name == n.Name })
}

// running reports a container that runs, as far as it was seen.
func running(s site) bool { return s.exists && s.old.Running }
