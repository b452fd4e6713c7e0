package vernemq

import (
	"regexp"
	"strings"

	"vmqbot/answer"
)

// Done says that VerneMQ said Done, which for several commands it says
// whatever happened: look at what was to change.
type Done struct {
	Done bool `json:"done"`
}

var (
	opFailed     = regexp.MustCompile(`(?s)\A[Cc]an't \w+ (?:listener|endpoint) due to '(.+)'\z`)
	pluginFailed = regexp.MustCompile(`\ACan't \w+ plugin: \S+ due to (\S.*)\z`)
)

// ParseListenerOp reads `vmq-admin listener start`, stop, delete and restart.
// Failures have exit status 0; the refusals are AddressMissing, PortInUse,
// answer.NotFound, Failed and those of every command.
func ParseListenerOp(a answer.Answer) (Done, error) {
	raw := clean(a.Stdout + a.Stderr)
	if m := rpcFailed.FindStringSubmatch(raw); m != nil && strings.Contains(m[2], "ranch_server") && wholeReason(m[2]) {
		return Done{}, answer.Refuse(answer.NotFound, raw, "there is no such listener, so it cannot be restarted: it never bound. The cluster port is bound again with `reattach`, an MQTT listener with `vmq-admin listener start`.")
	}
	return opResult(a)
}

// opResult reads Done, or the reason why not.
func opResult(a answer.Answer) (Done, error) {
	words, err := said(a)
	if err != nil {
		return Done{}, err
	}
	if words == "Done" && a.Exit == 0 {
		return Done{true}, nil
	}
	words, _, _ = strings.Cut(words, "\n=WARNING REPORT") // a log line follows in 2.x
	if m := opFailed.FindStringSubmatch(words); m != nil {
		return Done{}, opRefusal(m[1], words)
	}
	m := pluginFailed.FindStringSubmatch(words)
	if m == nil || m[1] != "plugin_not_found" && !strings.HasSuffix(a.Stdout, "\n") {
		return Done{}, garbled(a, words)
	}
	return Done{}, opRefusal(m[1], words)
}

func opRefusal(reason, raw string) *answer.Refusal {
	const exit = " (exit status 0 all the same)"
	switch reason {
	case "eaddrnotavail":
		return answer.Refuse(AddressMissing, raw, "the address is not there, so nothing can be bound to it"+exit+": attach it first (`reattach`).")
	case "eaddrinuse":
		return answer.Refuse(PortInUse, raw, "something else holds the port"+exit+": look at `vmq-admin listener show` and at what listens in the container.")
	case "not_found", "plugin_not_found", "no_such_hook":
		return answer.Refuse(answer.NotFound, raw, "there is no such thing here, so nothing was done"+exit+": look at the `show` of the same group of commands.")
	case "already_registered":
		return answer.Refuse(Registered, raw, "the webhook is registered already, so nothing was done"+exit+".")
	}
	return answer.Refuse(Failed, raw, "it was not done"+exit+": VerneMQ gives the reason %q, and more in its error.log.", reason)
}

func explainListenerOp(a answer.Answer) (any, string, error) {
	d, err := ParseListenerOp(a)
	say := "The listener was changed, until the broker restarts. See what is open now with `vmq-admin listener show`."
	if keyArg(a.Argv, "port") == "44053" {
		say = "VerneMQ said Done, but if this was `listener start` or `restart` on the cluster port it opened MQTT there, and messages between nodes are lost: require type vmq in `vmq-admin listener show`, undo with `listener stop` and `listener delete`, and repair with `reattach`."
	}
	return d, say, err
}
