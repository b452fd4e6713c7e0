package alerts

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"vmqbot/checks"
)

// afterCause is how long a cause that is over still explains its effects, and
// afterCut the same for what a node suffers from another: a broker that threw messages for a node
// away tells that for three minutes more.
const (
	afterCause = 30 * time.Second
	afterCut   = 5 * time.Minute
)

// causes are the alerts that explain others now: by check and node, links, and
// what keeps nodes from being reached.
type causes struct {
	nodes map[[2]string]Key
	links map[Key]bool
	cut   []Key
}

// causesIn finds what is live, or was a moment ago. What is only suspected counts
// too: an effect that needs fewer looks than its cause would be told before it.
func causesIn(all map[Key]Alert, now time.Time) causes {
	c := causes{nodes: map[[2]string]Key{}, links: map[Key]bool{}}
	for k, a := range all {
		over := now.Sub(a.Resolved)
		stands := a.Live() || a.Bad() || a.Phase == Resolved && (a.BadRun > 0 || over < afterCause)
		if (stands || a.Phase == Resolved && over < afterCut) && cutsOff(k) {
			c.cut = append(c.cut, k)
		}
		switch {
		case !stands:
		case k.Peer != "":
			c.links[k] = true
		default:
			c.nodes[[2]string{k.Check, k.Node}] = k
		}
	}
	return c
}

// cutsOff reports whether what is wrong at a node keeps other nodes from
// reaching it: a cause of a bad channel, or of what is made from channels.
func cutsOff(k Key) bool {
	return k.Peer == "" && (k.Check == Isolated || slices.Contains(checks.Causes("channel"), k.Check))
}

// of finds what explains a key: one graph, that of the checks, asked at every
// end of what was judged. A node that is isolated explains its links, and a
// bot that reaches nothing explains everything.
func (c causes) of(k Key) (Key, bool) {
	if self, ok := c.nodes[[2]string{Self, Self}]; ok && k != self {
		return self, true
	}
	names := checks.Causes(k.Check)
	switch {
	case k.Check == Blind:
		names = []string{"host"}
	case k.Check == Isolated:
		names = slices.Concat(checks.Causes("peer"), checks.Causes("mqtt"))
	case k.Peer != "":
		names = append(slices.Clip(names), Isolated)
	}
	var found Key
	if symptom(k.Check) {
		for _, cause := range c.cut {
			if (found == Key{} || order(cause, found) < 0) {
				found = cause
			}
		}
	}
	for _, name := range names {
		for _, end := range k.Ends() {
			if cause, ok := c.nodes[[2]string{name, end}]; ok && (found == Key{} || order(cause, found) < 0) {
				found = cause
			}
		}
		link := k
		link.Check = name
		if c.links[link] && (found == Key{} || order(link, found) < 0) {
			found = link
		}
	}
	return found, found != Key{}
}

// explain reports that something else explains a key.
func (c causes) explain(k Key) bool {
	_, is := c.of(k)
	return is
}

// order puts a cause before what it explains, which has more causes, and else
// goes by name.
func order(a, b Key) int {
	return cmp.Or(len(checks.Causes(a.Check))-len(checks.Causes(b.Check)), strings.Compare(a.String(), b.String()))
}
