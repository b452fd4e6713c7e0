package bot

import (
	"sync"
	"time"
)

// memory remembers keys for a while, in this process only.
type memory struct {
	mu    sync.Mutex
	until map[string]time.Time
	swept time.Time
}

func newMemory() *memory { return &memory{until: map[string]time.Time{}} }

func (m *memory) first(key string, now time.Time, keep time.Duration) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now.Sub(m.swept) > time.Minute {
		for k, end := range m.until {
			if !now.Before(end) {
				delete(m.until, k)
			}
		}
		m.swept = now
	}
	if end, ok := m.until[key]; ok && now.Before(end) {
		return false
	}
	m.until[key] = now.Add(keep)
	return true
}
