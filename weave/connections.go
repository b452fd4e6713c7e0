package weave

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"vmqbot/answer"
)

// Connections is the answer to weave status connections. No connections is a
// complete answer: a host that was launched alone.
type Connections struct {
	Ready       bool         `json:"ready"` // false while the router is starting
	Connections []Connection `json:"connections"`
}

var (
	connectionRE = regexp.MustCompile(`^\s*(->|<-) +(\S+) +([a-z]+)(?: +(.*))?$`)
	// The template prints attributes without a blank between them:
	// "encrypted=truemtu=1376".
	attrsRE = regexp.MustCompile(`^(.*\)) *(?:(encrypted=true)?(?:mtu=(\d{1,6}))?)$`)
)

// ParseConnections reads weave status connections. A cut between two lines
// cannot be seen: compare with the count of weave status when it matters.
func ParseConnections(a answer.Answer) (Connections, error) {
	text, ready, err := page(a)
	if err != nil {
		return Connections{}, err
	}
	all, err := lines(text)
	if err != nil {
		return Connections{}, err
	}
	found := Connections{Ready: ready, Connections: make([]Connection, 0, len(all))}
	for _, l := range all {
		c, ok := connectionLine(l)
		if !ok {
			return Connections{}, notWeave("status connections", l)
		}
		if slices.Contains(found.Connections, c) {
			return Connections{}, notWeave("status connections", l)
		}
		found.Connections = append(found.Connections, c)
	}
	return found, nil
}

func connectionLine(l string) (Connection, bool) {
	m := connectionRE.FindStringSubmatch(l)
	if m == nil {
		return Connection{}, false
	}
	c := Connection{Outbound: m[1] == "->", Address: m[2], State: State(m[3])}
	if _, err := netip.ParseAddrPort(c.Address); err != nil || !c.State.Known() {
		return c, false
	}
	c.Info = strings.TrimRight(m[4], " ")
	if c.State != Established && c.State != Pending {
		return c, c.fill()
	}
	attrs := attrsRE.FindStringSubmatch(c.Info)
	if attrs == nil {
		return c, false
	}
	c.Info = attrs[1]
	if !c.fill() || (attrs[3] != "") != c.measured() || attrs[2] != "" && !c.Encrypted {
		return c, false
	}
	if attrs[3] != "" {
		mtu, err := strconv.Atoi(attrs[3])
		if err != nil {
			return c, false
		}
		c.MTU = mtu
	}
	return c, true
}
