package conf

import (
	"io/fs"
	"path"
	"sort"
)

// Entry is one key as written.
type Entry struct{ Key, Value string }

// Config is a read configuration. The zero value holds the defaults.
type Config struct {
	set    map[string]string
	schema *Schema
	legacy bool // 1.x, which opens 127.0.0.1:1883 unless told otherwise
}

// Problem is why a configuration cannot be used. Lines are what `vernemq
// config generate` prints of it, without time and level.
type Problem struct{ Lines []string }

// Error is the last line, which names the cause.
func (p *Problem) Error() string { return p.Lines[len(p.Lines)-1] }

// Load reads vernemq.conf and conf.d/*.conf of an etc directory. shown is how
// error messages call that directory; lacks are settings that this build does
// not know. A missing vernemq.conf is reported as the file system's error, a
// bad one as a *Problem.
func Load(etc fs.FS, shown string, legacy bool, lacks ...string) (*Config, error) {
	entries, err := read(etc, shown)
	if err != nil {
		return nil, err
	}
	return build(entries, legacy, Without(lacks...))
}

// read parses all files, in the order in which they override each other.
func read(etc fs.FS, shown string) ([]Entry, error) {
	main, err := fs.ReadFile(etc, "vernemq.conf")
	if err != nil {
		return nil, err
	}
	entries, err := parse(path.Join(shown, "vernemq.conf"), string(main))
	if err != nil {
		return nil, err
	}
	more, _ := fs.Glob(etc, "conf.d/*.conf") // the pattern is well formed
	sort.Strings(more)
	for _, name := range more {
		b, err := fs.ReadFile(etc, name)
		if err != nil {
			return nil, err
		}
		e, err := parse(path.Join(shown, name), string(b))
		if err != nil {
			return nil, err
		}
		entries = append(entries, e...)
	}
	return entries, nil
}

// LoadLoose is Load without the check of keys and values: `config effective`
// lists an unknown key as if it were fine.
func LoadLoose(etc fs.FS, shown string, legacy bool, lacks ...string) (*Config, error) {
	entries, err := read(etc, shown)
	if err != nil {
		return nil, err
	}
	c := &Config{set: map[string]string{}, schema: Without(lacks...), legacy: legacy}
	for _, e := range entries {
		c.set[e.Key] = e.Value
	}
	return c, nil
}
