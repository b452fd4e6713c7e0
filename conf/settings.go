package conf

import (
	"cmp"
	"maps"
	"slices"

	"vmqbot/secret"
)

// Settings are the lines of a vernemq.conf by key, each value as it stands
// there. A value that must never be shown prints as [redacted].
type Settings struct {
	Words    map[string]secret.Word
	Twice    []Twice  // keys that stand more than once; the last one holds
	Includes []string // what the file includes, as conf.d/*.conf: it overrides the file
}

// Twice is a key that stands on several lines.
type Twice struct {
	Key   string
	Lines []int // from 1; the last one holds
}

// Get returns the value of a key; it reports false when the file has none.
func (s Settings) Get(key string) (secret.Word, bool) {
	w, ok := s.Words[key]
	return w, ok
}

// or returns the value of a key, or another when the file has none.
func (s Settings) or(key, otherwise string) string {
	if w, ok := s.Words[key]; ok {
		return w.Reveal()
	}
	return otherwise
}

// Keys lists the keys in the order in which Render writes them.
func (s Settings) Keys() []string { return ordered(slices.Collect(maps.Keys(s.Words))) }

// ordered sorts keys by their section, then by letter.
func ordered(keys []string) []string {
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(cmp.Compare(sectionOf(a), sectionOf(b)), cmp.Compare(a, b))
	})
	return keys
}
