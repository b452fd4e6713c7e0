package alerts

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"vmqbot/checks"
)

// afterCause is how long a cause that is over still explains its effects.
const afterCause = 30 * time.Second

// causes are the alerts that explain others now: by check and node, and links.
type causes struct {
	nodes map[[2]string]Key
	links map[Key]bool
}

// causesIn finds what is live, or was a moment ago.
func causesIn(all map[Key]Alert, now time.Time) causes {
	c := causes{nodes: map[[2]string]Key{}, links: map[Key]bool{}}
	for k, a := range all {
		switch {
		case !a.Live() && (a.Phase != Resolved || now.Sub(a.Resolved) >= afterCause):
		case k.Peer != "":
			c.links[k] = true
		default:
			c.nodes[[2]string{k.Check, k.Node}] = k
		}
	}
	return c
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

// order puts a cause before what it explains, which has more causes, and else
// goes by name.
func order(a, b Key) int {
	return cmp.Or(len(checks.Causes(a.Check))-len(checks.Causes(b.Check)), strings.Compare(a.String(), b.String()))
}
