package ship

import (
	"fmt"
	"sync"
	"time"
)

// meter says how far a transfer is: bytes, rate and the time that is left. The
// rate is that of the last moments, so that a line that became slow shows.
type meter struct {
	say   func(string)
	every time.Duration
	what  string
	size  int64

	mu   sync.Mutex
	done int64
	told time.Time
	past []sample
}

// sample is how far it was at one time.
type sample struct {
	at   time.Time
	done int64
}

// lately is how far back the rate looks.
const lately = 10 * time.Second

func newMeter(say func(string), every time.Duration, what string, size int64) *meter {
	return &meter{say: say, every: every, what: what, size: size}
}

// add counts bytes that have gone.
func (m *meter) add(n int64, now time.Time) {
	m.mu.Lock()
	done := m.done + n
	m.mu.Unlock()
	m.at(done, now)
}

// at notes how far it is, and says so from time to time.
func (m *meter) at(done int64, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done = done
	if len(m.past) == 0 {
		m.past, m.told = []sample{{now, done}}, now
		return
	}
	if now.Sub(m.told) < m.every {
		return
	}
	m.told = now
	m.past = append(m.past, sample{now, done})
	for len(m.past) > 2 && now.Sub(m.past[0].at) > lately {
		m.past = m.past[1:]
	}
	m.say("\r" + m.text())
}

// text is "24.2 of 119.8 MB, 6.1 MB/s, 16 s left".
func (m *meter) text() string {
	first, last := m.past[0], m.past[len(m.past)-1]
	rate := float64(last.done-first.done) / last.at.Sub(first.at).Seconds()
	text := fmt.Sprintf("%s: %s of %s", m.what, mega(min(m.done, m.size)), megabytes(m.size))
	if m.size == 0 { // nobody knows
		text = m.what + ": " + megabytes(m.done)
	}
	if rate <= 0 {
		return text + ", nothing moves"
	}
	text += fmt.Sprintf(", %.1f MB/s", rate/1e6)
	if left := m.size - m.done; left > 0 {
		text += fmt.Sprintf(", %s left", (time.Duration(float64(left)/rate) * time.Second).Round(time.Second))
	}
	return text
}

func mega(n int64) string { return fmt.Sprintf("%.1f", float64(n)/1e6) }

func megabytes(n int64) string { return mega(n) + " MB" }
