// Package conf reads vernemq.conf the way cuttlefish does: key = value, the
// last of two equal keys wins, conf.d/*.conf comes after the file, and one
// unknown key or bad value keeps the broker from starting.
package conf

import (
	_ "embed" // for schema.txt
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed schema.txt
var schemaText string

// setting is one line of the schema.
type setting struct {
	key      string // may hold * for words that the operator chooses
	datatype string // flag, integer, string, address, enum(a,b)
	value    string // the default, or "" for none
}

// schema is the list of settings, in the order of the file. It never changes.
var schema = sync.OnceValue(readSchema)

// lacking are the settings that the schema of this build does not have.
var lacking []string

// Forget takes settings out of the schema, as a build of another version lacks
// them. It must be called before anything is read.
func Forget(keys ...string) { lacking = append(lacking, keys...) }

func readSchema() []setting {
	var out []setting
	for line := range strings.Lines(schemaText) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.SplitN(line, " | ", 3)
		s := setting{key: f[0], datatype: strings.TrimSuffix(f[1], " |")}
		if len(f) == 3 {
			s.value = f[2]
		}
		if slices.Contains(lacking, s.key) {
			continue
		}
		out = append(out, s)
	}
	return out
}

// find returns the schema's line for a key: the exact one before one with *.
func find(list []setting, key string) (setting, bool) {
	for _, s := range list {
		if s.key == key {
			return s, true
		}
	}
	for _, s := range list {
		if strings.Contains(s.key, "*") && matches(s.key, key) {
			return s, true
		}
	}
	return setting{}, false
}

// matches compares word by word, so that a * never spans a dot.
func matches(pattern, key string) bool {
	if strings.Count(pattern, ".") != strings.Count(key, ".") {
		return false
	}
	ok, err := path.Match(strings.ReplaceAll(pattern, ".", "/"), strings.ReplaceAll(key, ".", "/"))
	return ok && err == nil
}
