package conf

import (
	"net/netip"
	"slices"
	"strings"

	"vmqbot/regions"
	"vmqbot/secret"
)

// Listener is one listener that a file asks for.
type Listener struct {
	Key  string         // listener.ssl.default
	Kind string         // tcp, ssl, ws, wss, http, https, vmq or vmqs
	At   netip.AddrPort // where it listens
}

// mqtt reports whether clients speak MQTT there.
func (l Listener) mqtt() bool { return slices.Contains([]string{"tcp", "ssl", "ws", "wss"}, l.Kind) }

// cluster reports whether nodes speak to each other there.
func (l Listener) cluster() bool { return l.Kind == "vmq" || l.Kind == "vmqs" }

// listenersOf lists the listeners among settings, in the order of the written
// file. What is no ADDRESS:PORT is not among them.
func listenersOf(words map[string]secret.Word) []Listener {
	var keys []string
	for key := range words {
		if _, _, ok := regions.ListenerKey(key); ok {
			keys = append(keys, key)
		}
	}
	var all []Listener
	for _, key := range ordered(keys) {
		if at, good := regions.ListenerAddr(words[key].Reveal()); good {
			kind, _, _ := regions.ListenerKey(key)
			all = append(all, Listener{key, kind, at})
		}
	}
	return all
}

// optionsOf lists what is set at a place, as mountpoint for
// listener.tcp.b.mountpoint at listener.tcp.b; names of listeners are no
// options.
func optionsOf(place string, words map[string]secret.Word) []string {
	var all []string
	within := place + "."
	for key := range words {
		option, below := strings.CutPrefix(key, within)
		if !below || strings.Contains(option, ".") {
			continue
		}
		if _, _, name := regions.ListenerKey(key); !name {
			all = append(all, option)
		}
	}
	slices.Sort(all)
	return all
}
