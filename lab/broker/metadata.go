package broker

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"sync"
	"time"
)

// metadata is the replicated store: subscriptions under sub/ and retained
// messages under ret/.
type metadata struct {
	self  string
	log   string // the file that outlasts the node
	disk  disk
	met   *metrics
	onSet func(entry) // called for every accepted change, outside the lock

	mu    sync.Mutex
	all   map[string]entry
	keys  [parts]map[string]bool
	sum   [parts]uint64
	clock uint64
}

func loadMetadata(d disk, dir, self string, met *metrics) (*metadata, error) {
	m := &metadata{self: self, disk: d, log: filepath.Join(dir, "kv.log"), met: met, all: map[string]entry{}, onSet: func(entry) {}}
	return m, m.load()
}

// put writes a value of this node, or deletes the key when v is nil, and
// returns the entry for the other nodes.
func (m *metadata) put(key string, v any) (entry, error) {
	e := entry{Key: key, By: m.self, Gone: v == nil}
	if v != nil {
		b, err := json.Marshal(v)
		if err != nil {
			return entry{}, err
		}
		e.Val = b
	}
	m.mu.Lock()
	m.clock++
	e.Clock = m.clock
	err := m.store(e)
	m.mu.Unlock()
	m.onSet(e)
	return e, err
}

// accept takes another node's entry when it is newer.
func (m *metadata) accept(e entry) (bool, error) {
	m.mu.Lock()
	old, known := m.all[e.Key]
	if known && !old.version().before(e.version()) {
		m.mu.Unlock()
		return false, nil
	}
	m.clock = max(m.clock, e.Clock)
	err := m.store(e)
	m.mu.Unlock()
	m.onSet(e)
	return true, err
}

// store needs the lock.
func (m *metadata) store(e entry) error {
	begin := time.Now()
	m.keep(e)
	var line bytes.Buffer
	err := encode(&line, e)
	if err == nil {
		err = m.disk.append(m.log, line.Bytes())
	}
	m.met.observe("metadata_put_microseconds", time.Since(begin))
	return err
}
