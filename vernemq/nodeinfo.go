package vernemq

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"vmqbot/answer"
	"vmqbot/secret"
)

// Counters are the numbers that `node status` and /status.json give of a
// node: num_online, msg_in, queue_drop and so on, by VerneMQ's names.
// num_offline can be below zero.
type Counters map[string]int64

// ParseNodeStatus reads `vmq-admin node status`: its counters and, since 2.0,
// its version.
func ParseNodeStatus(a answer.Answer) (Counters, string, error) {
	t, err := readTable(a, false, "Status", "Value")
	if err != nil {
		return nil, "", err
	}
	if name, twice := t.twice("Status"); twice {
		return nil, "", garbled(a, name)
	}
	c, version := Counters{}, ""
	for _, row := range t.rows {
		name, value := t.cell(row, "Status"), t.cell(row, "Value")
		if name == "version" {
			version = value
			continue
		}
		if c[name], err = strconv.ParseInt(value, 10, 64); err != nil || name == "" {
			return nil, "", garbled(a, fmt.Sprint(row))
		}
	}
	return c, version, nil
}

type nodeStatusFacts struct {
	Counters Counters `json:"counters"`
	Version  string   `json:"version,omitempty"`
}

func explainNodeStatus(a answer.Answer) (any, string, error) {
	c, v, err := ParseNodeStatus(a)
	return nodeStatusFacts{c, v}, fmt.Sprintf("This node alone: %s online, %s dropped from queues since it started. It says nothing about the other nodes: look with `diagnose`.",
		counted(int(c["num_online"]), "client", "clients"), counted(int(c["queue_drop"]), "message", "messages")), err
}

// ParseSync reads `vmq-admin node swc_sync_status`: whether each partition of
// the metadata has been synced since the node started.
func ParseSync(a answer.Answer) (map[string]bool, error) {
	t, err := readTable(a, false, "SWC Partition", "InitSynced")
	if err != nil {
		return nil, err
	}
	if name, twice := t.twice("SWC Partition"); twice {
		return nil, garbled(a, name)
	}
	synced := map[string]bool{}
	for _, row := range t.rows {
		v := t.cell(row, "InitSynced")
		if v != "true" && v != "false" {
			return nil, garbled(a, fmt.Sprint(row))
		}
		synced[t.cell(row, "SWC Partition")] = v == "true"
	}
	return synced, nil
}

func explainSync(a answer.Answer) (any, string, error) {
	synced, err := ParseSync(a)
	n := 0
	for _, ok := range synced {
		if ok {
			n++
		}
	}
	say := fmt.Sprintf("First sync of the metadata: %d of %s.", n, counted(len(synced), "partition", "partitions"))
	if n < len(synced) {
		say += " Subscriptions may be missing until the others have: wait, and look at `cluster show` on every node if it lasts."
	}
	return map[string]any{"synced": synced}, say, err
}

// ParseHistory reads `vmq-admin node history`: one word, as existing_state.
// It is no reliable check of whether a node may join.
func ParseHistory(a answer.Answer) (string, error) {
	w, err := said(a)
	if err == nil && (a.Exit != 0 || w == "" || strings.ContainsFunc(w, notAtomRune) || !strings.HasSuffix(a.Stdout, "\n") && !strings.HasSuffix(a.Stdout, "}")) {
		err = garbled(a, w)
	}
	return w, err
}

func explainHistory(a answer.Answer) (any, string, error) {
	w, err := ParseHistory(a)
	return map[string]string{"history": w}, "What the node remembers of its past. Do not rely on it before a join: a node that said existing_state has joined well. `vmq-admin cluster show` is the check.", err
}

// APIKey is one key of the web port; it opens the whole administration.
type APIKey struct {
	Key  secret.Text       `json:"key"`
	More map[string]string `json:"more,omitempty"` // scope and expiry, since 2.0
}

// ParseAPIKeys reads `vmq-admin api-key show`.
func ParseAPIKeys(a answer.Answer) ([]APIKey, error) {
	t, err := readTable(a, true, "Key|Keys|key")
	if err != nil {
		return nil, hideRaw(err)
	}
	keys := []APIKey{}
	for _, row := range t.rows {
		keys = append(keys, APIKey{secret.New(t.cell(row, "Key", "Keys")), t.rest(row, "Key", "Keys")})
	}
	return keys, nil
}

// hideRaw takes the evidence off a refusal whose text may hold a secret.
func hideRaw(err error) error {
	var r *answer.Refusal
	if errors.As(err, &r) && r.Kind == answer.Garbled {
		return answer.Refuse(r.Kind, "", "%s", r.Reason)
	}
	return err
}

func explainAPIKeys(a answer.Answer) (any, string, error) {
	keys, err := ParseAPIKeys(a)
	return map[string]any{"keys": keys}, counted(len(keys), "API key opens", "API keys open") + " the web port's administration. Keys are not repeated here; if this answer was pasted into a chat, delete them and create new ones.", err
}

// ParseAPIKeyCreated reads `vmq-admin api-key create`: the new key.
func ParseAPIKeyCreated(a answer.Answer) (secret.Text, error) {
	w, err := said(a)
	if err == nil && (a.Exit != 0 || len(w) < 16 || strings.ContainsFunc(w, notAtomRune)) {
		err = garbled(a, "")
	}
	return secret.New(w), hideRaw(err)
}

func explainAPIKeyCreated(a answer.Answer) (any, string, error) {
	key, err := ParseAPIKeyCreated(a)
	return APIKey{Key: key}, "A new API key that opens the web port's administration. It is not repeated here; if this answer was pasted into a chat, delete the key and create another.", err
}

func explainDone(say string) func(answer.Answer) (any, string, error) {
	return func(a answer.Answer) (any, string, error) {
		err := done(a)
		return Done{err == nil}, say, err
	}
}

// ParseNodeOp reads `vmq-admin node start` and stop, which say Done whatever
// happens.
func ParseNodeOp(a answer.Answer) (Done, error) {
	err := done(a)
	return Done{err == nil}, err
}

// ParseDisconnect reads `vmq-admin session disconnect`, which says Done for a
// client that does not exist too.
func ParseDisconnect(a answer.Answer) (Done, error) {
	err := done(a)
	return Done{err == nil}, err
}
