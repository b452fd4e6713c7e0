package broker

import (
	"encoding/json"
	"strings"
)

// get decodes a living value into out.
func (m *metadata) get(key string, out any) bool {
	m.mu.Lock()
	e, ok := m.all[key]
	m.mu.Unlock()
	return ok && !e.Gone && json.Unmarshal(e.Val, out) == nil
}

// living lists the entries below a prefix that are not deleted.
func (m *metadata) living(prefix string) []entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []entry
	for k, e := range m.all {
		if !e.Gone && strings.HasPrefix(k, prefix) {
			out = append(out, e)
		}
	}
	return out
}

// pick returns the entries of some keys.
func (m *metadata) pick(keys []string) []entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []entry
	for _, k := range keys {
		if e, ok := m.all[k]; ok {
			out = append(out, e)
		}
	}
	return out
}

// empty is true for a node that never stored anything.
func (m *metadata) empty() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.all) == 0
}

// size is the rough number of bytes below a prefix, for the memory metrics.
func (m *metadata) size(prefix string) int {
	n := 0
	for _, e := range m.living(prefix) {
		n += len(e.Key) + len(e.Val)
	}
	return n
}
