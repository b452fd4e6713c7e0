package conf

import (
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"vmqbot/secret"
)

// Door is an MQTT listener that the gate opens when the plugins answer, so
// that nobody is let in before. It is not in the written vernemq.conf.
type Door struct {
	At    netip.AddrPort
	Flags []string // of `vmq-admin listener start`, which knows none of the file's settings; "--name=value" each
}

// String is the door's line for the gate: address, port, flags.
func (d Door) String() string {
	return strings.Join(slices.Concat([]string{d.At.Addr().String(), strconv.Itoa(int(d.At.Port()))}, d.Flags), " ")
}

const protocolsOption = "allowed_protocol_versions"

// carried are the settings of a listener that `listener start` takes as
// flags, in every version from 1.6.1 on (vmq_listener_cli.erl).
var carried = []string{protocolsOption, "max_connections", "mountpoint", "nr_of_acceptors"}

// isFlagValue is what no shell and no reader of lines takes for anything else.
var isFlagValue = regexp.MustCompile(`^[A-Za-z0-9_./,:-]+$`)

// doorOf turns a listener of the file into a door. It reports false for one
// that the gate cannot open alike: other than plain TCP, or with a setting
// that `listener start` does not take.
func doorOf(l Listener, words map[string]secret.Word, v Version) (Door, bool) {
	d := Door{At: l.At}
	if l.Kind != "tcp" {
		return d, false
	}
	set := settingsOf(l.Key, words)
	if set[protocolsOption] == "" {
		set[protocolsOption] = v.protocols()
	}
	for _, option := range slices.Sorted(maps.Keys(set)) {
		value := set[option]
		switch {
		case value == "-1" || value == "off" || value == "0": // VerneMQ's own default, at run time as well
		case !slices.Contains(carried, option) || !isFlagValue.MatchString(value):
			return d, false
		default:
			d.Flags = append(d.Flags, "--"+option+"="+value)
		}
	}
	return d, true
}

// settingsOf is what is set for a TCP listener, by option: its own setting
// before that of its kind, before that of all listeners.
func settingsOf(key string, words map[string]secret.Word) map[string]string {
	set := map[string]string{}
	for _, place := range []string{"listener", "listener.tcp", key} {
		for _, option := range optionsOf(place, words) {
			value := strings.ReplaceAll(words[place+"."+option].Reveal(), " ", "")
			if value != "-1" || set[option] == "" {
				set[option] = value
			}
		}
	}
	return set
}
