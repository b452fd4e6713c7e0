package broker

import (
	"context"
	"strings"

	"vmqbot/lab/broker/clique"
	"vmqbot/lab/broker/erldist"
)

// Admin runs one vmq-admin command on this node: argv without the program.
// In the seconds before the server has registered its commands it knows none,
// and while the server is stopped most fail with Erlang's badarg.
func (n *Node) Admin(ctx context.Context, argv []string) clique.Output {
	if !n.reached(serving) {
		return clique.Output{Stdout: "Error: Usage information not found for the given command\n\n", Exit: 1}
	}
	if a := n.running(); a != nil && a.webhooks.known() && len(argv) > 1 && argv[0] == "webhooks" {
		return n.hooks.Run(ctx, argv)
	}
	cmd, _, ok := n.tree.Find(argv)
	if ok && n.running() == nil && !strings.HasPrefix(cmd.Path, "node st") && !strings.HasPrefix(cmd.Path, "metrics") {
		return n.badRPC("{badarg,\n                                  [{ets,lookup,\n                                    [vmq_status,ready],\n" +
			"                                    [{error_info,#{cause => id,module => erl_stdlib_errors}}]},\n" +
			"                                   {vmq_cluster,is_ready,0,[]}]}")
	}
	return n.tree.Run(ctx, argv)
}

// badRPC is what nodetool prints when a command crashes.
func (n *Node) badRPC(term string) clique.Output {
	return clique.Output{Stderr: "RPC to " + erldist.Atom(n.id.Node) + " failed: {'EXIT',\n                                 " + term + "}\n", Exit: 1}
}

// commands is the command tree of this node's version.
func (n *Node) commands() *clique.Tree {
	t := &clique.Tree{Program: "vmq-admin", Style: n.dialect.Style, Usages: n.usages()}
	t.Commands = append(t.Commands, n.clusterCommands()...)
	t.Commands = append(t.Commands, n.nodeCommands()...)
	t.Commands = append(t.Commands, n.listenerCommands()...)
	t.Commands = append(t.Commands, n.sessionCommands()...)
	t.Commands = append(t.Commands, n.configCommands()...)
	t.Commands = append(t.Commands, n.otherCommands()...)
	t.Commands = append(t.Commands, n.keyCommands()...)
	return t
}

// usages are the texts of the branches.
func (n *Node) usages() map[string]string {
	u := map[string]string{
		"":         usageRoot,
		"cluster":  usageCluster,
		"node":     usageNode,
		"listener": usageListener,
		"session":  usageSession,
		"metrics":  usageMetrics,
		"plugin":   usagePlugin,
		"retain":   usageRetain,
		"api-key":  usageAPIKey,
	}
	if n.dialect.Legacy {
		u[""] = usageRootLegacy
	}
	return u
}
