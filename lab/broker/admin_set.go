package broker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"vmqbot/lab/broker/clique"
	"vmqbot/lab/broker/conf"
)

// settable are the settings that may change while the broker runs; the others
// are "unknown variables" to `set` (vmq_config_cli.erl).
var settable = strings.Fields(`allow_anonymous allow_register_during_netsplit allow_publish_during_netsplit
allow_subscribe_during_netsplit allow_unsubscribe_during_netsplit queue_deliver_mode queue_type retry_interval
max_client_id_size persistent_client_expiration max_inflight_messages max_online_messages max_offline_messages
max_message_rate max_message_size upgrade_outgoing_qos systree_enabled systree_interval graphite_enabled
graphite_host graphite_port graphite_interval`)

// set changes settings until the process ends.
func (n *Node) set(ctx context.Context, args clique.Args) clique.Result {
	if len(args.Keys) == 0 {
		return clique.Warn("Usage: vmq-admin set <key>=<value>")
	}
	for _, kv := range args.Keys {
		if r, ok := n.checkSetting(kv); !ok {
			return r
		}
	}
	_, all := args.Flag("all")
	if all {
		return n.setAll(ctx, args)
	}
	node := n.targets(args)[0]
	var parts []clique.Part
	for _, kv := range args.Keys {
		said, err := n.askSet(ctx, node, kv)
		if err != nil {
			return clique.Fail(fmt.Sprintf("Node %s is unreachable", node))
		}
		parts = append(parts, clique.Text(said))
	}
	return clique.Result{Parts: parts}
}

// checkSetting answers for a key that does not exist, cannot be set, or gets a
// value of the wrong kind.
func (n *Node) checkSetting(kv clique.Pair) (clique.Result, bool) {
	kind, known := n.opt.Config.Schema().Datatype(kv.Key)
	if !known {
		stamp := func() string { return time.Now().UTC().Format("02-Jan-2006::15:04:05.000000") }
		return clique.Fail("=ERROR REPORT==== " + stamp() + " ===\nYou've tried to set " + kv.Key +
			", but there is no setting with that name.\n=ERROR REPORT==== " + stamp() + " ===\n  Did you mean one of these?\nUnknown variable: " + kv.Key), false
	}
	if !slices.Contains(settable, kv.Key) {
		return clique.Fail("Unknown variable: " + kv.Key), false
	}
	if why := conf.Mismatch(kind, kv.Value); why != "" {
		return clique.Fail("Error transforming datatype for: " + kv.Key + "\n" + why), false
	}
	return clique.Result{}, true
}

// setAll sets on every reachable member. The table's last column glues the
// texts of the handlers behind a setting together, as the real one does; as
// CSV it sets everything and then crashes writing.
func (n *Node) setAll(ctx context.Context, args clique.Args) clique.Result {
	t := clique.Table{Header: []string{"Node", "Node Down/Unreachable", "Result"}}
	for _, node := range n.running().members.names() {
		result := ""
		failed := false
		for _, kv := range args.Keys {
			said, err := n.askSet(ctx, node, kv)
			failed = failed || err != nil
			result += said + "10okokok"
		}
		if !failed {
			t.Rows = append(t.Rows, []any{node, false, result})
		}
	}
	if args.Format == "csv" {
		return crash(n.badRPC("{badarg,\n                                  [{erlang,iolist_to_binary,[[\"Setting config across the cluster\"]],[]}]}"))
	}
	return clique.Result{Parts: []clique.Part{clique.Text("Setting config across the cluster"), t}}
}

func (n *Node) askSet(ctx context.Context, node string, kv clique.Pair) (string, error) {
	if node == n.id.Node {
		return n.setLocal(kv.Key, kv.Value)
	}
	var said string
	err := n.running().view.call(ctx, node, "set", [2]string{kv.Key, kv.Value}, &said)
	return said, err
}

func (n *Node) setLocal(key, value string) (string, error) {
	if !slices.Contains(settable, key) {
		return "", errors.New("Unknown variable: " + key)
	}
	n.mu.Lock()
	n.settings[key] = value
	n.mu.Unlock()
	return fmt.Sprintf("%s set to %q", key, value), nil
}
