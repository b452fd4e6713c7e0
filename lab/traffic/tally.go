package traffic

import (
	"fmt"
	"sync"
	"time"
)

// tally is the clock of a run, and its list of troubles.
type tally struct {
	mu       sync.Mutex // around everything here and in the pairs
	begun    time.Time  // zero until messages count
	ended    time.Time  // zero while messages are published
	troubles map[string]*Trouble
}

func (t *tally) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.begun = time.Now()
}

func (t *tally) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = time.Now()
}

// since is the time since messages count, in seconds with one decimal.
func (t *tally) since(at time.Time) float64 { return tenths(at.Sub(t.begun)) }

func tenths(d time.Duration) float64 {
	return float64(d.Round(100*time.Millisecond).Milliseconds()) / 1000
}

// trouble notes that something went wrong at a region, once per kind. The
// caller holds mu.
func (t *tally) trouble(at, what string) {
	if what == "" || t.begun.IsZero() {
		return
	}
	now := t.since(time.Now())
	key := at + "\n" + what
	if t.troubles[key] == nil {
		t.troubles[key] = &Trouble{At: at, What: what, First: now}
	}
	t.troubles[key].Count++
	t.troubles[key].Last = now
}

// letter is the fate of one message.
type letter struct {
	sent       time.Time
	acked, got bool
}

// pair is the traffic from one region to another.
type pair struct {
	from, to Region
	topic    string
	tally    *tally
	warm     chan struct{} // closed when a message has arrived

	warmed  bool
	letters []letter
	count   Counts
	latest  time.Time // when a message arrived for the first time, the last of them
	gap     time.Duration
}

// next is the number of the pair's next message.
func (p *pair) next() int {
	p.tally.mu.Lock()
	defer p.tally.mu.Unlock()
	p.letters = append(p.letters, letter{sent: time.Now()})
	return len(p.letters) - 1
}

func (p *pair) skip() {
	p.tally.mu.Lock()
	defer p.tally.mu.Unlock()
	p.count.Skipped++
	p.tally.trouble(p.from.Name, fmt.Sprintf("%d connections are open already", inFlight))
}

// note writes down how message n fared with its publisher.
func (p *pair) note(n int, e end) {
	p.tally.mu.Lock()
	defer p.tally.mu.Unlock()
	c := &p.count
	c.Connects++
	switch {
	case e.code != 0:
		c.Refused++
		if c.RefusedBy == nil {
			c.RefusedBy = map[string]int{}
		}
		c.RefusedBy[fmt.Sprint(e.code)]++
	case e.cut:
		c.Cut++
	case e.silent:
		c.Silent++
	case !e.answered:
		c.Unreachable++
	}
	if e.published {
		c.Published++
	}
	if e.acked {
		c.Acknowledged++
		p.letters[n].acked = true
	}
	p.tally.trouble(p.from.Name, e.trouble)
}

// hear writes down that message n arrived.
func (p *pair) hear(n int) {
	p.tally.mu.Lock()
	defer p.tally.mu.Unlock()
	now := time.Now()
	if n == warm {
		if !p.warmed {
			p.warmed = true
			close(p.warm)
		}
		return
	}
	if n < 0 || n >= len(p.letters) {
		return
	}
	if p.letters[n].got {
		p.count.Duplicates++
		return
	}
	p.letters[n].got = true
	p.count.Received++
	p.silence(now)
	p.latest = now
}

// silence takes the time since the latest arrival into account.
func (p *pair) silence(now time.Time) {
	last := p.latest
	if last.IsZero() {
		last = p.tally.begun
	}
	p.gap = max(p.gap, now.Sub(last))
}

// counts are the pair's figures as of now.
func (p *pair) counts() Counts {
	p.tally.mu.Lock()
	defer p.tally.mu.Unlock()
	if ended := p.tally.ended; !ended.IsZero() && ended.After(p.latest) {
		p.silence(ended)
	}
	c := p.count
	c.LongestGap = p.gap.Milliseconds()
	for _, l := range p.letters {
		if !l.acked || l.got {
			continue
		}
		if c.Lost == 0 {
			c.LostFrom = p.tally.since(l.sent)
		}
		c.Lost++
		c.LostTo = p.tally.since(l.sent)
	}
	return c
}
