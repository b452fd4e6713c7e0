package commands

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/network"
	"vmqbot/ops"
)

var _ = register(Command{
	Name:    "network forget",
	Summary: "Have one host's router not dial a peer any more",
	Help: `Takes a peer from those that the router on the host of NODE dials by itself: a node of
the fleet file, or an address as network status or the check targets show it, which
is how a host that is gone for good is forgotten. A connection that is up stays up,
and other hosts may still dial. For a node that stays in the fleet file this is for
a while only: the check targets finds it, and network up dials again.`,
	Target: NeedsTarget,
	Words:  []Word{{Name: "PEER", Help: "another node, or an address that the router dials"}},
	Examples: []Example{
		{"network forget eu-1 us-1", "eu does not dial us any more"},
	},
	Role:   ops.Operator,
	Look:   func(ops.Request) Look { return Look{Facts: facts.Need{}} },
	Plan:   planForget,
	Refuse: oneNode,
	Undo:   func(r ops.Request) string { return "network connect " + r.Target + " " + r.Args["PEER"] },
})

func planForget(r ops.Request, w ops.World) (ops.Plan, error) {
	n, peer := r.Nodes[0], r.Args["PEER"]
	p := ops.Plan{Title: "Have " + n.Name + " forget " + peer}
	if err := routerAnswers(r, w); err != nil {
		return p, err
	}
	report, _ := w.Seen.Nodes[n.Name].Weave.Get()
	word := peer
	if node, known := w.Fleet.Node(peer); known {
		if _, err := peersOf(r, w.Fleet); err != nil {
			return p, err
		}
		if word = checks.Dials(report, node); word == "" {
			p.Notes = append(p.Notes, n.Name+" does not dial "+peer)
			return p, nil
		}
		p.Notes = append(p.Notes, fmt.Sprintf("price: when %s restarts while no other host tells it of %s, they are apart; network up %[1]s dials again", n.Name, peer))
	} else if !slices.Contains(report.Targets, word) {
		return p, ops.Errorf(ops.Invalid, "network status "+n.Name, "%q is neither a node nor what %s dials. It dials %s.", word, n.Name, strings.Join(report.Targets, ", "))
	}
	driver, err := network.Of(w.Fleet)
	if err != nil {
		return p, err
	}
	take, err := driver.Forget(word)
	if err != nil {
		return p, about(n, err)
	}
	back, err := driver.Connect(word)
	if err != nil {
		return p, about(n, err)
	}
	p.Locks = with(p.Locks, n.Region)
	p.Steps = []ops.Step{{Title: "Forget " + word, Node: n.Name, Do: take, Undo: back, Timeout: 30 * time.Second}}
	return p, nil
}
