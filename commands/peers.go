package commands

import (
	"fmt"
	"strings"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/weave"
)

var _ = register(Command{
	Name:    "peers",
	Summary: "Show weave's connections from each host",
	Help: `Reads weave's report on each host and lists its connections: to whom, which way
they were dialed, their state, and whether packets go through the kernel
(fastdp) or through the slower sleeve. A lost container address does not show
here: weave's own view stays healthy; status and diagnose look at the container.`,
	Target: OptionalTarget,
	Examples: []Example{
		{"peers", "every host"},
		{"peers us", "one region"},
	},
	Look: func(ops.Request) Look { return Look{} },
	View: viewPeers,
})

func viewPeers(r ops.Request, w ops.World) (View, error) {
	rows := [][]string{{"NODE", "PEER", "ADDRESS", "DIALED", "STATE", "CARRIER"}}
	var notes strings.Builder
	verdict := checks.OK
	data := map[string]facts.Seen[weave.Report]{}
	for _, n := range r.Nodes {
		seen := w.Seen.Nodes[n.Name].Weave
		data[n.Name] = seen
		report, ok := seen.Get()
		if !ok {
			verdict = graver(verdict, checks.Unknown)
			fmt.Fprintf(&notes, "%s: weave gave no report: %s. Type: diagnose %s\n", n.Name, trim(seen.Why()), n.Name)
			continue
		}
		others := 0
		for _, c := range report.Connections {
			if strings.Contains(c.Info, "cannot connect to ourself") {
				continue // every host stands in its own launch line; weave says so and stops trying
			}
			others++
			rows = append(rows, peerRow(n.Name, c))
			if c.State != weave.Established {
				verdict = checks.Bad
				fmt.Fprintf(&notes, "%s -> %s is %s: %s. Type: diagnose %s\n", n.Name, c.Address, c.State, trim(c.Info), n.Name)
			}
		}
		if others == 0 && len(w.Fleet.Nodes()) > 1 {
			verdict = checks.Bad
			fmt.Fprintf(&notes, "%s has no connection at all. Type: diagnose %s\n", n.Name, n.Name)
		}
	}
	return View{Text: table(rows) + notes.String(), Data: data, Verdict: verdict}, nil
}

func peerRow(node string, c weave.Connection) []string {
	way := "by the peer"
	if c.Outbound {
		way = "from here"
	}
	carrier := c.Carrier
	if c.MTU > 0 {
		carrier += fmt.Sprintf(" mtu %d", c.MTU)
	}
	if c.Encrypted {
		carrier += " encrypted"
	}
	return []string{node, c.NickName, c.Address, way, string(c.State), carrier}
}
