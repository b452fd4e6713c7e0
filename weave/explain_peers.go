package weave

import (
	"fmt"
	"strings"
)

// meaning says who is in the mesh and between whom a connection is missing.
func (l Peers) meaning() string {
	if len(l.Peers) == 1 && len(l.Peers[0].Connections) == 0 {
		p := l.Peers[0]
		return sentences(starting(l.Ready), fmt.Sprintf("%s is alone: it knows no other host. If there should be more, type `weave connect PEER...` with their addresses and look at `weave status connections`.", peerName(p.Name, p.NickName)))
	}
	return sentences(starting(l.Ready), meshMeaning(l.Peers))
}

func meshMeaning(peers []Peer) string {
	first := fmt.Sprintf("%s in the mesh: %s.", several(len(peers), "peer"), strings.Join(peerNames(peers), ", "))
	if gaps := gaps(peers); len(gaps) > 0 {
		return sentences(first, "Not connected directly: "+strings.Join(gaps, "; ")+". Traffic may take a way around; type `weave status connections` on both hosts for the reason.")
	}
	return sentences(first, "Every pair is connected. A host that is missing here is down or cut off: type `weave status` there.",
		"This says nothing about containers: `weave ps` shows which of them have their address.")
}

func peerNames(peers []Peer) []string {
	var names []string
	for _, p := range peers {
		names = append(names, peerName(p.Name, p.NickName))
	}
	return names
}

// gaps names the pairs without an established connection, each once.
func gaps(peers []Peer) []string {
	var found []string
	for i, a := range peers {
		for _, b := range peers[i+1:] {
			if !a.established(b.Name) && !b.established(a.Name) {
				found = append(found, peerName(a.Name, a.NickName)+" and "+peerName(b.Name, b.NickName))
			}
		}
	}
	return found
}

func (p Peer) established(name string) bool {
	for _, c := range p.Connections {
		if c.Name == name && c.Established {
			return true
		}
	}
	return false
}
