package commands

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
)

var _ = register(Command{
	Name:    "ps",
	Summary: "List the containers on each host",
	Help: `Lists every container of the hosts, running or not, as the Docker engine
describes them: name, image, state, published ports. The broker's container of
each node is marked with a star.`,
	Target: OptionalTarget,
	Examples: []Example{
		{"ps", "every host"},
		{"ps sg", "the hosts of one region"},
	},
	Look: func(ops.Request) Look { return Look{} },
	View: viewPS,
})

func viewPS(r ops.Request, w ops.World) (View, error) {
	rows := [][]string{{"NODE", "CONTAINER", "IMAGE", "STATUS", "PORTS"}}
	verdict := checks.OK
	data := map[string]facts.Seen[facts.Docker]{}
	for _, n := range r.Nodes {
		seen := w.Seen.Nodes[n.Name].Docker
		data[n.Name] = seen
		d, ok := seen.Get()
		if !ok {
			verdict = checks.Unknown
			rows = append(rows, []string{n.Name, "?", "", seen.Why(), ""})
			continue
		}
		for _, c := range d.Containers {
			rows = append(rows, psRow(n, c))
		}
		if len(d.Containers) == 0 {
			rows = append(rows, []string{n.Name, "no containers", "", "", ""})
		}
	}
	return View{Text: table(rows), Data: data, Verdict: verdict}, nil
}

func psRow(n regions.Node, c facts.Container) []string {
	name := c.Name
	if name == n.Container {
		name += " *"
	}
	var ports []string
	for _, inside := range slices.Sorted(maps.Keys(c.Published)) {
		ports = append(ports, fmt.Sprintf("%d->%d", c.Published[inside], inside))
	}
	return []string{n.Name, name, c.Image, c.Status, strings.Join(ports, " ")}
}
