package conf

import (
	"fmt"
	"sort"
	"strings"
)

// parse splits one file into entries. It stops at the first line that is
// neither empty, a comment, an include nor key = value.
func parse(name, text string) ([]Entry, error) {
	var out []Entry
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || strings.HasPrefix(line, "include ") {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		if !ok || !goodKey(key) {
			return nil, &Problem{Lines: []string{
				fmt.Sprintf("Syntax error in %s after line %d column 1, parsing incomplete", name, n)}}
		}
		value, _, _ = strings.Cut(value, " #")
		out = append(out, Entry{Key: key, Value: strings.TrimSpace(value)})
	}
	return out, nil
}

func goodKey(key string) bool {
	for _, r := range key {
		ok := r == '.' || r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !ok {
			return false
		}
	}
	return key != ""
}

// build checks every entry against the schema.
func build(entries []Entry, legacy bool, schema *Schema) (*Config, error) {
	c := &Config{set: map[string]string{}, schema: schema, legacy: legacy}
	for _, e := range entries {
		c.set[e.Key] = e.Value
	}
	keys := make([]string, 0, len(c.set))
	for k := range c.set {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	if p := schema.unknown(keys); p != nil {
		return nil, p
	}
	if p := schema.mistyped(keys, c.set); p != nil {
		return nil, p
	}
	return c, nil
}
