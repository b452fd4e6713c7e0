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

// Schema is the settings that a build knows. It never changes.
type Schema struct {
	list  []setting // in the order of the file
	exact map[string]setting
	wild  []setting // those with a *
}

// whole is the schema of most builds, read once for all of them.
var whole = sync.OnceValue(func() *Schema { return readSchema(nil) })

// Without is the schema of a build that lacks some settings.
func Without(keys ...string) *Schema {
	if len(keys) == 0 {
		return whole()
	}
	return readSchema(keys)
}

func readSchema(lacking []string) *Schema {
	out := &Schema{exact: map[string]setting{}}
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
		out.list = append(out.list, s)
		if _, twice := out.exact[s.key]; !twice {
			out.exact[s.key] = s
		}
		if strings.Contains(s.key, "*") {
			out.wild = append(out.wild, s)
		}
	}
	return out
}

// find returns the line for a key: the exact one before one with *.
func (c *Schema) find(key string) (setting, bool) {
	if s, ok := c.exact[key]; ok {
		return s, true
	}
	for _, s := range c.wild {
		if matches(s.key, key) {
			return s, true
		}
	}
	return setting{}, false
}

// matches compares word by word, so that a * never spans a dot.
func matches(pattern, key string) bool {
	before, _, _ := strings.Cut(pattern, "*") // spares most of the work
	if !strings.HasPrefix(key, before) || strings.Count(pattern, ".") != strings.Count(key, ".") {
		return false
	}
	ok, err := path.Match(strings.ReplaceAll(pattern, ".", "/"), strings.ReplaceAll(key, ".", "/"))
	return ok && err == nil
}
