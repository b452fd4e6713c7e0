package broker

import (
	"math/rand/v2"
	"strings"
)

// splitShared takes $share/GROUP/FILTER apart.
func splitShared(filter string) (group, rest string, ok bool) {
	f := strings.SplitN(filter, "/", 3)
	if len(f) == 3 && f[0] == "$share" {
		return f[1], f[2], true
	}
	return "", filter, false
}

// topicMatches is MQTT's rule; wildcards at the start never match $ topics.
func topicMatches(filter, topic string) bool {
	f, t := strings.Split(filter, "/"), strings.Split(topic, "/")
	if strings.HasPrefix(topic, "$") && (f[0] == "#" || f[0] == "+") {
		return false
	}
	for i, word := range f {
		if word == "#" {
			return true
		}
		if i >= len(t) || word != "+" && word != t[i] {
			return false
		}
	}
	return len(f) == len(t)
}

// pickShared chooses one member of a group: a local one when there is one
// (shared_subscription_policy = prefer_local).
func pickShared(group []match, self string) match {
	var local []match
	for _, m := range group {
		if m.Node == self {
			local = append(local, m)
		}
	}
	if len(local) > 0 {
		group = local
	}
	return group[rand.IntN(len(group))]
}
