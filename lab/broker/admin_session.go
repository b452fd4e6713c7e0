package broker

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vmqbot/lab/broker/clique"
)

func (n *Node) sessionCommands() []clique.Command {
	usage := `session show

  Show and filter information about MQTT sessions

Default options:
  --client_id --is_online --mountpoint --peer_host --peer_port --user

Filter:
  You can filter for any option like --client_id=test, you can also do a regex search 
  as in --client_id=~test.*3

Options

  --limit=<NumberOfResults>
      Limit the number of results returned from each node in the cluster.
      Defaults is 100.

  --rowtimeout=<NumberOfMilliseconds>
      Limits the time spent when fetching a single row.
      Default is 100 milliseconds.
` + "  --" + strings.Join(fields, "\n  --") + "\n"
	return []clique.Command{
		{Path: "session show", AnyFlag: true, FreeKeys: true, Usage: usage, Tight: true, Run: n.sessionShow},
		{Path: "session disconnect", Keys: []string{"client-id", "mountpoint"}, Flags: []clique.Flag{{Long: "cleanup", Short: "c"}}, Run: n.sessionDisconnect},
	}
}

func (n *Node) sessionShow(ctx context.Context, args clique.Args) clique.Result {
	limit := 100
	var show, filters = []string{}, []clique.Pair{}
	for _, f := range args.Flags {
		switch {
		case f.Key == "limit" || f.Key == "rowtimeout":
			if i, err := strconv.Atoi(f.Value); err == nil && f.Key == "limit" {
				limit = i
			}
		case !slices.Contains(fields, f.Key):
			return clique.Fail(fmt.Sprintf("Invalid key: %q", f.Key))
		case f.Value != "":
			filters = append(filters, f)
		default:
			show = append(show, f.Key)
		}
	}
	if len(show) == 0 {
		show = usual
	}
	slices.Sort(show)
	rows, err := n.running().sessions(ctx, limit)
	if err != nil {
		return crash(n.badRPC("{{badmatch,\n                                   {error,{{nodedown," + err.Error() + "},\n" +
			"                                     {gen_server,call,[vmq_ql_query_sup,get_queries]}}}},\n                                  []}"))
	}
	t := clique.Table{Header: show}
	for _, r := range rows {
		if !fits(r, filters) {
			continue
		}
		cells := make([]any, len(show))
		for i, f := range show {
			cells[i] = r.field(f)
		}
		t.Rows = append(t.Rows, cells)
	}
	return clique.Result{Parts: []clique.Part{t}}
}

// sessions asks every running node. One that is cut off but not known to be
// down makes this wait until it is, and then fail, naming the node.
func (a *app) sessions(ctx context.Context, limit int) ([]sessionRow, error) {
	rows := a.queues.describe()
	rows = rows[:min(limit, len(rows))]
	for _, p := range a.view.each() {
		if p.linked() == nil {
			continue
		}
		var more []sessionRow
		if err := a.view.call(ctx, p.name, "sessions", nil, &more); err != nil {
			return nil, fmt.Errorf("'%s'", p.name)
		}
		rows = append(rows, more[:min(limit, len(more))]...)
	}
	return rows, nil
}

func (n *Node) sessionDisconnect(ctx context.Context, args clique.Args) clique.Result {
	id, ok := args.Key("client-id")
	if !ok {
		return clique.Warn("vmq-admin session disconnect client-id=<ClientId>\n")
	}
	a := n.running()
	rec, known := a.routes.get(id)
	if known && rec.Node != n.id.Node {
		_ = a.view.call(ctx, rec.Node, "kick", id, nil) // Done in any case, as the real one
	}
	a.queues.kick(id)
	if _, all := args.Flag("cleanup"); all && known {
		_ = a.view.call(ctx, rec.Node, "take", takeRequest{Client: id, Discard: true}, nil) // likewise
		a.queues.drop(id)
		a.forgetSession(id)
		a.set(subPrefix+id, nil)
	}
	return clique.Say("Done")
}

// crash is the answer of a command that ended in an Erlang error.
func crash(o clique.Output) clique.Result { return clique.Result{Crash: &o, Exit: 1} }
