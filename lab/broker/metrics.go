package broker

import (
	"sync"
	"time"
)

// metrics counts. Gauges are read from the node when somebody asks.
type metrics struct {
	legacy bool // 1.x, whose CONNACKs have a metric per code

	mu    sync.Mutex
	count map[string]int64
	hist  map[string]*histogram
}

// histogram has VerneMQ's buckets: 10 to 1 000 000 microseconds and infinity.
type histogram struct {
	Buckets [7]int64 // 10, 100, 1000, 10000, 100000, 1000000, infinity
	Count   int64
	Sum     int64
}

var bucketBounds = [6]int64{10, 100, 1000, 10000, 100000, 1000000}

func newMetrics(legacy bool) *metrics {
	return &metrics{legacy: legacy, count: map[string]int64{}, hist: map[string]*histogram{}}
}

func (m *metrics) add(name string, n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.count[name] += int64(n)
}

func (m *metrics) get(name string) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.count[name]
}

// observe adds a duration to a histogram.
func (m *metrics) observe(name string, d time.Duration) {
	us := d.Microseconds()
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.hist[name]
	if h == nil {
		h = &histogram{}
		m.hist[name] = h
	}
	h.Count++
	h.Sum += us
	for i, bound := range bucketBounds {
		if us <= bound {
			h.Buckets[i]++
		}
	}
	h.Buckets[6]++
}

func (m *metrics) histogram(name string) histogram {
	m.mu.Lock()
	defer m.mu.Unlock()
	if h := m.hist[name]; h != nil {
		return *h
	}
	return histogram{}
}
