package endpoints

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"vmqbot/checks"
	"vmqbot/ops"
	"vmqbot/regions"
)

// Board keeps what was seen last.
type Board struct {
	clock   ops.Clock
	started time.Time

	mu       sync.Mutex
	fleet    *regions.Fleet
	state    ops.Notice // Watching, StandingBy, Ended, or "" before any of them
	stateAt  time.Time  // when that was last said
	looked   time.Time  // when a look last ended, kept or not
	kept     time.Time  // when one was last kept
	swept    time.Time  // when a whole one was last kept
	trouble  error      // why the last look was not kept
	unsaid   time.Time  // since when people have been told nothing of what they must be told; zero when they know all
	nodes    map[string]checks.Verdict
	evidence map[string]string   // of a node that is not well
	links    map[[2]string]*Link // by both ends
	firing   []Firing
	redact   func(string) string // stands before everything that is shown
}

var _ ops.Witness = (*Board)(nil)

// NewBoard is empty until the first look.
func NewBoard(f *regions.Fleet, clock ops.Clock) *Board {
	b := &Board{clock: clock, started: clock.Now()}
	b.Loaded(f)
	return b
}

// Loaded notes that another fleet file is in force: what was seen of the one
// before is forgotten.
func (b *Board) Loaded(f *regions.Fleet) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fleet, b.redact = f, f.Redactor().Text
	b.nodes, b.evidence, b.links, b.firing = map[string]checks.Verdict{}, map[string]string{}, map[[2]string]*Link{}, nil
}

// Looked keeps one look. A look that did not ask something leaves what was seen
// of it before.
func (b *Board) Looked(l ops.Looked) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	b.looked, b.trouble, b.unsaid = now, l.Err, l.Unsaid
	if l.Err == nil {
		b.kept = now
		if l.Why == ops.WhySweep {
			b.swept = now
		}
	}
	b.judged(l.Found)
	b.measured(l)
	b.firing = nil
	for _, a := range l.After.Sorted() {
		if a.Needy() {
			b.firing = append(b.firing, Firing{Alert: a.Key.String(), Phase: a.Phase.String(), Since: a.Since, Evidence: b.redact(a.Last.Evidence), Muted: string(l.Gates[a.Key].Mute)})
		}
	}
}

// judged keeps the verdicts of nodes and links.
func (b *Board) judged(found []checks.Observation) {
	worst := map[string]checks.Observation{}
	for _, o := range found {
		if o.Peer != "" {
			b.link(o)
			continue
		}
		if was, is := worst[o.Node]; !is || rank(o) > rank(was) {
			worst[o.Node] = o
		}
	}
	for node, o := range worst {
		b.nodes[node] = o.Verdict
		delete(b.evidence, node)
		if o.Verdict != checks.OK {
			b.evidence[node] = b.redact(o.Check + ": " + o.Evidence)
		}
	}
}

// rank puts a cause before what it explains among the bad ones: the effect's
// story is told there.
func rank(o checks.Observation) int {
	switch o.Verdict {
	case checks.Bad:
		return 100 - len(checks.Causes(o.Check))
	case checks.Unknown:
		return 1
	default:
		return 0
	}
}

func (b *Board) link(o checks.Observation) {
	l := b.at(o.Node, o.Peer)
	switch o.Check {
	case "peer":
		l.Weave = o.Verdict
	case "channel":
		l.Channel = o.Verdict
	case "mqtt":
		l.Message = o.Verdict
	}
	if o.Verdict == checks.Bad {
		l.why[o.Check] = b.redact(o.Check + ": " + o.Evidence)
	} else {
		delete(l.why, o.Check)
	}
}

func (b *Board) at(from, to string) *Link {
	k := [2]string{from, to}
	if b.links[k] == nil {
		b.links[k] = &Link{From: from, To: to, why: map[string]string{}}
	}
	return b.links[k]
}

// measured keeps how long messages and echoes took.
func (b *Board) measured(l ops.Looked) {
	for _, c := range l.Seen.Crossings {
		d, _ := c.Delivered.Get()
		b.at(c.From, c.To).Took = d
	}
	for _, p := range l.Seen.Pings {
		e, _ := p.Echo.Get()
		b.at(p.From, p.To).RTT = e.Avg
	}
}

// Spoke is no part of the page: what waits for people, each look tells.
func (b *Board) Spoke(ops.Spoke) {}

// Healed is no part of the page.
func (b *Board) Healed(ops.Healed) {}

// Noticed keeps whether this process watches.
func (b *Board) Noticed(n ops.Noticed) {
	if !slices.Contains([]ops.Notice{ops.Watching, ops.StandingBy, ops.Ended}, n.Notice) {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.state, b.stateAt = n.Notice, b.clock.Now()
}

// latest is the later of two moments.
func latest(a, b time.Time) time.Time {
	if cmp.Compare(a.UnixNano(), b.UnixNano()) > 0 {
		return a
	}
	return b
}
