package commands

import (
	"slices"
	"strings"
	"time"

	"vmqbot/checks"
	"vmqbot/network"
	"vmqbot/ops"
	"vmqbot/regions"
)

var _ = register(Command{
	Name:    "network connect",
	Summary: "Have one host's router dial others of the fleet",
	Help: `Tells the router on the host of NODE to dial the hosts of other nodes. It needs to be
told once: the router remembers over restarts, and network up gives every router all
of them. A peer is a node of the fleet file; where its host is reached, that file
says (peer, or host). Done when the connection is up, both ways.`,
	Target: NeedsTarget,
	Words:  []Word{{Name: "PEER", Help: "the other nodes, one or more", Rest: true}},
	Examples: []Example{
		{"network connect eu-1 cn-1", "eu dials cn"},
		{"network connect eu-1 cn-1 sg-1", "and sg"},
	},
	Role:   ops.Operator,
	Look:   func(ops.Request) Look { return Look{Facts: checks.Need(fabric...), Fleet: true} },
	Plan:   planConnect,
	Refuse: oneNode,
	Undo:   func(r ops.Request) string { return "network forget " + r.Target + " " + r.Args["PEER"] },
})

// oneNode refuses a target of several nodes.
func oneNode(r ops.Request) error {
	if len(r.Nodes) > 1 {
		return ops.Errorf(ops.Invalid, r.Verb+" "+r.Nodes[0].Name, "%s is several nodes, and %s acts on the router of one.", r.Target, r.Verb)
	}
	return nil
}

func planConnect(r ops.Request, w ops.World) (ops.Plan, error) {
	n := r.Nodes[0]
	p := ops.Plan{Title: "Have " + n.Name + " dial " + r.Args["PEER"]}
	peers, err := peersOf(r, w.Fleet)
	if err != nil {
		return p, err
	}
	if err := routerAnswers(r, w); err != nil {
		return p, err
	}
	driver, err := network.Of(w.Fleet)
	if err != nil {
		return p, err
	}
	f := &fabricator{w: w, d: driver, p: &p, fleet: w.Fleet}
	report, _ := w.Seen.Nodes[n.Name].Weave.Get()
	var lacks []regions.Node
	for _, peer := range peers {
		if word := checks.Dials(report, peer); word != "" {
			p.Notes = append(p.Notes, n.Name+" was told to dial "+word+f.apart(n))
		} else {
			lacks = append(lacks, peer)
		}
	}
	if len(lacks) == 0 {
		return p, nil
	}
	if err := f.connect(n, lacks); err != nil {
		return p, err
	}
	if len(lacks) < len(checks.Undialed(w.Fleet, n, report)) {
		p.Steps[0].Verify = nil // targets stays bad for the others
	}
	f.add(n, ops.Step{
		Title: "Prove the connection", Node: n.Name, Among: nodeNames(lacks),
		Do: ops.Wait{For: "weave's connection, both ways"}, Verify: []string{"peer"}, Timeout: 90 * time.Second,
	})
	return p, nil
}

// peersOf are the nodes that a line names as peers.
func peersOf(r ops.Request, f *regions.Fleet) ([]regions.Node, error) {
	var peers []regions.Node
	for _, name := range strings.Fields(r.Args["PEER"]) {
		p, known := f.Node(name)
		switch {
		case !known:
			return nil, ops.Errorf(ops.Invalid, r.Verb+" "+r.Target+" NODE", "There is no node %q.%s There is %s.", name, maybe(name, nodeNames(f.Nodes())), strings.Join(nodeNames(f.Nodes()), ", "))
		case p.Beside(r.Nodes[0]):
			return nil, ops.Errorf(ops.Invalid, r.Verb+" "+r.Target+" NODE", "%s is on the host of %s itself, and a router does not dial itself.", name, r.Nodes[0].Name)
		}
		if !slices.ContainsFunc(peers, p.Beside) {
			peers = append(peers, p)
		}
	}
	return peers, nil
}

// routerAnswers refuses to speak to a router that does not answer.
func routerAnswers(r ops.Request, w ops.World) error {
	n := r.Nodes[0]
	switch o := judge(w, n)("router"); o.Verdict {
	case checks.OK:
		return nil
	case checks.Unknown:
		return ops.Errorf(ops.Unseen, "diagnose "+n.Name, "Nothing was done, because the router of %s cannot be seen: %s.", n.Name, trim(o.Evidence))
	default:
		return ops.Errorf(ops.Failed, "network up "+n.Name, "Nothing was done, because %s.", trim(o.Evidence))
	}
}
