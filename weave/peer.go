package weave

import "strings"

// Peer is one router of the mesh, as this host knows it.
type Peer struct {
	Name        string           `json:"name"`
	NickName    string           `json:"nickname"`
	UID         uint64           `json:"uid,omitempty"`      // random at each start; 0 in text, which lacks it
	ShortID     int              `json:"short_id,omitempty"` // 0 in text
	Version     uint64           `json:"version,omitempty"`  // of its own entry; 0 in text
	Connections []PeerConnection `json:"connections"`
}

// PeerConnection is a connection as its peer reported it to everybody.
type PeerConnection struct {
	Name        string // of the other end
	NickName    string
	Address     string // IP:port of the other end
	Outbound    bool
	Established bool
}

// has reports whether the peer lists a connection with the named one.
func (p Peer) has(name string) bool {
	for _, c := range p.Connections {
		if c.Name == name {
			return true
		}
	}
	return false
}

// cut gives the reason why peers cannot be the whole list, or "". A router
// knows every peer that is at the end of a connection, and both ends of a
// connection list it; only the last paragraph can have lost lines.
func cut(peers []Peer) string {
	known := map[string]bool{}
	for _, p := range peers {
		if known[p.Name] {
			return "the peer " + peerName(p.Name, p.NickName) + " appears twice"
		}
		known[p.Name] = true
	}
	last := peers[len(peers)-1]
	var missing []string
	for _, p := range peers {
		for _, c := range p.Connections {
			if !known[c.Name] {
				return "the paragraph of the peer " + peerName(c.Name, c.NickName) + " is missing"
			}
		}
		if p.has(last.Name) && !last.has(p.Name) {
			missing = append(missing, peerName(p.Name, p.NickName))
		}
	}
	if len(missing) > 0 {
		return "the last peer, " + peerName(last.Name, last.NickName) + ", does not list its connection with " + strings.Join(missing, ", ")
	}
	return ""
}
