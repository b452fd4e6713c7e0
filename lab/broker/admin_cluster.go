package broker

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"vmqbot/lab/broker/clique"
)

func (n *Node) clusterCommands() []clique.Command {
	return []clique.Command{
		{Path: "cluster show", Run: n.clusterShow},
		{Path: "cluster join", Keys: []string{"discovery-node"}, Usage: usageJoin, Run: n.clusterJoin},
		{Path: "cluster leave", Keys: []string{"node"}, Usage: usageLeave, Run: n.clusterLeave, Flags: []clique.Flag{
			{Long: "kill_sessions", Short: "k"},
			{Long: "summary-interval", Short: "i", Value: true},
			{Long: "timeout", Short: "t", Value: true}}},
	}
}

func (n *Node) clusterShow(context.Context, clique.Args) clique.Result {
	a := n.running()
	if a == nil {
		return clique.Fail("not_ready")
	}
	status := a.view.statuses()
	t := clique.Table{Header: []string{"Node", "Running"}}
	for _, name := range slices.Sorted(maps.Keys(status)) {
		t.Rows = append(t.Rows, []any{name, status[name]})
	}
	return clique.Result{Parts: []clique.Part{t}}
}

func (n *Node) clusterJoin(ctx context.Context, args clique.Args) clique.Result {
	node, ok := args.Key("discovery-node")
	if !ok {
		return clique.Warn("You have to provide a discovery node (example discovery-node=vernemq1@127.0.0.1)")
	}
	a := n.running()
	if a == nil {
		return clique.Fail("not_ready")
	}
	err := a.join(ctx, node)
	switch {
	case err == nil:
		return clique.Say("Done")
	case n.dialect.Legacy:
		return clique.Warn(fmt.Sprintf("Couldn't join cluster due to %s\n", err))
	}
	return clique.Fail(fmt.Sprintf("RPC to node '%s' failed for reason: %s\n", node, err))
}
