package vernemq

import (
	"fmt"
	"regexp"
	"strings"

	"vmqbot/answer"
)

// Member is one node of a cluster as one node sees it.
type Member struct {
	Node    string `json:"node"`
	Running bool   `json:"running"` // no proof that messages cross: see ParseClusterShow
}

// memberName is an Erlang node's name: an atom, and a host name or address.
var memberName = regexp.MustCompile(`\A[\pL\pN_.-]+@[\pL\pN_.:-]+\z`)

// ParseClusterShow reads `vmq-admin cluster show`: the asked node's view, in
// the order of the answer. Running is true for a node whose cluster port is
// not bound (facts: F2), and for up to 75 s after a link was cut. A node that
// is there twice is refused.
func ParseClusterShow(a answer.Answer) ([]Member, error) {
	t, err := readTable(a, false, "Node", "Running")
	if err != nil {
		return nil, err
	}
	if name, twice := t.twice("Node"); twice { // one of the two is wrong, and nobody knows which
		return nil, garbled(a, name)
	}
	var members []Member
	for _, row := range t.rows {
		m := Member{Node: t.cell(row, "Node")}
		running := t.cell(row, "Running")
		if m.Running = running == "true"; !memberName.MatchString(m.Node) || !m.Running && running != "false" {
			return nil, garbled(a, strings.Join(row, " "))
		}
		members = append(members, m)
	}
	if members == nil { // a node always sees itself
		return nil, garbled(a, a.Stdout)
	}
	return members, nil
}

type clusterFacts struct {
	Nodes []Member `json:"nodes"`
}

func explainClusterShow(a answer.Answer) (any, string, error) {
	members, err := ParseClusterShow(a)
	if err != nil {
		return nil, "", err
	}
	var down []string
	for _, m := range members {
		if !m.Running {
			down = append(down, m.Node)
		}
	}
	say := fmt.Sprintf("All %d members are running in this node's view. This is not proof that messages cross (44053 may be unbound, and a cut link shows only after about 75 s): look with `diagnose`.", len(members))
	switch {
	case len(members) == 1 && down == nil:
		say = "This node sees only itself: it never joined, or it has left, or it joined in the last 20 seconds. Ask the other nodes too before you join it: `vmq-admin cluster show --format=json`."
	case down != nil:
		say = fmt.Sprintf("%s not running in this node's view (%d of %s run). With the allow_*_during_netsplit switches off every node refuses clients now: bring the node back first, and do not make it leave because it cannot be reached. Look with `diagnose`.",
			isAre(down), len(members)-len(down), counted(len(members), "member", "members"))
	}
	return clusterFacts{members}, say, nil
}

func isAre(names []string) string {
	if len(names) == 1 {
		return names[0] + " is"
	}
	return strings.Join(names, ", ") + " are"
}
