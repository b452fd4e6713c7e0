package clique

import (
	"encoding/json"
	"fmt"
	"strings"
)

// json writes each part as an object, one after the other, without newline.
func (r Result) json() string {
	var b strings.Builder
	for _, p := range r.Parts {
		switch p := p.(type) {
		case Text:
			b.WriteString(textJSON(string(p)))
		case Raw:
			b.WriteString(string(p))
		case Alert:
			b.WriteString(`{"alert":[` + textJSON(string(p)) + `],"type":"alert"}`)
		case Table:
			b.WriteString(p.json())
		}
	}
	return b.String()
}

func textJSON(s string) string { return `{"text":` + quote(s) + `,"type":"text"}` }

func (t Table) json() string {
	rows := make([]string, len(t.Rows))
	for i, row := range t.Rows {
		cells := make([]string, len(row))
		for j, v := range row {
			cells[j] = quote(t.Header[j]) + ":" + value(v)
		}
		rows[i] = "{" + strings.Join(cells, ",") + "}"
	}
	return `{"table":[` + strings.Join(rows, ",") + `],"type":"table"}`
}

func value(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case atom:
		if v == Undefined {
			return "null"
		}
		return quote(string(v))
	case bool, int, int64, uint64:
		return fmt.Sprint(v)
	}
	return quote(fmt.Sprint(v))
}

func quote(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}
