package vernemq

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
)

// A jsonReply is one object that --format=json prints.
type jsonReply struct {
	Type  string            `json:"type"`
	Text  *string           `json:"text"`
	Table []json.RawMessage `json:"table"`
	Alert []jsonReply       `json:"alert"`
}

// readJSON reads the whole of s, one object or a list of them.
func readJSON(s string) (replies []jsonReply, ok bool) {
	if strings.HasPrefix(s, "[") {
		ok = whole(s, &replies) && len(replies) > 0
		return replies, ok
	}
	replies = make([]jsonReply, 1)
	ok = whole(s, &replies[0])
	return replies, ok
}

// whole decodes s into v and reports whether s is one JSON value and no more.
func whole(s string, v any) bool {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	if d.Decode(v) != nil {
		return false
	}
	_, err := d.Token()
	return err == io.EOF
}

// object decodes one JSON object whose keys all differ; of a key that is there
// twice nobody knows which value holds.
func object[V any](raw json.RawMessage, v *map[string]V) bool {
	seen := map[string]bool{}
	once := eachMember(raw, func(key string, _ any) bool {
		twice := seen[key]
		seen[key] = true
		return !twice
	})
	return once && whole(string(raw), v)
}

// jsonTable makes a table of the objects; columns keep the order in which
// they first appear.
func jsonTable(rows []json.RawMessage) (table, bool) {
	var t table
	for _, raw := range rows {
		row, seen := make([]string, len(t.columns)), map[int]bool{}
		ok := eachMember(raw, func(key string, value any) bool {
			i := t.column(key)
			if i < 0 {
				i = len(t.columns)
				t.columns = append(t.columns, key)
				row = append(row, "")
			}
			twice := seen[i]
			seen[i] = true
			var ok bool
			row[i], ok = jsonCell(value)
			return ok && !twice
		})
		if !ok || len(row) == 0 {
			return table{}, false
		}
		t.rows = append(t.rows, row)
	}
	for i, r := range t.rows {
		t.rows[i] = append(r, make([]string, len(t.columns)-len(r))...)
	}
	return t, true
}

// eachMember calls f for the members of a JSON object in their order.
func eachMember(raw json.RawMessage, f func(key string, value any) bool) bool {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return false
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return false
		}
		var v any
		if d.Decode(&v) != nil || !f(key.(string), v) {
			return false
		}
	}
	return true
}

// jsonCell writes a JSON value as the human table would. An Erlang string
// may arrive as a list of its characters, and an empty one as [].
func jsonCell(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return strings.TrimRight(v, "\n"), true
	case bool:
		if v {
			return "true", true
		}
		return "false", true
	case json.Number:
		return v.String(), true
	case []any:
		var s strings.Builder
		for _, c := range v {
			n, ok := c.(json.Number)
			i, err := n.Int64()
			if !ok || err != nil || i < 1 || i > 0x10ffff {
				return "", false
			}
			s.WriteRune(rune(i))
		}
		return s.String(), true
	}
	return "", false
}
