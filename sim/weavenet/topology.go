package weavenet

import (
	"slices"
)

// topology is one router's picture of the mesh, as mesh's peers.go keeps it.
type topology struct {
	self  string
	peers map[string]*peer
	order []string // as they became known; the router itself first
}

func newTopology(self peer) topology {
	return topology{self: self.Name, peers: map[string]*peer{self.Name: self.seal()}, order: []string{self.Name}}
}

// all are the known peers.
func (t *topology) all() []*peer {
	list := make([]*peer, len(t.order))
	for i, name := range t.order {
		list[i] = t.peers[name]
	}
	return list
}

func (t *topology) own() *peer { return t.peers[t.self] }

// add makes a peer known that is met for the first time.
func (t *topology) add(p *peer) {
	if t.peers[p.Name] == nil {
		t.order = append(t.order, p.Name)
		t.peers[p.Name] = p
	}
}

// change replaces the router's own connections.
func (t *topology) change(conns []peerConn) {
	own := *t.own()
	own.Connections, own.Version = conns, own.Version+1
	t.peers[t.self] = own.seal()
}

// merge takes news and returns the names of those that were new, which are to
// be passed on.
func (t *topology) merge(news []*peer) (fresh []string) {
	for _, p := range news {
		old := t.peers[p.Name]
		switch {
		case p.Name == t.self:
			// Others remember an earlier run of this router: outdo it.
			if p.UID != old.UID && p.Version >= old.Version {
				own := *old
				own.Version = p.Version + 1
				t.peers[t.self] = own.seal()
				fresh = append(fresh, t.self)
			}
		case old == nil:
			t.add(p)
			fresh = append(fresh, p.Name)
		case p.Version > old.Version || p.Version == old.Version && p.UID > old.UID:
			t.peers[p.Name] = p
			fresh = append(fresh, p.Name)
		}
	}
	return fresh
}

// collect forgets peers to which no connections lead.
func (t *topology) collect() {
	reached, _ := t.reach(t.self, "", func(string, string) bool { return true })
	t.order = slices.DeleteFunc(t.order, func(name string) bool {
		if _, ok := reached[name]; ok {
			return false
		}
		delete(t.peers, name)
		return true
	})
}

// edge is a connection from one peer to another.
type edge struct{ from, to string }

// established are the connections of which both sides say that they are.
func (t *topology) established() func(from, to string) bool {
	set := map[edge]bool{}
	for _, p := range t.peers {
		for _, c := range p.Connections {
			if c.Established {
				set[edge{p.Name, c.Name}] = true
			}
		}
	}
	return func(from, to string) bool { return set[edge{from, to}] && set[edge{to, from}] }
}

// reach walks the mesh from a peer over the connections that use allows, level
// by level, and ends before the level of the peer stop. It gives the first
// neighbor on the way to each.
func (t *topology) reach(from, stop string, use func(from, to string) bool) (via map[string]string, found bool) {
	via = map[string]string{from: ""}
	for level := []string{from}; len(level) > 0; {
		if slices.Contains(level, stop) {
			return via, true
		}
		var next []string
		for _, name := range level {
			p := t.peers[name]
			if p == nil {
				continue
			}
			for _, c := range p.Connections {
				if _, known := via[c.Name]; known || t.peers[c.Name] == nil || !use(name, c.Name) {
					continue
				}
				via[c.Name] = via[name]
				if name == from {
					via[c.Name] = c.Name
				}
				next = append(next, c.Name)
			}
		}
		level = next
	}
	return via, false
}

// broadcasts are for each source the neighbors to whom this router passes its
// broadcasts on: those who have not got them by the time that it does.
func (t *topology) broadcasts() map[string][]string {
	all, use := map[string][]string{}, t.established()
	neighbors := 0
	for _, c := range t.own().Connections {
		if use(t.self, c.Name) {
			neighbors++
		}
	}
	if neighbors < 2 { // at the edge nothing is passed on but one's own
		for _, c := range t.own().Connections {
			if use(t.self, c.Name) {
				all[t.self] = []string{c.Name}
			}
		}
		return all
	}
	for _, name := range t.order {
		before, found := t.reach(name, t.self, use)
		if !found {
			continue
		}
		for _, c := range t.own().Connections {
			if _, has := before[c.Name]; !has && use(t.self, c.Name) {
				all[name] = append(all[name], c.Name)
			}
		}
	}
	return all
}
