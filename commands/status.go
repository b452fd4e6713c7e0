package commands

import (
	"fmt"
	"strings"

	"vmqbot/checks"
	"vmqbot/ops"
	"vmqbot/regions"
)

var _ = register(Command{
	Name:    "status",
	Summary: "Show every node at a glance",
	Help: `One look at each host, one line for each node: does the host answer, does the
container run, does it hold its weave address, does 44053 listen on it, are the
data channels to every other node up, does weave see its peers. It asks VerneMQ
nothing and sends no message, so it is fast; diagnose does both.`,
	Target: OptionalTarget,
	Examples: []Example{
		{"status", "every node of the cluster"},
		{"status cn", "one region"},
		{"status cn-1", "one node"},
	},
	Look: func(ops.Request) Look { return Look{Fleet: true} }, // nothing beyond what every look brings
	View: viewStatus,
})

// glance are the checks that one round trip to each host can answer.
var glance = []string{"host", "docker", "container", "ip", "port", "channel", "router", "peer", "clash", "veth", "image"}

func viewStatus(r ops.Request, w ops.World) (View, error) {
	obs := checks.Judge(w.Fleet, w.Seen, r.Nodes, glance...)
	rows := [][]string{append([]string{"NODE", "HOST", "ADDRESS"}, upper(glance)...)}
	all := tallies(obs)
	for _, n := range r.Nodes {
		rows = append(rows, append([]string{n.Name, n.Host, n.Address.Addr().String()}, marks(all, n)...))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", w.Fleet.Cluster, headline(obs))
	b.WriteString(table(rows))
	b.WriteString(troubles(obs))
	return View{Text: b.String(), Data: judged(r, w, obs), Verdict: worst(obs)}, nil
}

// marks is the row of one node: one word for each check at a glance.
func marks(all map[[2]string]tally, n regions.Node) []string {
	cells := make([]string, len(glance))
	for i, name := range glance {
		t, found := all[[2]string{n.Name, name}]
		if !found {
			t.verdict = checks.OK
		}
		cells[i] = mark(t.verdict, t.good, t.all)
	}
	return cells
}

// tally is what one check came to at one node, over all its links.
type tally struct {
	good, all int
	verdict   checks.Verdict
}

// tallies counts by node and check, in one walk: 200 nodes have 80 000
// observations.
func tallies(obs []checks.Observation) map[[2]string]tally {
	all := map[[2]string]tally{}
	for i := range obs {
		key := [2]string{obs[i].Node, obs[i].Check}
		t, found := all[key]
		if !found {
			t.verdict = checks.OK
		}
		t.all++
		if obs[i].Verdict == checks.OK {
			t.good++
		}
		t.verdict = graver(t.verdict, told(obs[i]))
		all[key] = t
	}
	return all
}

func mark(v checks.Verdict, good, all int) string {
	switch {
	case all == 0:
		return "-"
	case v == checks.Unknown:
		return "?"
	case all > 1:
		return fmt.Sprintf("%s %d/%d", v, good, all)
	default:
		return v.String()
	}
}

// judgedData is the --json form of everything that checks found.
type judgedData struct {
	Cluster      string               `json:"cluster"`
	Target       string               `json:"target"`
	Verdict      checks.Verdict       `json:"verdict"`
	TookMS       int64                `json:"took_ms"`
	Observations []checks.Observation `json:"observations"`
}

func judged(r ops.Request, w ops.World, obs []checks.Observation) judgedData {
	return judgedData{Cluster: w.Fleet.Cluster, Target: r.Target, Verdict: worst(obs), TookMS: w.Seen.Took.Milliseconds(), Observations: obs}
}
