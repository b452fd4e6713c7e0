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
	var all []Listener
	for _, key := range (Settings{Words: words}).Keys() {
		kind, _, ok := regions.ListenerKey(key)
		if !ok {
			continue
		}
		if at, good := regions.ListenerAddr(words[key].Reveal()); good {
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
	for key := range words {
		option, below := strings.CutPrefix(key, place+".")
		if _, _, name := regions.ListenerKey(key); below && !name && !strings.Contains(option, ".") {
			all = append(all, option)
		}
	}
	slices.Sort(all)
	return all
}
