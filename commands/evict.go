package commands

import (
	"slices"
	"strings"
	"time"

	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/vernemq"
)

var _ = register(Command{
	Name:    "evict",
	Summary: "Take members that the fleet file does not name out of the cluster",
	Help: `A ghost is a member that nobody planned: the old name of a node that was renamed,
or of one that is gone. While one does not run, VerneMQ takes it for a netsplit
for ever. evict takes out the ghosts that no member sees running, or the one
that is named, by the word of a member, and is done when no view names them.
What was stored on them is lost.

With two of them out of the way VerneMQ answers the first leave with a timeout
after a minute, and has then taken the node out without handing on its queues;
so all are told to leave, and then told again.

A ghost that some member sees running is a node that the fleet file forgot, or
one that was not stopped: it is not touched. A node of the fleet file leaves
with leave.`,
	Words: []Word{{Name: "NAME", Help: "the member as cluster shows it, as VerneMQ@10.0.0.9", Optional: true, Form: memberForm}},
	Examples: []Example{
		{"evict", "every member that is not in the fleet file and does not run"},
		{"evict VerneMQ@10.0.0.9", "this one"},
	},
	Role: ops.Operator,
	Look: func(ops.Request) Look { return Look{Facts: workNeed, Fleet: true} },
	Plan: planEvict,
})

func memberForm(s string) string {
	if _, err := vernemq.ParseNodeName(s); err != nil {
		return "is no name of a member; they look like VerneMQ@10.0.0.9"
	}
	return ""
}

// evictTime is what a leave of a dead node may take, with VerneMQ's own minute.
const evictTime = 90 * time.Second

// ghost is a member that the fleet file does not name.
type ghost struct {
	name    string
	namedBy []string
	runsFor []string
}

func planEvict(r ops.Request, w ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Evict " + firstOf(r.Args["NAME"], "every ghost")}
	want := r.Args["NAME"]
	if i := slices.IndexFunc(w.Fleet.Nodes(), func(n regions.Node) bool { return n.ErlangName() == want }); i >= 0 {
		n := w.Fleet.Nodes()[i]
		return p, ops.Errorf(ops.Refused, "leave "+n.Name, "%s is %s of the fleet file.", want, n.Name)
	}
	ghosts := slices.DeleteFunc(ghostsOf(w), func(g ghost) bool { return want != "" && g.name != want })
	for _, g := range ghosts {
		if _, err := leaveOf(g); err != nil {
			return p, ops.Errorf(ops.Failed, "cluster", "Nothing was done: %v.", err)
		}
	}
	if err := evictable(w, ghosts); err != nil {
		return p, err
	}
	if len(ghosts) == 0 {
		p.Notes = []string{"no member of the cluster is missing in the fleet file"}
		if want != "" {
			p.Notes = []string{want + " is no member of the cluster"}
		}
		return p, nil
	}
	via, _ := w.Fleet.Node(ghosts[0].namedBy[0])
	p.Locks = []string{via.Region}
	p.Notes = []string{"price: what is stored on " + ghostNames(ghosts) + " for clients that are away is lost"}
	p.Steps = evictSteps(via, ghosts)
	for _, name := range members(w) {
		n, _ := w.Fleet.Node(name)
		p.Steps = append(p.Steps, ops.Step{
			Title: "Wait until " + name + " knows no ghost", Node: name,
			Do: ops.Wait{For: "its view of the cluster"}, Verify: []string{"ghost"}, Timeout: dockerTime,
		})
		p.Locks = with(p.Locks, n.Region)
	}
	return p, nil
}

// evictSteps tell every ghost to leave, and where there are several, once more:
// only the leave during which no other one is down hands on the queues.
func evictSteps(via regions.Node, ghosts []ghost) []ops.Step {
	var first, again []ops.Step
	for _, g := range ghosts {
		step := ops.Step{
			Title: "Take " + g.name + " out of the cluster", Node: via.Name, Timeout: evictTime, NoUndo: "it is no node of this fleet",
			Do: ops.Exec{Container: via.Container, Argv: mustWords(leaveOf(g)), Judge: ops.Left},
		}
		if len(ghosts) > 1 {
			once := step
			once.Title = "Tell " + g.name + " once more, so that its queues are handed on"
			step.MayFail, step.Do = true, ops.Exec{Container: via.Container, Argv: mustWords(leaveOf(g)), Judge: ops.Leaving}
			again = append(again, once)
		}
		first = append(first, step)
	}
	return append(first, again...)
}

func leaveOf(g ghost) ([]string, error) {
	name, err := vernemq.ParseNodeName(g.name)
	if err != nil {
		return nil, err
	}
	return vernemq.Leave(name, vernemq.LeaveOptions{})
}

// ghostsOf are the members that no node of the file is, in the order of who
// names them.
func ghostsOf(w ops.World) (all []ghost) {
	nodes := w.Fleet.Nodes()
	for _, p := range nodes {
		view, _ := viewOf(w.Seen.Nodes[p.Name]).Get()
		for _, m := range view {
			if slices.ContainsFunc(nodes, func(n regions.Node) bool { return n.ErlangName() == m.Node }) {
				continue
			}
			i := slices.IndexFunc(all, func(g ghost) bool { return g.name == m.Node })
			if i < 0 {
				i, all = len(all), append(all, ghost{name: m.Node})
			}
			all[i].namedBy = append(all[i].namedBy, p.Name)
			if m.Running {
				all[i].runsFor = append(all[i].runsFor, p.Name)
			}
		}
	}
	return all
}

// evictable refuses a ghost that runs, and any while a member that stays is not
// seen or down: the leave would then hang and be done by half.
func evictable(w ops.World, ghosts []ghost) error {
	for _, g := range ghosts {
		if len(g.runsFor) > 0 {
			return ops.Errorf(ops.Failed, "cluster", "Nothing was done: %s it running, so %s is a node that the fleet file forgot, or one that must be stopped first.", see(g.runsFor), g.name)
		}
	}
	for _, p := range members(w) {
		view, ok := viewOf(w.Seen.Nodes[p]).Get()
		if !ok {
			return ops.Errorf(ops.Unseen, "diagnose "+p, "Nothing was done, because whom %s counts as a member cannot be seen: %s.", p, trim(viewOf(w.Seen.Nodes[p]).Why()))
		}
		for _, m := range view {
			named := slices.ContainsFunc(w.Fleet.Nodes(), func(n regions.Node) bool { return n.ErlangName() == m.Node })
			if named && !m.Running {
				return ops.Errorf(ops.Failed, "cluster", "Nothing was done, because %s sees %s not running: a leave now would hang for a minute and be done by half. Bring it back, or make it leave first: leave %[2]s --dead.", p, nodeOf(w, m.Node))
			}
		}
	}
	return nil
}

func ghostNames(ghosts []ghost) string {
	var names []string
	for _, g := range ghosts {
		names = append(names, g.name)
	}
	return strings.Join(names, ", ")
}
