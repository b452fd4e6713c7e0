package vernemq

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"vmqbot/answer"
)

// How a leave ended, as far as its answer tells.
const (
	LeftOut   = "left"      // Done: no member any more; also said of a name that never was one
	Suspended = "suspended" // still a member, its MQTT listeners are closed
)

// Left is what a leave did.
type Left struct {
	Node      string      `json:"node,omitempty"`      // as it was asked for
	Outcome   string      `json:"outcome"`             // LeftOut or Suspended
	Migration []Migration `json:"migration,omitempty"` // the progress lines, in order
}

// Migration is one progress line of a leave: so many of so many are moved.
type Migration struct {
	Queues        int `json:"queues"`
	TotalQueues   int `json:"total_queues"`
	Messages      int `json:"messages"`
	TotalMessages int `json:"total_messages"`
}

var (
	migrated = regexp.MustCompile(`\AMigrated (\d+)/(\d+) queues and (\d+)/(\d+) messages\z`)
	leaving  = regexp.MustCompile(`\A(?:Migration already started! <[\d.]+>|Unknown error: (.+)|Node '?([^'\s]+)'? wasn't part of the cluster)\z`)
)

// ParseLeave reads `vmq-admin cluster leave`. Its failures have exit status
// 0 on every version; the refusals are NotRepaired, Inconsistent,
// QueuesOnline, InProgress, RPCTimeout and those of every command.
func ParseLeave(a answer.Answer) (Left, error) {
	words, err := said(a)
	if err != nil {
		return Left{}, err
	}
	l := Left{Node: keyArg(a.Argv, "node")}
	lines := strings.Split(words, "\n")
	for _, line := range lines[:len(lines)-1] {
		m := migrated.FindStringSubmatch(line)
		if m == nil {
			return Left{}, garbled(a, words)
		}
		l.Migration = append(l.Migration, migrationOf(m))
	}
	switch last := lines[len(lines)-1]; {
	case last == "Done" && a.Exit == 0 && (strings.HasSuffix(a.Stdout, "\n") || strings.HasSuffix(a.Stdout, "}")):
		l.Outcome = LeftOut // without its end it may be the beginning of what follows here
	case last == "Done! Use -k to teardown and migrate existing sessions!" && a.Exit == 0 && l.Migration == nil:
		l.Outcome = Suspended
	default:
		return Left{}, leaveRefusal(a, last, words)
	}
	return l, nil
}

func migrationOf(m []string) Migration {
	var n [4]int
	for i := range n {
		n[i], _ = strconv.Atoi(m[i+1]) // digits only; more than an int holds stays the largest int
	}
	return Migration{n[0], n[1], n[2], n[3]}
}

func leaveRefusal(a answer.Answer, last, raw string) *answer.Refusal {
	const look = "look at `vmq-admin cluster show --format=json` on every node before anything else"
	switch last {
	case "Can't fix queues because cluster is inconsistent, retry!":
		return answer.Refuse(NotRepaired, raw, "the dead node was removed, but its queues were not restored because another member is not running (exit status 0 all the same): %s, bring the other member back or make it leave too, then run this leave once more.", look)
	case "Can't migrate queues because cluster is inconsistent, retry!":
		return answer.Refuse(Inconsistent, raw, "nothing was moved, because another member is not running: %s, bring it back, then run the leave again.", look)
	case "error, still online queues, check the logs, and retry!":
		return answer.Refuse(QueuesOnline, raw, "clients were still there when the time was over: the node is still a member, and its MQTT listeners are closed. Run the leave again with -k and a longer --timeout, or undo it with `vmq-admin listener restart`.")
	}
	m := leaving.FindStringSubmatch(last)
	switch {
	case m == nil:
		return garbled(a, raw)
	case m[2] != "":
		return answer.Refuse(answer.NotFound, raw, "the node %s was no member of the cluster: %s.", m[2], look)
	case m[1] != "":
		return answer.Refuse(Failed, raw, "the leave broke off with %q and may be half done: %s.", m[1], look)
	}
	return answer.Refuse(InProgress, raw, "a leave is already under way: wait for it and watch its log; %s.", look)
}

func explainLeave(a answer.Answer) (any, string, error) {
	l, err := ParseLeave(a)
	node := l.Node
	if node == "" {
		node = "the node"
	}
	if l.Outcome == Suspended {
		return l, fmt.Sprintf("Only the first half is done: %s is still a member, and its MQTT listeners are suspended (it refuses new clients, /health says 503). Finish with the same command and -k, or undo it with `vmq-admin listener restart address=ADDRESS port=1883`.", node), err
	}
	return l, fmt.Sprintf("%s is no member any more, as far as this answer tells (VerneMQ says Done for an unknown name too): prove it with `vmq-admin cluster show --format=json` on every node. Wipe its data/ before you start it again, or it comes back as a ghost.", node), err
}
