package vernemq

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vmqbot/answer"
)

// Session is one MQTT session, online or kept for a client that is away.
// `session show` prints the columns that were asked for; what it did not
// print is empty here, and so is a value that VerneMQ calls undefined.
type Session struct {
	ClientID   string            `json:"client_id,omitempty"`
	Online     *bool             `json:"is_online,omitempty"` // nil when not asked for
	User       string            `json:"user,omitempty"`
	Mountpoint string            `json:"mountpoint,omitempty"`
	Node       string            `json:"node,omitempty"`
	PeerHost   string            `json:"peer_host,omitempty"`
	PeerPort   int               `json:"peer_port,omitempty"` // 0 when not told
	More       map[string]string `json:"more,omitempty"`      // every other column that has a value
}

// ParseSessions reads `vmq-admin session show`. No rows at all is an empty
// list; with --limit or 100 rows a node there may be more than it shows.
func ParseSessions(a answer.Answer) ([]Session, error) {
	t, err := readTable(a, true)
	if err != nil {
		return nil, err
	}
	if len(t.rows) > 0 && !slices.ContainsFunc(t.columns, func(c string) bool { return slices.Contains(sessionColumns, c) }) {
		return nil, garbled(a, a.Stdout)
	}
	sessions := []Session{}
	for _, row := range t.rows {
		var s Session
		for i, column := range t.columns {
			if !s.put(column, row[i]) {
				return nil, garbled(a, fmt.Sprint(row))
			}
		}
		sessions = append(sessions, s)
	}
	return sessions, nil
}

// sessionColumns are those that `session show --help` lists.
var sessionColumns = strings.Fields(`node mountpoint client_id queue_pid queue_size session_pid is_offline is_online
	statename deliver_mode offline_messages online_messages num_sessions clean_session is_plugin queue_started_at user
	peer_host peer_port protocol waiting_acks session_started_at topic qos rap no_local msg_ref msg_qos routing_key dup payload`)

func (s *Session) put(column, v string) bool {
	if v == "undefined" || v == "null" {
		v = ""
	}
	switch {
	case column == "client_id":
		s.ClientID = v
	case v == "":
	case column == "is_online":
		online := v == "true"
		s.Online = &online
		return online || v == "false"
	case column == "user":
		s.User = v
	case column == "mountpoint":
		s.Mountpoint = v
	case column == "node":
		s.Node = v
	case column == "peer_host":
		s.PeerHost = v
	case column == "peer_port":
		port, err := strconv.ParseUint(v, 10, 16)
		s.PeerPort = int(port)
		return err == nil
	default:
		if s.More == nil {
			s.More = map[string]string{}
		}
		s.More[column] = v
	}
	return true
}

type sessionFacts struct {
	Sessions []Session `json:"sessions"`
}

func explainSessions(a answer.Answer) (any, string, error) {
	ss, err := ParseSessions(a)
	say := counted(len(ss), "session", "sessions") + ", of all nodes that answered (at most 100 of each node unless --limit says more). A column that you filter by is not shown unless you name it too."
	if len(ss) == 0 {
		say = "No session matches, on the nodes that answered. That is no error; a misspelled value also finds nothing."
	}
	return sessionFacts{ss}, say, err
}

// Retained is one retained message.
type Retained struct {
	Topic   string            `json:"topic"`
	Payload string            `json:"payload"`
	More    map[string]string `json:"more,omitempty"` // every other column that has a value
}

// ParseRetained reads `vmq-admin retain show`.
func ParseRetained(a answer.Answer) ([]Retained, error) {
	t, err := readTable(a, true, "payload|topic")
	if err != nil {
		return nil, err
	}
	list := []Retained{}
	for _, row := range t.rows {
		list = append(list, Retained{t.cell(row, "topic"), t.cell(row, "payload"), t.rest(row, "topic", "payload")})
	}
	return list, nil
}

// rest are the cells under all other columns that have a value.
func (t table) rest(row []string, known ...string) map[string]string {
	var more map[string]string
	for i, c := range t.columns {
		if row[i] == "" || (table{columns: known}).column(c) >= 0 {
			continue
		}
		if more == nil {
			more = map[string]string{}
		}
		more[c] = row[i]
	}
	return more
}

type retainFacts struct {
	Retained []Retained `json:"retained"`
}

func explainRetained(a answer.Answer) (any, string, error) {
	rs, err := ParseRetained(a)
	return retainFacts{rs}, counted(len(rs), "retained message matches", "retained messages match") + " on this node. Members hold the same ones once they have converged.", err
}
