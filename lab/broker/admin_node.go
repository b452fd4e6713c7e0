package broker

import (
	"context"

	"vmqbot/lab/broker/clique"
)

func (n *Node) nodeCommands() []clique.Command {
	return []clique.Command{
		{Path: "node start", Run: n.nodeStart},
		{Path: "node stop", Run: n.nodeStop},
		{Path: "node status", Run: n.nodeStatus},
		{Path: "node history", Run: n.nodeHistory},
	}
}

// nodeStart prints Done whatever happens, as the real one does.
func (n *Node) nodeStart(ctx context.Context, _ clique.Args) clique.Result {
	if err := n.startApp(ctx); err != nil {
		n.log.error("vmq_server_app:start", "%v", err)
	}
	return clique.Say("Done")
}

func (n *Node) nodeStop(context.Context, clique.Args) clique.Result {
	n.stopApp()
	return clique.Say("Done")
}

func (n *Node) nodeStatus(context.Context, clique.Args) clique.Result {
	t := clique.Table{Header: []string{"Status", "Value"}}
	for _, s := range n.statusFacts() {
		t.Rows = append(t.Rows, []any{s.name, s.value})
	}
	return clique.Result{Parts: []clique.Part{t}}
}

func (n *Node) nodeHistory(context.Context, clique.Args) clique.Result {
	if a := n.running(); a != nil && a.meta.empty() {
		return clique.Say("no_state")
	}
	return clique.Say("existing_state")
}

// fact is one line of `node status` and of status.json.
type fact struct {
	name  string
	value any
}

// statusFacts are the numbers that `node status` and status.json share.
func (n *Node) statusFacts() []fact {
	a := n.running()
	if a == nil {
		return nil
	}
	online := a.connections()
	on, off, _ := a.queues.totals()
	c := func(name string) int { return int(n.met.get(name)) }
	return []fact{
		{"num_online", online}, {"num_offline", on + off - online},
		{"msg_in", c("mqtt_publish_received")}, {"msg_out", c("mqtt_publish_sent")},
		{"queue_in", c("queue_message_in")}, {"queue_out", c("queue_message_out")},
		{"queue_drop", c("queue_message_drop")}, {"queue_unhandled", c("queue_message_unhandled")},
		{"num_subscriptions", a.routes.count()}, {"num_retained", len(a.meta.living(retPrefix))},
		{"matches_local", c("router_matches_local")}, {"matches_remote", c("router_matches_remote")},
		{"version", n.dialect.Version},
	}
}
