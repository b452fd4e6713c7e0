package vernemq

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

const jsonForm = "--format=json"

// ShowCluster asks this node for its view of the membership, as JSON.
func ShowCluster() []string { return admin("cluster", "show", jsonForm) }

// ShowListeners asks for the listeners that exist (one that failed to bind
// does not), as JSON.
func ShowListeners() []string { return admin("listener", "show", jsonForm) }

// ShowSessions asks for the sessions of the whole cluster, as JSON. It can
// hang for a minute while a node is cut off.
func ShowSessions() []string { return admin("session", "show", jsonForm) }

// ShowMetrics asks for this node's counters and gauges. As JSON they would be
// the same text in one string.
func ShowMetrics() []string { return admin("metrics", "show") }

// ShowPlugins asks for the enabled plugins, as JSON.
func ShowPlugins() []string { return admin("plugin", "show", jsonForm) }

// StopNode stops the broker inside the running Erlang process, so that the
// container and its address stay. It says Done whatever happens.
func StopNode() []string { return admin("node", "stop") }

// StartNode starts the broker inside the running Erlang process again. It
// says Done whatever happens.
func StartNode() []string { return admin("node", "start") }

// Join joins this node, which must be empty, to the cluster of discovery.
func Join(discovery NodeName) ([]string, error) {
	if discovery == (NodeName{}) {
		return nil, fmt.Errorf("no discovery node to join: name a member, for example VerneMQ@10.0.0.1")
	}
	return admin("cluster", "join", "discovery-node="+discovery.String(), jsonForm), nil
}

// LeaveOptions say how a node leaves. The zero value only closes the doors of
// a node that is online, or removes one that is dead.
type LeaveOptions struct {
	KillSessions bool          // also end sessions, migrate queues, remove the node and stop it
	Timeout      time.Duration // whole seconds; 0 means VerneMQ's 60 s
	Summary      time.Duration // whole seconds between progress lines; 0 means VerneMQ's 5 s
}

// Leave removes a node from the cluster. An unknown name also answers Done. Its
// progress comes in lines while it works, so it is not asked for as JSON.
func Leave(node NodeName, o LeaveOptions) ([]string, error) {
	if node == (NodeName{}) {
		return nil, fmt.Errorf("no node to remove: name it, for example VerneMQ@10.0.0.4")
	}
	argv := admin("cluster", "leave", "node="+node.String())
	if o.KillSessions {
		argv = append(argv, "-k")
	}
	for _, f := range []struct {
		flag string
		d    time.Duration
	}{{"--timeout=", o.Timeout}, {"--summary-interval=", o.Summary}} {
		if f.d < 0 || f.d%time.Second != 0 {
			return nil, fmt.Errorf("%s%v is not possible: VerneMQ takes whole positive seconds", f.flag, f.d)
		}
		if f.d > 0 {
			argv = append(argv, f.flag+strconv.Itoa(int(f.d/time.Second)))
		}
	}
	return argv, nil
}

// StartListener starts an MQTT listener, and never a cluster listener:
// VerneMQ has no type vmq here, and port 44053 would speak MQTT while it
// looks right (Rebind is the way).
func StartListener(at netip.AddrPort) ([]string, error) {
	if at.Port() == ClusterPort {
		return nil, fmt.Errorf("port %d is the cluster port, and `listener start` would open MQTT on it: re-bind it with nodetool instead", ClusterPort)
	}
	return listener("start", at)
}

// StopListener closes a listener's port; sessions stay.
func StopListener(at netip.AddrPort) ([]string, error) { return listener("stop", at) }

// DeleteListener forgets a stopped listener.
func DeleteListener(at netip.AddrPort) ([]string, error) { return listener("delete", at) }

// RestartListener opens a stopped or suspended listener again.
func RestartListener(at netip.AddrPort) ([]string, error) { return listener("restart", at) }

func listener(verb string, at netip.AddrPort) ([]string, error) {
	if !at.IsValid() || at.Port() == 0 || at.Addr().Zone() != "" {
		return nil, fmt.Errorf("%v is not a listener: give an address and a port, for example 0.0.0.0:1883", at)
	}
	return admin("listener", verb, "address="+at.Addr().String(), "port="+strconv.Itoa(int(at.Port()))), nil
}

// ShowSettings asks for the running values of settings, as JSON; with all,
// those of every node that can be reached (one that is down is missing).
func ShowSettings(all bool, keys ...string) ([]string, error) {
	if len(keys) == 0 {
		return nil, fmt.Errorf("no setting to show: name one, for example allow_register_during_netsplit")
	}
	for _, k := range keys {
		if err := checkKey(k); err != nil {
			return nil, err
		}
	}
	argv := append(admin("show"), keys...)
	if all {
		argv = append(argv, "--all")
	}
	return append(argv, jsonForm), nil
}

// Set changes a setting of this node until its next restart. It is not asked for
// as JSON, for the reason that SetAll has.
func Set(key, value string) ([]string, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	if value == "" || strings.IndexFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f || r == '=' }) >= 0 {
		return nil, fmt.Errorf("%q is not a value for %s: it must be one line, not empty and without an equals sign", value, key)
	}
	return admin("set", key+"="+value), nil
}

// SetAll changes a setting of every node that can be reached until its next
// restart. No format is ever added: with one VerneMQ applies the change and
// then crashes while it writes the answer.
func SetAll(key, value string) ([]string, error) {
	argv, err := Set(key, value)
	if err != nil {
		return nil, err
	}
	return append(argv, "--all"), nil
}

// SetOn changes a setting of one other node until its next restart.
func SetOn(node NodeName, key, value string) ([]string, error) {
	argv, err := Set(key, value)
	if err != nil {
		return nil, err
	}
	if node == (NodeName{}) {
		return nil, fmt.Errorf("no node to set %s on: name it, for example VerneMQ@10.0.0.1", key)
	}
	return append(argv, "--node="+node.String()), nil
}

func checkKey(k string) error {
	if k == "" || k[0] == '-' || k[0] == '.' || strings.IndexFunc(k, notAtomRune) >= 0 {
		return fmt.Errorf("%q is not the name of a setting: they look like allow_register_during_netsplit", k)
	}
	return nil
}

func admin(words ...string) []string { return append([]string{"vmq-admin"}, words...) }
