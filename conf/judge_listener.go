package conf

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"vmqbot/regions"
)

// listeners judges each listener, and each pair.
func (j *judge) listeners() {
	j.unreadable()
	all := listenersOf(j.words)
	for i, l := range all {
		j.listener(l)
		for _, other := range all[:i] {
			data := l.At.Port() == regions.ClusterPort && l.cluster() != other.cluster() // said by listener
			if clash(l.At, other.At) && !data {
				j.stop(l.Key, "Give each listener a port of its own.", "%s and %s both listen on %s.", other.Key, l.Key, j.words[l.Key])
			}
		}
	}
}

// unreadable finds listeners whose value is no ADDRESS:PORT.
func (j *judge) unreadable() {
	for _, key := range (Settings{Words: j.words}).Keys() {
		w := j.words[key]
		_, _, is := regions.ListenerKey(key)
		if _, good := regions.ListenerAddr(w.Reveal()); !is || good || strings.HasPrefix(w.Reveal(), "local:") {
			continue
		}
		j.stop(key, "Write ADDRESS:PORT with a port from 1 to 65535, as 0.0.0.0:1883.", "%s is %s, where nothing can listen.", key, w)
	}
}

func (j *judge) listener(l Listener) {
	own := j.node.Address.Addr()
	addr, said := l.At.Addr(), j.words[l.Key]
	inside := addr.IsUnspecified() || addr.IsLoopback() || addr == own
	switch {
	case !inside:
		j.stop(l.Key, "Write 0.0.0.0, 127.0.0.1 or "+own.String()+".",
			"%s is %s, which is no address of %s; VerneMQ would start and nothing would listen.", l.Key, said, j.node.Name)
	case l.cluster() && addr != own:
		j.stop(l.Key, "Write "+j.node.ClusterAddr().String()+".",
			"%s is %s, and every peer that dials it reaches itself, so no message crosses while cluster show is true.", l.Key, said)
	case !l.cluster() && l.At.Port() == regions.ClusterPort:
		j.stop(l.Key, "Choose another port.", "%s is on %d, which is the data channel's.", l.Key, regions.ClusterPort)
	case l.At.Port() == mapperPort:
		j.stop(l.Key, "Choose another port.", "%s is on %d, which is that of Erlang's port mapper.", l.Key, mapperPort)
	}
}

// mapperPort is where epmd tells nodes of each other.
const mapperPort = 4369

// clash reports whether two listeners cannot both have their port.
func clash(a, b netip.AddrPort) bool {
	return a.Port() == b.Port() && (a.Addr() == b.Addr() || a.Addr().IsUnspecified() || b.Addr().IsUnspecified())
}

// ports compares what listens with what the container publishes, and names
// what the gate cannot keep closed.
func (j *judge) ports() {
	all := listenersOf(j.words)
	for _, port := range j.node.Ports {
		if port != mapperPort && !j.distributes(port) && !slices.ContainsFunc(all, func(l Listener) bool { return int(l.At.Port()) == port }) {
			j.tell("", "Write a listener for it, or take it out of container.ports.", "port %d is published and nothing listens there.", port)
		}
	}
	for _, l := range all {
		published := slices.Contains(j.node.Ports, int(l.At.Port()))
		if published && !l.cluster() && !l.At.Addr().IsUnspecified() {
			j.tell(l.Key, "Write 0.0.0.0, or take the port out of container.ports.",
				"%s is %s, and Docker sends what arrives for the published port to another address of the container.", l.Key, j.words[l.Key])
		}
		if _, door := doorOf(l, j.words, j.version); l.mqtt() && !door {
			j.tell(l.Key, "Know it before you deploy; plain TCP without settings of its own is opened by the gate instead.",
				"%s opens as soon as the broker starts: clients may be refused their subscriptions, and can reach a node that has not joined.", l.Key)
			j.found[len(j.found)-1].Early = true
		}
	}
	if !slices.ContainsFunc(all, Listener.mqtt) {
		j.tell("", "Write 1883 into container.ports, or a listener.tcp under conf.", "%s has no MQTT listener.", j.node.Name)
	}
}

// distributes reports whether Erlang's own connections may use a port.
func (j *judge) distributes(port int) bool {
	lo, err := strconv.Atoi(j.words["erlang.distribution.port_range.minimum"].Reveal())
	hi, bad := strconv.Atoi(j.words["erlang.distribution.port_range.maximum"].Reveal())
	return err == nil && bad == nil && lo <= port && port <= hi
}
