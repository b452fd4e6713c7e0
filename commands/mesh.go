package commands

import (
	"fmt"
	"strings"
	"time"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
)

var _ = register(Command{
	Name:    "mesh",
	Summary: "Show round trips, weave's connections and VerneMQ's channels from every node to every other",
	Help: `One cell for each ordered pair of nodes: rows send, columns answer. It holds the
mean round-trip time of three echo requests between the containers over weave,
and the word CHANNEL or WEAVE where VerneMQ's data channel or weave's connection
between the hosts is not up ("?" where it cannot be known). In Slack it is a
picture as well. That a channel is up is no proof that messages cross; diagnose
sends some.`,
	Examples: []Example{
		{"mesh", "every node to every other"},
	},
	Look: func(ops.Request) Look {
		return Look{Facts: checks.Need(meshChecks...).And(facts.Need{Pings: true}), Fleet: true}
	},
	View: viewMesh,
})

// nodeChecks decide whether a node stands, and the others whether a link does.
var (
	nodeChecks = []string{"host", "docker", "container", "ip", "port"}
	meshChecks = append([]string{"channel", "peer"}, nodeChecks...)
)

// Mesh is every node and every link between two, as one look saw them.
type Mesh struct {
	Cluster string     `json:"cluster"`
	At      time.Time  `json:"at"`
	Nodes   []MeshNode `json:"nodes"` // in the order of the fleet file
	Links   []MeshLink `json:"links"` // every ordered pair, row by row
}

// MeshNode is one node and whether it stands.
type MeshNode struct {
	Name    string         `json:"name"`
	Title   string         `json:"title"` // of its region
	Verdict checks.Verdict `json:"verdict"`
}

// MeshLink is the way from one node to another.
type MeshLink struct {
	From    string         `json:"from"`
	To      string         `json:"to"`
	RTT     time.Duration  `json:"rtt_ns"`  // mean, over weave; only where Echo is OK
	Echo    checks.Verdict `json:"echo"`    // Bad: nothing came back
	Channel checks.Verdict `json:"channel"` // VerneMQ's data channel, seen from both ends
	Weave   checks.Verdict `json:"weave"`   // the connection between the hosts
}

func viewMesh(_ ops.Request, w ops.World) (View, error) {
	nodes := w.Fleet.Nodes()
	obs := checks.Judge(w.Fleet, w.Seen, nodes, meshChecks...)
	m := Mesh{Cluster: w.Fleet.Cluster, At: w.Seen.At}
	heading := []string{"FROM \\ TO"}
	for _, n := range nodes {
		heading = append(heading, n.Name)
		m.Nodes = append(m.Nodes, MeshNode{Name: n.Name, Title: titleOf(w.Fleet, n), Verdict: worst(only(obs, n.Name, "", nodeChecks))})
	}
	rows := [][]string{heading}
	verdict := worst(obs)
	for _, from := range nodes {
		row := []string{from.Name}
		for _, to := range nodes {
			if from.Name == to.Name {
				row = append(row, "-")
				continue
			}
			cell, echo, _ := pingCell(w.Seen.Pings, from.Name, to.Name)
			l := MeshLink{From: from.Name, To: to.Name, Echo: echo, RTT: meanOf(w.Seen.Pings, from.Name, to.Name),
				Channel: worst(only(obs, from.Name, to.Name, []string{"channel"})), Weave: worst(only(obs, from.Name, to.Name, []string{"peer"}))}
			m.Links = append(m.Links, l)
			verdict = graver(verdict, echo)
			row = append(row, cell+down("CHANNEL", l.Channel)+down("WEAVE", l.Weave))
		}
		rows = append(rows, row)
	}
	head := "every link is up"
	if verdict != checks.OK {
		head = "not every link is up, or can be seen"
	}
	return View{Text: fmt.Sprintf("%s: %s\n", w.Fleet.Cluster, head) + table(rows) + troubles(obs), Data: m, Verdict: verdict}, nil
}

// only are the observations of some checks about a node, or about its link to
// a peer.
func only(obs []checks.Observation, node, peer string, names []string) (found []checks.Observation) {
	for _, o := range obs {
		if o.Node == node && o.Peer == peer && strings.Contains(" "+strings.Join(names, " ")+" ", " "+o.Check+" ") {
			found = append(found, o)
		}
	}
	return found
}

func down(what string, v checks.Verdict) string {
	switch v {
	case checks.OK:
		return ""
	case checks.Bad:
		return " " + what
	default:
		return " " + what + "?"
	}
}

func meanOf(pings []facts.Ping, from, to string) time.Duration {
	for _, p := range pings {
		if e, ok := p.Echo.Get(); ok && p.From == from && p.To == to && e.Received > 0 {
			return e.Avg
		}
	}
	return 0
}

func titleOf(f *regions.Fleet, n regions.Node) string {
	for _, r := range f.Regions {
		if r.Name == n.Region {
			return r.Title
		}
	}
	return n.Region
}
