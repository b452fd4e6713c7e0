package broker

import (
	"encoding/binary"
	"hash/fnv"
	"slices"
)

// parts is into how many parts metadata is divided for comparing: two nodes
// that agree tell each other one number for each, and never all keys. Keys stay
// for good, also those of clients that are gone.
const parts = 256

func part(key string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key)) // never fails
	return int(h.Sum32() % parts)
}

// sum stands for one version of one key. The sum of a part is all of its
// entries' by exclusive or, so that a change costs the same however many there are.
func (e entry) sum() uint64 {
	h := fnv.New64a()
	_, _ = h.Write(binary.BigEndian.AppendUint64([]byte(e.Key), e.Clock))
	_, _ = h.Write([]byte(e.By))
	return h.Sum64()
}

// keep replaces the entry of a key. It needs the lock.
func (m *metadata) keep(e entry) {
	p := part(e.Key)
	if m.keys[p] == nil {
		m.keys[p] = map[string]bool{}
	}
	if old, ok := m.all[e.Key]; ok {
		m.sum[p] ^= old.sum()
	}
	m.sum[p] ^= e.sum()
	m.keys[p][e.Key] = true
	m.all[e.Key] = e
}

// sums are those of all parts.
func (m *metadata) sums() []uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.sum[:])
}

// differ lists the parts in which another node has other sums.
func (m *metadata) differ(theirs []uint64) (out []int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for p, sum := range m.sum {
		if p >= len(theirs) || theirs[p] != sum {
			out = append(out, p)
		}
	}
	return out
}

// digest is the version of every key of some parts.
func (m *metadata) digest(of []int) map[string]version {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[string]version{}
	for _, e := range m.in(of) {
		out[e.Key] = e.version()
	}
	return out
}

// newer returns what this node has in some parts and the other lacks, and the
// keys that the other has newer.
func (m *metadata) newer(of []int, theirs map[string]version) (send []entry, want []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.in(of) {
		if v, ok := theirs[e.Key]; !ok || v.before(e.version()) {
			send = append(send, e)
		}
	}
	for k, v := range theirs {
		if e, ok := m.all[k]; !ok || e.version().before(v) {
			want = append(want, k)
		}
	}
	return send, want
}

// in lists the entries of some parts. It needs the lock.
func (m *metadata) in(of []int) (out []entry) {
	for _, p := range of {
		if p < 0 || p >= parts {
			continue // what another node says
		}
		for k := range m.keys[p] {
			out = append(out, m.all[k])
		}
	}
	return out
}
