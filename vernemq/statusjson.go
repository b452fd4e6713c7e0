package vernemq

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"vmqbot/answer"
)

// NodeStatus is what /status.json tells of one node. A node that is down is
// missing from the answer.
type NodeStatus struct {
	Node      string     `json:"node"`
	Version   string     `json:"version,omitempty"`
	Counters  Counters   `json:"counters"`
	View      []Member   `json:"view"` // as this node sees the members, by name
	Listeners []Listener `json:"listeners"`
}

// ParseStatusJSON reads the body of /status.json: of 1.6, an object keyed by
// node; of 1.7 and later, a list that holds that object. The nodes come
// sorted by name.
func ParseStatusJSON(body string) ([]NodeStatus, error) {
	body = strings.TrimSpace(body)
	var nodes map[string]json.RawMessage
	if raw, ok := onlyOne(json.RawMessage(body)); !ok || !object(raw, &nodes) || len(nodes) == 0 {
		return nil, badStatus(body)
	}
	var list []NodeStatus
	for _, name := range slices.Sorted(maps.Keys(nodes)) {
		n := NodeStatus{Node: name, Counters: Counters{}}
		if !strings.Contains(name, "@") || !n.fill(nodes[name]) {
			return nil, badStatus(string(nodes[name]))
		}
		list = append(list, n)
	}
	return list, nil
}

// onlyOne opens a list that holds one value.
func onlyOne(raw json.RawMessage) (json.RawMessage, bool) {
	if !strings.HasPrefix(string(raw), "[") {
		return raw, true
	}
	var list []json.RawMessage
	if !whole(string(raw), &list) || len(list) != 1 {
		return nil, false
	}
	return list[0], true
}

func (n *NodeStatus) fill(raw json.RawMessage) bool {
	var fields map[string]json.RawMessage
	if !object(raw, &fields) || fields["mystatus"] == nil || fields["listeners"] == nil {
		return false
	}
	for name, v := range fields {
		ok := true
		switch name {
		case "version":
			ok = whole(string(v), &n.Version)
		case "mystatus":
			n.View, ok = viewOf(v)
		case "listeners":
			n.Listeners, ok = statusListeners(v)
		default:
			var number json.Number
			if whole(string(v), &number) { // other kinds of values are not ours to judge
				if i, err := number.Int64(); err == nil {
					n.Counters[name] = i
				}
			}
		}
		if !ok {
			return false
		}
	}
	return true
}

func viewOf(raw json.RawMessage) ([]Member, bool) {
	raw, ok := onlyOne(raw)
	var view map[string]bool
	if !ok || !object(raw, &view) || len(view) == 0 {
		return nil, false
	}
	var members []Member
	for _, name := range slices.Sorted(maps.Keys(view)) {
		members = append(members, Member{name, view[name]})
	}
	return members, true
}

// statusListeners reads the same columns as `listener show` has, by the same
// code.
func statusListeners(raw json.RawMessage) ([]Listener, bool) {
	if !strings.HasPrefix(string(raw), "[") {
		return nil, false
	}
	ls, err := ParseListeners(answer.Answer{Stdout: fmt.Sprintf(`{"table":%s,"type":"table"}`, raw)})
	return ls, err == nil
}

func badStatus(raw string) *answer.Refusal {
	return garbled(answer.Answer{Argv: []string{"curl", "http://127.0.0.1:8888/status.json"}}, raw)
}

// ParseHTTPStatus reads the answer of curl for /status.json.
func ParseHTTPStatus(a answer.Answer) ([]NodeStatus, error) {
	r, err := ParseHTTP(a)
	if err != nil {
		return nil, err
	}
	if r.Status == 503 {
		return nil, badStatus(r.Body)
	}
	return ParseStatusJSON(r.Body)
}

func explainStatus(a answer.Answer) (any, string, error) {
	nodes, err := ParseHTTPStatus(a)
	unbound, blind := []string{}, []string{}
	for _, n := range nodes {
		if !slices.ContainsFunc(n.Listeners, func(l Listener) bool { return l.Status == "running" && (l.Type == "vmq" || l.Type == "vmqs") }) {
			unbound = append(unbound, n.Node)
		}
		if slices.ContainsFunc(n.View, func(m Member) bool { return !m.Running }) {
			blind = append(blind, n.Node)
		}
	}
	say := fmt.Sprintf("%s answered; one that is down is missing here.", counted(len(nodes), "node", "nodes"))
	if len(unbound) > 0 {
		say += " No cluster listener (type vmq) runs on " + strings.Join(unbound, ", ") + ": messages from other nodes do not arrive there (F2). Repair it with `reattach`."
	}
	if len(blind) > 0 {
		say += " A member is not running in the view of " + strings.Join(blind, ", ") + ": look with `diagnose`."
	}
	if len(unbound)+len(blind) == 0 {
		say += " All see all members running and have their cluster port bound; whether messages cross, `diagnose` tells."
	}
	return map[string]any{"nodes": nodes}, say, err
}
