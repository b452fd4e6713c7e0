package commands

import (
	"fmt"
	"strconv"
	"strings"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/weave"
)

var _ = register(Command{
	Name:    "network status",
	Summary: "Show each router, what it dials, and its connections",
	Help: `Reads weave's report on each host. The first table has the routers: version,
whether the mesh has a password, the range that weave gives out by itself, and how
many of the other hosts the router was told to dial. The second has the connections
by state, kind (fastdp in the kernel, or the slower sleeve), largest packet and
encryption. Below stands what is wrong, and what to type. ping --sizes tries what
really passes.`,
	Target: OptionalTarget,
	Examples: []Example{
		{"network status", "every host"},
		{"network status us", "one region"},
	},
	Look: func(ops.Request) Look { return Look{Facts: checks.Need(joined...), Fleet: true} },
	View: viewNetwork,
})

// joined are the checks that network status tells.
var joined = []string{"router", "targets", "peer", "mtu"}

func viewNetwork(r ops.Request, w ops.World) (View, error) {
	routers := [][]string{{"NODE", "ROUTER", "NAME", "PASSWORD", "RANGE", "DIALS"}}
	links := [][]string{{"NODE", "PEER", "ADDRESS", "STATE", "KIND", "MTU", "ENCRYPTED"}}
	data := map[string]facts.Seen[weave.Report]{}
	for _, n := range machines(r.Nodes) {
		seen := w.Seen.Nodes[n.Name].Weave
		data[n.Name] = seen
		report, ok := seen.Get()
		if !ok {
			routers = append(routers, []string{n.Name, string(seen.Blind())})
			continue
		}
		all := len(w.Fleet.OtherHosts(n))
		dials := fmt.Sprintf("%d of %d", all-len(checks.Undialed(w.Fleet, n, report)), all)
		span := ""
		if report.IPAM != nil {
			span = report.IPAM.Range
		}
		routers = append(routers, []string{n.Name, report.Version, report.NickName, yesNo(report.Encryption), span, dials})
		for _, c := range report.Connections {
			if !strings.Contains(c.Info, "cannot connect to ourself") {
				links = append(links, linkRow(n.Name, c))
			}
		}
	}
	obs := checks.Judge(w.Fleet, w.Seen, r.Nodes, joined...)
	text := table(routers) + table(links)
	if says := troubles(obs); says != "" {
		text += "\n" + says
	}
	return View{Text: text, Data: data, Verdict: worst(obs)}, nil
}

func linkRow(node string, c weave.Connection) []string {
	mtu, peer := "", c.NickName
	if c.MTU > 0 {
		mtu = strconv.Itoa(c.MTU)
	}
	if peer == "" {
		peer = "?"
	}
	encrypted := yesNo(c.Encrypted)
	if c.State != weave.Established {
		encrypted = ""
	}
	return []string{node, peer, c.Address, string(c.State), c.Carrier, mtu, encrypted}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
