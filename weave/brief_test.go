package weave

import (
	"fmt"
	"strings"
)

// brief writes typed facts in one line, for the tables of these tests.
func brief(facts any) string {
	var words []string
	add := func(format string, args ...any) { words = append(words, fmt.Sprintf(format, args...)) }
	switch f := facts.(type) {
	case nil:
	case usagePage: // the same in every version; its beginning and end are tested with it
		if !usageText(f.Usage + "\n") {
			add("not the whole page")
		}
	case Connections:
		for _, c := range f.Connections {
			add("%s", briefConnection(c))
		}
	case Peers:
		for _, p := range f.Peers {
			add("%s", briefPeer(p))
		}
	case Report:
		add("%s %s=%s ipam %s", f.Version, f.NickName, f.Name, f.IPAM.State)
		for _, c := range f.Connections {
			add("%s", briefConnection(c))
		}
		for _, p := range f.Peers {
			add("%s", briefPeer(p))
		}
	case RouterStatus:
		add("ready=%t %s %s=%s", f.Ready, f.Version, f.NickName, f.Name)
		add("targets %d connections %v peers %v", f.Targets, f.Connections, f.Peers)
		if f.IPAM != nil {
			add("ipam %s", f.IPAM.State)
		}
		if f.DNS != nil {
			add("dns %d", f.DNS.Entries)
		}
		if f.Proxy != nil {
			add("proxy %v", f.Proxy.Addresses)
		}
		if f.Plugin != nil {
			add("plugin %s", f.Plugin.Kind)
		}
	case PSList:
		for _, e := range f.Entries {
			add("%s %v", e.ID, e.Addresses)
		}
	case Attached:
		add("%s %v", f.Container, f.Addresses)
		for _, o := range f.Overlaps {
			add("overlap %s with %s", o.Address, o.Route)
		}
	case Details:
		for _, v := range []string{f.Address, f.Container, f.OwnerContainer, f.OwnerPeer, f.OwnerNickname, f.Host, f.Router} {
			if v != "" {
				add("%.24s", v)
			}
		}
	default:
		add("%+v", f)
	}
	return strings.Join(words, "; ")
}

func briefConnection(c Connection) string {
	arrow := "<-"
	if c.Outbound {
		arrow = "->"
	}
	words := strings.Join([]string{arrow, c.Address, string(c.State), c.Carrier, c.NickName, c.PeerName}, " ")
	return strings.Join(strings.Fields(fmt.Sprintf("%s %d %s %s", words, c.MTU, c.Error, c.Retry)), " ")
}

func briefPeer(p Peer) string {
	words := p.NickName + ":"
	for _, c := range p.Connections {
		words += fmt.Sprintf(" %s/%.3s/%.3s", c.NickName, c.Direction(), map[bool]string{true: "est", false: "pen"}[c.Established])
	}
	return words
}
