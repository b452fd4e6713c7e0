package alerts

import (
	"fmt"
	"strings"

	"vmqbot/checks"
)

// Key names one thing that can go wrong: a check on a node, or on the link
// between two. Severity and evidence are no part of it: they change while it
// is the same trouble.
type Key struct {
	Check  string `json:"check"`
	Region string `json:"region"`
	Node   string `json:"node"`
	Peer   string `json:"peer,omitempty"` // the other end of a link; Node is the lesser of the two
}

// Key is the key of what was judged. Both directions of a link have one.
func (in Places) Key(o checks.Observation) Key {
	k := Key{Check: o.Check, Region: o.Region, Node: o.Node, Peer: o.Peer}
	if k.Peer != "" && k.Peer < k.Node {
		k.Node, k.Peer, k.Region = k.Peer, k.Node, in[k.Peer]
	}
	return k
}

// String is "ip/cn/cn-1", or "channel/cn/cn-1--sg-1" for a link: what people
// type to name an alert.
func (k Key) String() string { return k.Group() + "/" + k.Where() }

// Where is "cn-1", or "cn-1--sg-1" for a link.
func (k Key) Where() string {
	if k.Peer == "" {
		return k.Node
	}
	return k.Node + "--" + k.Peer
}

// Group is what shares one message: the check and the region.
func (k Key) Group() string { return k.Check + "/" + k.Region }

// Ends are the nodes that it is about: one, or the two of a link.
func (k Key) Ends() []string {
	if k.Peer == "" {
		return []string{k.Node}
	}
	return []string{k.Node, k.Peer}
}

// ParseKey reads what String wrote; false when it is none.
func ParseKey(s string) (Key, bool) {
	parts := strings.Split(s, "/")
	if len(parts) != 3 || parts[0] == "" || parts[1] == "" || parts[2] == "" {
		return Key{}, false
	}
	node, peer, link := strings.Cut(parts[2], "--")
	return Key{Check: parts[0], Region: parts[1], Node: node, Peer: peer}, node != "" && link == (peer != "")
}

// ID names one alert: the number grows with each new trouble of the same key.
type ID struct {
	Key Key `json:"key"`
	Seq int `json:"seq"`
}

// String is "ip/cn/cn-1#3".
func (i ID) String() string { return fmt.Sprintf("%s#%d", i.Key, i.Seq) }
