package conf

import (
	"path"
	"slices"
	"strings"

	"vmqbot/regions"
)

// Schema is the list of keys that a VerneMQ knows, as `listener.tcp.*`, where
// * stands for one word that the operator chooses. The nil Schema knows none
// and judges none.
type Schema []string

// Knows reports whether the schema has the key.
func (s Schema) Knows(key string) bool {
	return slices.ContainsFunc(s, func(pattern string) bool { return wordsMatch(pattern, key) })
}

// Nearest returns the key of the schema that was probably meant, or "". The
// words that the operator chose stay as they are.
func (s Schema) Nearest(key string) string {
	meant := make([]string, len(s))
	words := strings.Split(key, ".")
	for i, pattern := range s {
		parts := strings.Split(pattern, ".")
		if len(parts) == len(words) {
			for j := range parts {
				if parts[j] == "*" {
					parts[j] = words[j]
				}
			}
		}
		meant[i] = strings.Join(parts, ".")
	}
	return regions.Nearest(key, meant)
}

// wordsMatch compares word by word, so that a * never spans a dot.
func wordsMatch(pattern, key string) bool {
	if strings.Count(pattern, ".") != strings.Count(key, ".") {
		return false
	}
	ok, err := path.Match(strings.ReplaceAll(pattern, ".", "/"), strings.ReplaceAll(key, ".", "/"))
	return ok && err == nil
}
