package weave

import (
	"net/netip"
	"regexp"

	"vmqbot/answer"
)

// Peers is the answer to weave status peers: this host and every peer that it
// can reach, directly or not, in no order.
type Peers struct {
	Ready bool   `json:"ready"` // false while the router is starting
	Peers []Peer `json:"peers"`
}

var peerLineRE = regexp.MustCompile(`^\s*(->|<-) +(\S+) +(` + mac + `)\((.*)\) +(established|pending)\s*$`)

// ParsePeers reads weave status peers. An answer that was cut between two
// lines is refused where that shows; in a full mesh it always does, except
// that the first heading alone is what a host without connections prints. For
// some seconds after a peer came or went, a whole answer may be refused as
// well; ask again.
func ParsePeers(a answer.Answer) (Peers, error) {
	text, ready, err := page(a)
	if err != nil {
		return Peers{}, err
	}
	all, err := lines(text)
	if err != nil {
		return Peers{}, err
	}
	found := Peers{Ready: ready}
	for _, l := range all {
		if m := headingRE.FindStringSubmatch(l); m != nil {
			found.Peers = append(found.Peers, Peer{Name: m[1], NickName: m[2], Connections: []PeerConnection{}})
			continue
		}
		c, ok := peerLine(l)
		if !ok || len(found.Peers) == 0 {
			return Peers{}, notWeave("status peers", l)
		}
		p := &found.Peers[len(found.Peers)-1]
		p.Connections = append(p.Connections, c)
	}
	if len(found.Peers) == 0 {
		return Peers{}, garbled(text, "weave status peers names at least its own host, and this answer names none: ask again")
	}
	if why := cut(found.Peers); why != "" {
		return Peers{}, garbled(text, "this list of peers is not whole: %s. It was cut, or the mesh is just changing: ask again", why)
	}
	return found, nil
}

func peerLine(l string) (PeerConnection, bool) {
	m := peerLineRE.FindStringSubmatch(l)
	if m == nil {
		return PeerConnection{}, false
	}
	_, err := netip.ParseAddrPort(m[2])
	return PeerConnection{
		Outbound: m[1] == "->", Address: m[2], Name: m[3], NickName: m[4], Established: m[5] == "established",
	}, err == nil
}
