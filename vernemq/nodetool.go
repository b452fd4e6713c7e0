package vernemq

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// ClusterPort is the TCP port on which nodes exchange messages, where
// configured as the runbook has it.
const ClusterPort = 44053

// Rebind makes a running broker bind its cluster listener again, the mildest
// repair of a port that was not bound at start: no client is dropped and the
// buffered messages arrive. The cookie stands between before and after; it is
// a secret and so none of this package's words. The release is the directory
// that holds bin/nodetool. The exit status is 0 whatever Erlang answers: read
// it with ParseRebind.
func Rebind(release string, node NodeName, at netip.AddrPort) (before, after []string, err error) {
	if !at.Addr().Is4() || at.Addr().IsUnspecified() || at.Port() == 0 {
		return nil, nil, fmt.Errorf("the cluster port cannot be bound to %v: give the node's own IPv4 address and port, for example 10.0.0.1:44053", at)
	}
	terms := fmt.Sprintf("vmq. {%s}. %d. []. ", strings.ReplaceAll(at.Addr().String(), ".", ","), at.Port())
	return rpcterms(release, node, "vmq_ranch_config", "start_listener", terms)
}

// ListenersEnv asks which listeners are configured, those that did not bind
// included. The cookie stands between before and after, as for Rebind. Read
// the answer with ParseConfigured.
func ListenersEnv(release string, node NodeName) (before, after []string, err error) {
	return rpcterms(release, node, "vmq_config", "get_env", "listeners. ")
}

func rpcterms(release string, node NodeName, module, function, terms string) (before, after []string, err error) {
	if !strings.HasPrefix(release, "/") || strings.IndexFunc(release, func(r rune) bool { return r <= ' ' || r == 0x7f }) >= 0 {
		return nil, nil, fmt.Errorf("%s is not the directory of a VerneMQ release: give an absolute path, for example /usr/lib/vernemq", strconv.Quote(release))
	}
	if node == (NodeName{}) {
		return nil, nil, fmt.Errorf("no node to call: name it, for example VerneMQ@10.0.0.1")
	}
	tool := strings.TrimRight(release, "/") + "/bin/nodetool"
	return []string{"vernemq", "escript", tool, "-name", node.String(), "-setcookie"},
		[]string{"rpcterms", module, function, terms}, nil
}
