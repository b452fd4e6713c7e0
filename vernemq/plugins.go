package vernemq

import (
	"fmt"
	"strconv"
	"strings"

	"vmqbot/answer"
)

// Plugin is one enabled plugin.
type Plugin struct {
	Name      string   `json:"name"`
	Type      string   `json:"type"` // application or module
	Hooks     []string `json:"hooks"`
	Functions []string `json:"functions"` // MODULE:FUNCTION/ARITY, hook by hook
}

// ParsePlugins reads `vmq-admin plugin show`.
func ParsePlugins(a answer.Answer) ([]Plugin, error) {
	t, err := readTable(a, true, "Plugin", "Type", "Hook(s)", "M:F/A")
	if err != nil {
		return nil, err
	}
	plugins := []Plugin{}
	for _, row := range t.rows {
		p := Plugin{t.cell(row, "Plugin"), t.cell(row, "Type"), strings.Fields(t.cell(row, "Hook(s)")), strings.Fields(t.cell(row, "M:F/A"))}
		last := len(plugins) - 1
		switch {
		case len(p.Hooks) != len(p.Functions):
			return nil, garbled(a, fmt.Sprint(row))
		case p.Name != "":
			plugins = append(plugins, p)
		case last < 0:
			return nil, garbled(a, fmt.Sprint(row))
		default: // 1.x: the row goes on in the next line
			plugins[last].Hooks = append(plugins[last].Hooks, p.Hooks...)
			plugins[last].Functions = append(plugins[last].Functions, p.Functions...)
		}
	}
	return plugins, nil
}

type pluginFacts struct {
	Plugins []Plugin `json:"plugins"`
}

func explainPlugins(a answer.Answer) (any, string, error) {
	ps, err := ParsePlugins(a)
	return pluginFacts{ps}, counted(len(ps), "plugin is", "plugins are") + " on, on this node only. One that was enabled by hand is off again after the next restart unless vernemq.conf has it.", err
}

func explainPluginOp(a answer.Answer) (any, string, error) {
	d, err := ParsePluginOp(a)
	return d, "Done, on this node only and until its next restart: write `plugins.NAME = on` or `off` into vernemq.conf of every node to keep it.", err
}

// ParsePluginOp reads `vmq-admin plugin enable` and disable, whose failures
// have exit status 0. An unknown plugin is answer.NotFound.
func ParsePluginOp(a answer.Answer) (Done, error) { return opResult(a) }

// Webhook is one registered webhook.
type Webhook struct {
	Hook            string `json:"hook"`
	Endpoint        string `json:"endpoint"`
	Base64Payload   bool   `json:"base64payload"`
	ResponseTimeout int    `json:"response_timeout_ms,omitempty"` // 0 where the version does not tell
}

// ParseWebhooks reads `vmq-admin webhooks show`. Where the plugin is off the
// command does not exist: the refusal is then answer.Usage.
func ParseWebhooks(a answer.Answer) ([]Webhook, error) {
	t, err := readTable(a, true, "hook", "endpoint")
	if err != nil {
		return nil, err
	}
	hooks := []Webhook{}
	for _, row := range t.rows {
		payload, timeout := t.cell(row, "base64payload"), t.cell(row, "response_timeout")
		h := Webhook{Hook: t.cell(row, "hook"), Endpoint: t.cell(row, "endpoint"), Base64Payload: payload == "true"}
		if timeout != "" {
			h.ResponseTimeout, err = strconv.Atoi(timeout)
		}
		if err != nil || h.Hook == "" || h.Endpoint == "" || !h.Base64Payload && payload != "false" && payload != "" {
			return nil, garbled(a, fmt.Sprint(row))
		}
		hooks = append(hooks, h)
	}
	return hooks, nil
}

type webhookFacts struct {
	Webhooks []Webhook `json:"webhooks"`
}

func explainWebhooks(a answer.Answer) (any, string, error) {
	hs, err := ParseWebhooks(a)
	say := counted(len(hs), "webhook is", "webhooks are") + " registered on this node. Other nodes have their own."
	if len(hs) == 0 {
		say = "No webhook is registered on this node: unless another plugin authenticates, clients are judged by allow_anonymous alone."
	}
	return webhookFacts{hs}, say, err
}

// ParseWebhookOp reads `vmq-admin webhooks register` and deregister, whose
// failures have exit status 0: Registered, answer.NotFound, Failed.
func ParseWebhookOp(a answer.Answer) (Done, error) { return opResult(a) }

func explainWebhookOp(a answer.Answer) (any, string, error) {
	d, err := ParseWebhookOp(a)
	return d, "Done, on this node only and until its next restart: write vmq_webhooks.NAME.hook and .endpoint into vernemq.conf of every node to keep it.", err
}
