package broker

import (
	"context"
	"slices"
	"strings"

	"vmqbot/lab/broker/clique"
)

func (n *Node) configCommands() []clique.Command {
	flags := []clique.Flag{{Long: "all", Short: "a"}, {Long: "node", Short: "n", Value: true}}
	return []clique.Command{
		{Path: "show", FreeKeys: true, Flags: flags, Run: n.show},
		{Path: "set", FreeKeys: true, Flags: flags, Run: n.set},
	}
}

func (n *Node) show(ctx context.Context, args clique.Args) clique.Result {
	var bad []string
	for _, k := range args.Words {
		if _, ok := n.opt.Config.Schema().Datatype(k); !ok {
			bad = append(bad, k)
		}
	}
	if len(bad) > 0 {
		return clique.Fail("Invalid config keys: " + strings.Join(bad, " ") + " ")
	}
	t := clique.Table{Header: append([]string{"node"}, args.Words...)}
	for _, node := range n.targets(args) {
		values, err := n.askShow(ctx, node, args.Words)
		if err != nil {
			continue // a node that is down is simply missing from the table
		}
		row := []any{node}
		for _, v := range values {
			row = append(row, v)
		}
		t.Rows = append(t.Rows, row)
	}
	return clique.Result{Parts: []clique.Part{t}}
}

// targets are the nodes that a command is for: --all from the last to the
// first, --node, or this one.
func (n *Node) targets(args clique.Args) []string {
	if node, ok := args.Flag("node"); ok {
		return []string{node}
	}
	if _, ok := args.Flag("all"); ok {
		all := n.running().members.names()
		slices.Reverse(all)
		return all
	}
	return []string{n.id.Node}
}

func (n *Node) askShow(ctx context.Context, node string, keys []string) ([]string, error) {
	if node == n.id.Node {
		return n.showLocal(keys), nil
	}
	var values []string
	err := n.running().view.call(ctx, node, "show", keys, &values)
	return values, err
}

func (n *Node) showLocal(keys []string) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = n.setting(k)
	}
	return out
}
