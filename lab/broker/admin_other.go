package broker

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"vmqbot/lab/broker/clique"
)

func (n *Node) otherCommands() []clique.Command {
	return []clique.Command{
		{Path: "metrics show", Flags: []clique.Flag{{Long: "with-descriptions", Short: "d"}}, Run: n.metricsShow},
		{Path: "plugin show", AnyFlag: true, Run: n.pluginShow},
		{Path: "plugin enable", Flags: []clique.Flag{{Long: "name", Short: "n", Value: true}}, Run: n.pluginTurn("enable", true)},
		{Path: "plugin disable", Flags: []clique.Flag{{Long: "name", Short: "n", Value: true}}, Run: n.pluginTurn("disable", false)},
		{Path: "retain show", AnyFlag: true, Run: n.retainShow},
	}
}

func (n *Node) metricsShow(context.Context, clique.Args) clique.Result {
	var b strings.Builder
	for _, s := range n.samples() {
		b.WriteString(s.human())
	}
	return clique.Say(b.String())
}

// plugin is one plugin that is on.
type plugin struct {
	name  string
	hooks []string // NAME/ARITY
}

var plugins = []plugin{
	{"vmq_acl", []string{"auth_on_publish/6", "auth_on_subscribe/3", "auth_on_publish_m5/7", "auth_on_subscribe_m5/4"}},
	{"vmq_passwd", []string{"auth_on_register/5", "auth_on_register_m5/6"}},
}

func (n *Node) pluginShow(context.Context, clique.Args) clique.Result {
	t := clique.Table{Header: []string{"Plugin", "Type", "Hook(s)", "M:F/A"}}
	for _, p := range plugins {
		if n.opt.Config.Get("plugins."+p.name) != "on" {
			continue
		}
		var names, full strings.Builder
		for _, h := range p.hooks {
			name, _, _ := strings.Cut(h, "/")
			names.WriteString(name + "\n")
			full.WriteString(p.name + ":" + h + "\n")
		}
		t.Rows = append(t.Rows, []any{p.name, "application", names.String(), full.String()})
	}
	return clique.Result{Parts: []clique.Part{t}}
}

func (n *Node) retainShow(_ context.Context, args clique.Args) clique.Result {
	var show []string
	for _, f := range args.Flags {
		if f.Key != "payload" && f.Key != "topic" && f.Key != "mountpoint" && f.Key != "limit" {
			return clique.Fail(fmt.Sprintf("Invalid key: %q", f.Key))
		}
		if f.Key != "limit" && f.Value == "" {
			show = append(show, f.Key)
		}
	}
	if len(show) == 0 {
		show = []string{"payload", "topic"}
	}
	sort.Strings(show)
	t := clique.Table{Header: show}
	want, filtered := args.Flag("topic")
	for _, e := range n.running().meta.living(retPrefix) {
		var r retained
		topic := strings.TrimPrefix(e.Key, retPrefix)
		if json.Unmarshal(e.Val, &r) != nil || filtered && want != "" && want != topic {
			continue
		}
		cell := map[string]any{"payload": string(r.Payload), "topic": topic, "mountpoint": ""}
		row := make([]any, len(show))
		for i, f := range show {
			row[i] = cell[f]
		}
		t.Rows = append(t.Rows, row)
	}
	return clique.Result{Parts: []clique.Part{t}}
}
