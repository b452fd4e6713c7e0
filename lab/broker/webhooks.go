package broker

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"vmqbot/lab/broker/clique"
	"vmqbot/lab/broker/conf"
)

// webhooks are what vmq_webhooks knows on this node: what vernemq.conf names,
// and what was registered since the start. While the plugin is off there are
// none, and vmq-admin knows no such command. They are listed and never called.
type webhooks struct {
	mu  sync.Mutex
	on  bool
	all []webhook
}

type webhook struct{ hook, endpoint string }

// hookNames are those that can be registered; each but the first of a session
// has a form for MQTT 5 too.
var hookNames = []string{
	"auth_on_register", "auth_on_publish", "auth_on_subscribe", "on_register", "on_publish", "on_subscribe", "on_unsubscribe",
	"on_deliver", "on_offline_message", "on_client_wakeup", "on_client_offline", "on_client_gone", "on_session_expired",
	"auth_on_register_m5", "auth_on_publish_m5", "auth_on_subscribe_m5", "on_register_m5", "on_publish_m5", "on_subscribe_m5",
	"on_unsubscribe_m5", "on_deliver_m5", "on_auth_m5",
}

// newWebhooks reads what the file names.
func newWebhooks(c *conf.Config) *webhooks {
	w := &webhooks{on: c.Get("plugins.vmq_webhooks") == "on"}
	for _, e := range c.Effective() {
		if name, is := strings.CutSuffix(e.Key, ".hook"); w.on && is && strings.HasPrefix(name, "vmq_webhooks.") {
			w.all = append(w.all, webhook{e.Value, c.Get(name + ".endpoint")})
		}
	}
	return w
}

// turn is plugin enable and disable.
func (w *webhooks) turn(on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.on, w.all = on, slices.Clone(w.all); !on {
		w.all = nil
	}
}

func (w *webhooks) known() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.on
}

func (w *webhooks) add(h webhook) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if slices.Contains(w.all, h) {
		return false
	}
	w.all = append(w.all, h)
	return true
}

func (w *webhooks) remove(h webhook) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	before := len(w.all)
	w.all = slices.DeleteFunc(w.all, func(o webhook) bool { return o == h })
	return len(w.all) < before
}

func (w *webhooks) table() clique.Table {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := clique.Table{Header: []string{"hook", "endpoint", "base64payload", "response_timeout"}}
	for _, h := range w.all {
		t.Rows = append(t.Rows, []any{h.hook, h.endpoint, true, 5000})
	}
	return t
}

// hookCommands are there while the plugin is on.
func (n *Node) hookCommands() []clique.Command {
	keys := []string{"hook", "endpoint"}
	return []clique.Command{
		{Path: "webhooks show", Run: func(context.Context, clique.Args) clique.Result {
			return clique.Result{Parts: []clique.Part{n.running().webhooks.table()}}
		}},
		{Path: "webhooks register", Keys: keys, Run: n.hooked(func(h webhook) clique.Result {
			if !n.running().webhooks.add(h) {
				return clique.Warn("can't register endpoint due to 'already_registered'")
			}
			return clique.Say("Done")
		})},
		{Path: "webhooks deregister", Keys: keys, Run: n.hooked(func(h webhook) clique.Result {
			if n.running().webhooks.remove(h) {
				return clique.Say("Done")
			}
			// The plugin logs to whoever asked.
			at := time.Now().Format("2-Jan-2006::15:04:05.000000")
			return clique.Result{Parts: []clique.Part{
				clique.Alert("can't deregister endpoint due to 'not_found'"),
				clique.Raw(fmt.Sprintf("=WARNING REPORT==== %s ===\ncan't deregister endpoint %s <<%q>> due to not_found\n", at, h.hook, h.endpoint)),
			}}
		})},
	}
}

// hooked reads which hook and where.
func (n *Node) hooked(do func(webhook) clique.Result) func(context.Context, clique.Args) clique.Result {
	return func(_ context.Context, args clique.Args) clique.Result {
		var h webhook
		h.hook, _ = args.Key("hook")
		h.endpoint, _ = args.Key("endpoint")
		if !slices.Contains(hookNames, h.hook) {
			return clique.Fail(fmt.Sprintf("Invalid value: %q", h.hook))
		}
		return do(h)
	}
}

// pluginTurn knows one plugin that can be turned at run time.
func (n *Node) pluginTurn(verb string, on bool) func(context.Context, clique.Args) clique.Result {
	return func(_ context.Context, args clique.Args) clique.Result {
		name, _ := args.Flag("name")
		if name != "vmq_webhooks" {
			return clique.Warn(fmt.Sprintf("Can't %s plugin: %s due to plugin_not_found", verb, name))
		}
		n.running().webhooks.turn(on)
		return clique.Say("Done")
	}
}
