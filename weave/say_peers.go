package weave

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// hostName is an RFC 1123 name; an underscore is let through because real
// hosts have it.
var hostName = regexp.MustCompile(`^[a-zA-Z0-9]([a-zA-Z0-9_.-]{0,251}[a-zA-Z0-9])?$`)

// Connect says the command that adds peers to dial. Each peer is host[:port].
// Success means "will try": whether it works shows in StatusConnections.
func Connect(peers ...string) ([]string, error) { return sayPeers("connect", peers) }

// Forget says the command that stops dialing peers. A connection that is
// up stays up, and an unknown peer is forgotten without complaint.
func Forget(peers ...string) ([]string, error) { return sayPeers("forget", peers) }

func sayPeers(verb string, peers []string) ([]string, error) {
	if len(peers) == 0 {
		return nil, fmt.Errorf("weave %s needs at least one peer: write host or host:port", verb)
	}
	for _, p := range peers {
		if err := checkPeer(p); err != nil {
			return nil, err
		}
	}
	return append([]string{"weave", verb}, peers...), nil
}

// checkPeer is strict because the script pastes peers into a form body
// unescaped: an ampersand would add a second peer.
func checkPeer(peer string) error {
	host, port, hasPort := strings.Cut(peer, ":")
	if hasPort {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 || port != strconv.Itoa(n) {
			return fmt.Errorf("%q is not a peer: the port must be a number from 1 to 65535, as in 203.0.113.7:%d", peer, Port)
		}
	}
	if a, err := netip.ParseAddr(host); err == nil && a.Is4() && !a.IsUnspecified() {
		return nil
	}
	if !hostName.MatchString(host) || strings.Trim(host, "0123456789.") == "" {
		return fmt.Errorf("%q is not a peer: write an IPv4 address or a host name, with :port if it is not %d", peer, Port)
	}
	return nil
}
