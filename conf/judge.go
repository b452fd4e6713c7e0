package conf

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"vmqbot/regions"
	"vmqbot/secret"
)

// judge looks at the settings of one node and collects what it finds.
type judge struct {
	node    regions.Node
	version Version
	schema  Schema
	words   map[string]secret.Word
	found   []Problem
}

// stop notes what cannot work.
func (j *judge) stop(key, fix, format string, args ...any) {
	j.found = append(j.found, Problem{Key: key, Msg: fmt.Sprintf(format, args...), Fix: fix, Stops: true})
}

// tell notes what people should know.
func (j *judge) tell(key, fix, format string, args ...any) {
	j.found = append(j.found, Problem{Key: key, Msg: fmt.Sprintf(format, args...), Fix: fix})
}

// keys judges keys and values one by one.
func (j *judge) keys() {
	for _, key := range (Settings{Words: j.words}).Keys() {
		value := j.words[key]
		if isFlag(key) && !slices.Contains([]string{"on", "off"}, value.Reveal()) {
			j.stop(key, "Write on or off.", "%s is %s, and VerneMQ takes on and off only.", key, value)
		}
		if j.schema == nil || j.schema.Knows(key) {
			continue
		}
		fix := "Look it up; VerneMQ of this image will be asked before anything stops."
		if near := j.schema.Nearest(key); near != "" {
			fix = "Did you mean " + near + "? VerneMQ of this image will be asked before anything stops."
		}
		j.tell(key, fix, "%s is not among the keys that are known for %s.", key, j.version)
	}
	if w, ok := j.words[keyCookie]; !ok || w.Reveal() == defaultCookie {
		j.tell(keyCookie, "Write distributed_cookie: ${env:NAME} under conf.",
			"distributed_cookie is VerneMQ's default, and whoever reaches the cluster's ports knows it.")
	}
	j.orphans()
}

// isFlag names the keys that are known to take on and off; chkconfig knows
// the others.
func isFlag(key string) bool {
	return strings.HasPrefix(key, "allow_") || strings.HasPrefix(key, "plugins.") && strings.Count(key, ".") == 1
}

// orphans finds options of a listener that is not there. Where listeners have
// a default, such a line brings one to life on 127.0.0.1:1883.
func (j *judge) orphans() {
	said := map[string]bool{}
	for _, key := range slices.Sorted(maps.Keys(j.words)) {
		at := strings.LastIndex(key, ".")
		if at < 0 || said[key[:at]] {
			continue
		}
		owner := key[:at]
		_, there := j.words[owner]
		if _, _, ok := regions.ListenerKey(owner); !ok || there {
			continue
		}
		said[owner] = true
		note := j.tell
		if j.version.opensMQTT() {
			note = j.stop
		}
		note(key, "Write "+owner+" = ADDRESS:PORT as well, or remove the line.", "%s is set for a listener that is not there.", key)
	}
}

// versions judges what this version does not have, or has otherwise.
func (j *judge) versions() {
	for _, key := range (Settings{Words: j.words}).Keys() {
		for _, s := range spans {
			if !starMatches(s.key, key) {
				continue
			}
			if s.since.Known() && j.version.Before(s.since.Major, s.since.Minor) {
				j.tell(key, "Remove the line until every node runs it.", "%s exists from VerneMQ %s on, and this is %s.", key, s.since, j.version)
			}
			if s.before.Known() && j.version.AtLeast(s.before.Major, s.before.Minor) {
				j.tell(key, "Remove the line.", "%s is gone since VerneMQ %s, and this is %s.", key, s.before, j.version)
			}
		}
	}
	j.license()
	if _, pinned := j.node.Conf[keyMetadata]; !pinned {
		j.tell(keyMetadata, "Write metadata_plugin: vmq_plumtree or vmq_swc under conf, whichever the cluster has.",
			"metadata_plugin is not in the fleet file, so an image of 1.12 or later on older data would read none of it.")
	}
}

// license knows that only VerneMQ's own packages and images from 1.10 on have
// the key, and do not start without it; what is built from source has none.
func (j *judge) license() {
	vendors := strings.HasPrefix(j.node.Image, "vernemq/vernemq") || strings.Contains(j.node.Image, "/vernemq/vernemq")
	_, accepted := j.words[keyEULA]
	switch {
	case accepted && (!vendors || j.version.Before(1, 10)):
		j.tell(keyEULA, "Remove the line unless the image holds VerneMQ's own package.",
			"accept_eula is a key of VerneMQ's own packages from 1.10 on; one that is built from source refuses to start with it.")
	case !accepted && vendors && j.version.AtLeast(1, 10):
		j.tell(keyEULA, "Write accept_eula: yes under conf when you have a subscription.",
			"%s is VerneMQ's own image, which stops without accept_eula.", j.node.Image)
	}
}
