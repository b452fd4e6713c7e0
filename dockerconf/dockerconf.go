// Package dockerconf answers what stands in Docker's daemon.json: it reads it,
// holds it against the daemon's command line, and writes another one.
package dockerconf

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Path is where the daemon looks for it.
const Path = "/etc/docker/daemon.json"

// Conf is one daemon.json. The zero value is an empty one.
type Conf struct{ keys map[string]json.RawMessage }

// Parse reads a daemon.json as the daemon does: one object, nothing behind it,
// no key twice. No text at all is an empty one.
func Parse(text string) (Conf, error) {
	if strings.TrimSpace(text) == "" {
		return Conf{}, nil
	}
	d := json.NewDecoder(strings.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return Conf{}, fmt.Errorf("it is no JSON object: it begins with %.20q", strings.TrimSpace(text))
	}
	c := Conf{keys: map[string]json.RawMessage{}}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return Conf{}, fmt.Errorf("it is not JSON: %w", err)
		}
		key, _ := t.(string)
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return Conf{}, fmt.Errorf("it is not JSON after the key %q: %w", key, err)
		}
		if _, twice := c.keys[key]; twice {
			return Conf{}, fmt.Errorf("it has the key %q twice", key)
		}
		c.keys[key] = value
	}
	if _, err := d.Token(); err != nil {
		return Conf{}, fmt.Errorf("it is not JSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return Conf{}, fmt.Errorf("something stands behind its last brace")
	}
	return c, nil
}

// Has reports a key.
func (c Conf) Has(key string) bool {
	_, ok := c.keys[key]
	return ok
}

// Text is the text of a key, "" when it is none or not there.
func (c Conf) Text(key string) string {
	var s string
	_ = json.Unmarshal(c.keys[key], &s)
	return s
}

// True reports a switch that is on.
func (c Conf) True(key string) bool {
	var b bool
	_ = json.Unmarshal(c.keys[key], &b)
	return b
}

// With is the same with another value of a key.
func (c Conf) With(key string, value any) Conf {
	raw, err := json.Marshal(value)
	if err != nil {
		panic("dockerconf: " + err.Error())
	}
	keys := maps.Clone(c.keys)
	if keys == nil {
		keys = map[string]json.RawMessage{}
	}
	keys[key] = raw
	return Conf{keys}
}

// String is the file, its keys in the order of the alphabet.
func (c Conf) String() string {
	var b bytes.Buffer
	b.WriteString("{")
	for i, key := range slices.Sorted(maps.Keys(c.keys)) {
		if i > 0 {
			b.WriteString(",")
		}
		name, _ := json.Marshal(key)
		var value bytes.Buffer
		if err := json.Indent(&value, c.keys[key], "  ", "  "); err != nil {
			value.Write(c.keys[key])
		}
		fmt.Fprintf(&b, "\n  %s: %s", name, value.String())
	}
	b.WriteString("\n}\n")
	return b.String()
}

// plural are the flags of the daemon whose key is another word.
var plural = map[string]string{
	"log-opt": "log-opts", "default-address-pool": "default-address-pools", "insecure-registry": "insecure-registries", "H": "hosts", "host": "hosts",
	"label": "labels", "storage-opt": "storage-opts", "exec-opt": "exec-opts", "add-runtime": "runtimes", "b": "bridge", "g": "data-root", "s": "storage-driver",
	"l": "log-level", "G": "group", "registry-mirror": "registry-mirrors", "p": "pidfile", "D": "debug",
}

// switches are the flags of the daemon that take no value of their own.
var switches = []string{"live-restore", "debug", "tls", "tlsverify", "iptables", "ip6tables", "ip-forward", "ip-masq", "ipv6", "icc", "userland-proxy", "selinux-enabled", "experimental", "no-new-privileges", "raw-logs", "init"}

// Flags are the keys that a daemon's command line sets, with their values; the
// daemon does not start when daemon.json sets one of them as well.
func Flags(argv []string) map[string]string {
	set := map[string]string{}
	for i := 0; i < len(argv); i++ {
		name, value, given := strings.Cut(strings.TrimLeft(argv[i], "-"), "=")
		if !strings.HasPrefix(argv[i], "-") || name == "" {
			continue
		}
		key := name
		if other := plural[name]; other != "" {
			key = other
		}
		switch {
		case given:
		case slices.Contains(switches, key):
			value = "true"
		case i+1 < len(argv):
			i++
			value = argv[i]
		}
		set[key] = value
	}
	return set
}

// Both are the keys that stand in the file and on the command line.
func (c Conf) Both(flags map[string]string) (keys []string) {
	for key := range flags {
		if c.Has(key) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}
