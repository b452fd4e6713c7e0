package vernemq

import (
	"regexp"
	"strings"

	"vmqbot/answer"
)

// Joined says that a join was accepted. The views of the members converge
// later, up to 20 s: poll every node's ParseClusterShow.
type Joined struct {
	Discovery string `json:"discovery_node,omitempty"` // as it was asked for
}

// joinFailed covers 2.x (exit status 1) and 1.x (exit status 0).
var joinFailed = regexp.MustCompile(`\A(?:RPC to node '?([^'\s]+)'? failed for reason: |Couldn't join cluster due to )([a-z]\w*|[{\[].*)\z`)

// ParseJoin reads `vmq-admin cluster join`. The refusals are NotReachable,
// SelfJoin, NonEmpty, JoinFailed and those of every command.
func ParseJoin(a answer.Answer) (Joined, error) {
	words, err := said(a)
	if err != nil {
		return Joined{}, err
	}
	to := keyArg(a.Argv, "discovery-node")
	m := joinFailed.FindStringSubmatch(words)
	switch {
	case words == "Done" && a.Exit == 0:
		return Joined{to}, nil
	case m == nil:
		return Joined{}, garbled(a, a.Stdout)
	case m[1] != "":
		to = m[1]
	}
	if r := joinRefusal(m[2], to, words); r != nil {
		return Joined{}, r
	}
	if !balanced(m[2]) || !strings.HasSuffix(a.Stdout, "\n") && !strings.HasSuffix(a.Stdout, "}") {
		return Joined{}, garbled(a, a.Stdout)
	}
	return Joined{}, answer.Refuse(JoinFailed, words, "the join was refused with the reason %q: look at the error.log of both nodes.", m[2])
}

func joinRefusal(reason, to, raw string) *answer.Refusal {
	switch reason {
	case "not_reachable":
		return answer.Refuse(NotReachable, raw,
			"the node that was to join could not reach %s: wrong name, node down, address missing, port 4369 or the distribution ports closed, or another cookie (VerneMQ says the same for all of them). Nothing was changed. Check `vernemq ping` on %[1]s, then that distributed_cookie is equal on both.", orThat(to))
	case "self_join":
		return answer.Refuse(SelfJoin, raw, "a node cannot join itself, and %s was told to: run the join on the new node and name a member as discovery node.", orThat(to))
	case "non_empty_node":
		return answer.Refuse(NonEmpty, raw,
			"not empty is the node you ran it on, not %s that the message names: it is a member already, or left once, or a client reached it before the join. Look at `vmq-admin cluster show` first. To join it anew: stop it, move its data/ away, start it with its MQTT port closed, join.", orThat(to))
	}
	return nil
}

func orThat(node string) string {
	if node == "" {
		return "the discovery node"
	}
	return node
}

func explainJoin(a answer.Answer) (any, string, error) {
	j, err := ParseJoin(a)
	return j, "The join was accepted. The views of the members converge up to 20 seconds later, each in its own time: poll `vmq-admin cluster show --format=json` on every node until all show all, then see that messages cross with `diagnose`.", err
}
