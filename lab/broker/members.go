package broker

import (
	"maps"
	"path/filepath"
	"slices"
	"sync"
)

// member is what the cluster state knows about one node.
type member struct {
	Clock uint64 `json:"clock"` // the higher one is right
	Gone  bool   `json:"gone"`
}

// members is the cluster state: who belongs to it, by this node's knowledge.
// It lives in data/ and outlasts the process.
type members struct {
	self string
	file string
	disk disk

	mu   sync.Mutex
	list map[string]member
}

func loadMembers(d disk, dir, self string) (*members, error) {
	m := &members{self: self, disk: d, file: filepath.Join(dir, "peer_service", "cluster_state.json"), list: map[string]member{}}
	found, err := readJSON(m.file, &m.list)
	if err != nil {
		return nil, err
	}
	if !found {
		m.list[self] = member{Clock: 1}
		err = m.disk.writeJSON(m.file, m.list)
	}
	return m, err
}

// names lists the members, sorted.
func (m *members) names() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []string
	for _, n := range slices.Sorted(maps.Keys(m.list)) {
		if !m.list[n].Gone {
			out = append(out, n)
		}
	}
	return out
}

func (m *members) has(node string) bool { return slices.Contains(m.names(), node) }

// state is a copy of everything, for other nodes.
func (m *members) state() map[string]member {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.list)
}

// add and remove change one member and store the change.
func (m *members) add(node string) error    { return m.change(node, false) }
func (m *members) remove(node string) error { return m.change(node, true) }

func (m *members) change(node string, gone bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	old, known := m.list[node]
	if known && old.Gone == gone || !known && gone {
		return nil
	}
	m.list[node] = member{Clock: old.Clock + 1, Gone: gone}
	return m.disk.writeJSON(m.file, m.list)
}

// merge takes what another node knows better. It reports whether anything
// changed.
func (m *members) merge(other map[string]member) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	changed := false
	for n, theirs := range other {
		ours, known := m.list[n]
		if !known || theirs.Clock > ours.Clock || theirs.Clock == ours.Clock && theirs.Gone && !ours.Gone {
			m.list[n] = theirs
			changed = true
		}
	}
	if !changed {
		return false, nil
	}
	return true, m.disk.writeJSON(m.file, m.list)
}

// replace forgets what was known: joining takes the other cluster's state,
// leaving goes back to a cluster of one.
func (m *members) replace(other map[string]member) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.list = maps.Clone(other)
	if me, ok := m.list[m.self]; !ok || me.Gone {
		m.list[m.self] = member{Clock: me.Clock + 1}
	}
	return m.disk.writeJSON(m.file, m.list)
}
