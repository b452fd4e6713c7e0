package conf

import (
	"sort"
	"strconv"
	"strings"
)

// Schema is what the configuration was read with.
func (c *Config) Schema() *Schema {
	if c.schema == nil {
		return whole()
	}
	return c.schema
}

// Get is the value of a key: as written, else the default, else "".
func (c *Config) Get(key string) string {
	if v, ok := c.set[key]; ok {
		return v
	}
	if s, ok := c.Schema().find(key); ok {
		return s.value
	}
	return ""
}

// Flag is true when the key is on.
func (c *Config) Flag(key string) bool { return c.Get(key) == "on" }

// Int is the value of an integer key, or otherwise when it has none.
func (c *Config) Int(key string, otherwise int) int {
	n, err := strconv.Atoi(c.Get(key))
	if err != nil {
		return otherwise
	}
	return n
}

// Datatype names what a key takes: flag, integer, string, address or
// enum(a,b). It reports false for a key that does not exist.
func (c *Schema) Datatype(key string) (string, bool) {
	s, ok := c.find(key)
	return s.datatype, ok
}

// Defaults returns key and default of every setting that has a default and
// whose key the operator does not choose.
func (c *Schema) Defaults() map[string]string {
	out := map[string]string{}
	for _, s := range c.list {
		if !strings.Contains(s.key, "*") {
			out[s.key] = s.value
		}
	}
	return out
}

// Effective lists key = value of everything that holds, sorted: what is
// written and the defaults of what is not.
func (c *Config) Effective() []Entry {
	all := c.Schema().Defaults()
	for _, k := range []string{"erlang.distribution.interface", "erlang.distribution.net_ticktime",
		"erlang.distribution.port_range.minimum", "erlang.distribution.port_range.maximum"} {
		delete(all, k) // without a default they are not listed
	}
	for _, l := range c.Listeners() {
		all["listener."+l.Kind+"."+l.Name] = l.Addr()
	}
	for k, v := range c.set {
		all[k] = v
	}
	out := make([]Entry, 0, len(all))
	for k, v := range all {
		out = append(out, Entry{k, v})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Key < out[j].Key })
	return out
}

// Raw reads one key from a vernemq.conf the way the shell scripts do: the
// last line of that file that starts with the key. conf.d is not seen.
func Raw(text, key string) string {
	value := ""
	for line := range strings.Lines(text) {
		if k, v, ok := strings.Cut(line, "="); ok && strings.TrimSpace(k) == key {
			value = strings.TrimSpace(v)
		}
	}
	return value
}
