package vernemq

import (
	"fmt"
	"net/netip"
	"strings"
)

// NodeName is the name of an Erlang node whose host part is an IPv4 or IPv6
// address, as in VerneMQ@10.0.0.1. The zero value is no node.
type NodeName struct {
	Name string     // the part before the @
	Addr netip.Addr // the part after it: the node's address in the overlay
}

// ParseNodeName reads NAME@ADDRESS. A host name after the @ is refused: in
// this cluster a node is known by its address, and the address is checked.
func ParseNodeName(s string) (NodeName, error) {
	name, host, ok := strings.Cut(s, "@")
	if !ok || name == "" || strings.IndexFunc(name, notAtomRune) >= 0 {
		return NodeName{}, fmt.Errorf("%q is not a node name: write NAME@ADDRESS, for example VerneMQ@10.0.0.1", s)
	}
	addr, err := netip.ParseAddr(host)
	if err != nil || addr.Zone() != "" {
		return NodeName{}, fmt.Errorf("%q is not a node name: what follows the @ must be an IP address, for example VerneMQ@10.0.0.1", s)
	}
	return NodeName{name, addr}, nil
}

// String returns NAME@ADDRESS, or nothing for the zero value.
func (n NodeName) String() string {
	if n.Name == "" {
		return ""
	}
	return n.Name + "@" + n.Addr.String()
}

// MarshalText writes the name as String does.
func (n NodeName) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads the name as ParseNodeName does.
func (n *NodeName) UnmarshalText(b []byte) (err error) {
	*n, err = ParseNodeName(string(b))
	return err
}

func notAtomRune(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_', r == '-', r == '.':
		return false
	}
	return true
}
