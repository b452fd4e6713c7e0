package vernemq

import "vmqbot/answer"

// A verb is one command that this package can read the answers of.
type verb struct {
	tool, name string
	read       func(answer.Answer) (facts any, say string, err error)
}

// verbs are all commands by their words; the longest that fits counts.
func verbs() []verb { return append(scriptVerbs(), adminVerbs()...) }

func scriptVerbs() []verb {
	return []verb{
		{"vernemq", "ping", explainPing},
		{"vernemq", "start", explainStart},
		{"vernemq", "stop", explainStop},
		{"vernemq", "restart", explainRestart},
		{"vernemq", "getpid", explainPID},
		{"vernemq", "version", explainVersion},
		{"vernemq", "chkconfig", explainCheckConfig},
		{"vernemq", "config generate", explainGenerate},
		{"vernemq", "config effective", explainEffective},
		{"vernemq", "config describe", explainDescribe},
		{"vernemq", "attach", explainUsage},
		{"vernemq", "", explainUsage},
		{"nodetool", "ping", explainPing},
		{"nodetool", "rpcterms vmq_ranch_config start_listener", explainRebind},
		{"nodetool", "rpcterms vmq_config get_env", explainConfigured},
		{"curl", "/health", explainHealth},
		{"curl", "/status.json", explainStatus},
		{"curl", "/metrics", explainHTTPMetrics},
		{"curl", "/api/v1", explainAPI},
		{"curl", "/", explainPath},
	}
}

func adminVerbs() []verb {
	return []verb{
		{"vmq-admin", "cluster show", explainClusterShow},
		{"vmq-admin", "cluster join", explainJoin},
		{"vmq-admin", "cluster leave", explainLeave},
		{"vmq-admin", "listener show", explainListeners},
		{"vmq-admin", "listener start", explainListenerOp},
		{"vmq-admin", "listener stop", explainListenerOp},
		{"vmq-admin", "listener delete", explainListenerOp},
		{"vmq-admin", "listener restart", explainListenerOp},
		{"vmq-admin", "session show", explainSessions},
		{"vmq-admin", "session disconnect", explainDone("Done, also for a client that does not exist. A client that reconnects by itself is back at once.")},
		{"vmq-admin", "retain show", explainRetained},
		{"vmq-admin", "metrics show", explainMetrics},
		{"vmq-admin", "metrics reset", explainDone("The counters of this node start again at zero; rates over this moment are wrong.")},
		{"vmq-admin", "show", explainShow},
		{"vmq-admin", "set", explainSet},
		{"vmq-admin", "node start", explainDone("VerneMQ says Done whatever happens: see that the listeners are back, the cluster port with type vmq, in `vmq-admin listener show`.")},
		{"vmq-admin", "node stop", explainDone("The broker inside the process was told to stop (VerneMQ says Done whatever happens): clients are gone, the process, the container and its address stay. Other nodes refuse new clients until `vmq-admin node start`.")},
		{"vmq-admin", "node status", explainNodeStatus},
		{"vmq-admin", "node history", explainHistory},
		{"vmq-admin", "node swc_sync_status", explainSync},
		{"vmq-admin", "plugin show", explainPlugins},
		{"vmq-admin", "plugin enable", explainPluginOp},
		{"vmq-admin", "plugin disable", explainPluginOp},
		{"vmq-admin", "webhooks show", explainWebhooks},
		{"vmq-admin", "webhooks register", explainWebhookOp},
		{"vmq-admin", "webhooks deregister", explainWebhookOp},
		{"vmq-admin", "api-key show", explainAPIKeys},
		{"vmq-admin", "api-key create", explainAPIKeyCreated},
		{"vmq-admin", "api-key add", explainDone("The key opens the web port's administration from now on.")},
		{"vmq-admin", "api-key delete", explainDone("The key opens nothing any more.")},
		{"vmq-admin", "", explainOther},
	}
}
