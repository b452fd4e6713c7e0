package conf

import (
	"slices"
	"strings"
)

// section is a part of the written file.
type section struct {
	title string
	keys  []string // a last * stands for any end
}

// sections in the order of the file. What belongs to no other is in the last
// but one, so that the logs end the file.
var sections = []section{
	{"Who this node is.", []string{keyNodename, keyCookie}},
	{"Where it listens.", []string{"listener.*"}},
	{"The cluster.", []string{
		keyMetadata, "allow_register_during_netsplit", "allow_publish_during_netsplit",
		"allow_subscribe_during_netsplit", "allow_unsubscribe_during_netsplit", "vmq_swc.*", "plumtree.*", "erlang.distribution.*",
		"outgoing_*", "incoming_*", "remote_enqueue_timeout",
	}},
	{"Clients, plugins and the machine.", nil},
	{"Logs.", []string{"log.*", "logging.*"}},
}

const others = 3 // the section of what no other names

func sectionOf(key string) int {
	for i, s := range sections {
		if slices.ContainsFunc(s.keys, func(pattern string) bool { return starMatches(pattern, key) }) {
			return i
		}
	}
	return others
}

// starMatches compares a key with a pattern whose last * stands for any end.
func starMatches(pattern, key string) bool {
	if start, any := strings.CutSuffix(pattern, "*"); any {
		return strings.HasPrefix(key, start)
	}
	return pattern == key
}

// lines writes settings as a file, each value as show gives it.
func lines(head string, s Settings, show func(key string) string) string {
	var b strings.Builder
	b.WriteString(head)
	last := -1
	for _, key := range s.Keys() {
		if at := sectionOf(key); at != last {
			b.WriteString("\n# " + sections[at].title + "\n")
			last = at
		}
		b.WriteString(key + " = " + show(key) + "\n")
	}
	return b.String()
}
