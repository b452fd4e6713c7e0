//go:build bench

package bench

import (
	"context"
	"slices"
	"sync"
	"time"

	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
)

// span is something that took its time.
type span struct{ from, to time.Time }

func (s span) took() time.Duration { return s.to.Sub(s.from) }

// trace remembers when the runner looked and when it did something.
type trace struct {
	mu      sync.Mutex
	looks   []span
	effects []span
}

func (tr *trace) add(to *[]span, from time.Time) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	*to = append(*to, span{from, time.Now()})
}

// within are the spans that begin in a longer one.
func within(all []span, in span) (found []span) {
	for _, s := range all {
		if !s.from.Before(in.from) && s.from.Before(in.to) {
			found = append(found, s)
		}
	}
	return found
}

type tracedLooker struct {
	ops.Looker
	tr *trace
}

// Look is timed.
func (l tracedLooker) Look(ctx context.Context, nodes []regions.Node, need facts.Need) facts.Fleet {
	defer l.tr.add(&l.tr.looks, time.Now())
	return l.Looker.Look(ctx, nodes, need)
}

type tracedDoer struct {
	ops.Doer
	tr *trace
}

// Do is timed.
func (d tracedDoer) Do(ctx context.Context, n regions.Node, a ops.Action, line func(string)) (string, error) {
	defer d.tr.add(&d.tr.effects, time.Now())
	return d.Doer.Do(ctx, n, a, line)
}

// ledger is where the time of one operation went.
type ledger struct {
	total  time.Duration
	docker time.Duration // doing: Docker, weave and what they start
	broker time.Duration // waiting for what was not so yet
	looked time.Duration // looking, by Docker's, weave's and VerneMQ's own commands, when nothing was missing any more
	rest   time.Duration // everything else: ours
	waits  []span
	steps  []string
}

// close adds up what is left when the operation has ended.
func (l *ledger) close(tr *trace, all span) {
	l.total = all.took()
	for _, s := range tr.looks {
		if !slices.ContainsFunc(l.waits, func(w span) bool { return len(within([]span{s}, w)) > 0 }) {
			l.looked += s.took()
		}
	}
	l.rest = l.total - l.docker - l.broker - l.looked
}

// account divides a step. Doing is Docker's or weave's time. While a proof is
// awaited, the time until the beginning of the last look that still found it
// missing is the broker's. Looks from then on are told apart: they ask, and
// Docker and VerneMQ answer. What is left is ours: pauses, journal and locks.
func (l *ledger) account(tr *trace, step span, pause time.Duration) {
	var effects, waited time.Duration
	begin := step.from
	for _, e := range within(tr.effects, step) {
		effects += e.took()
		begin = e.to
	}
	looks := within(tr.looks, span{begin, step.to})
	for i := len(looks) - 1; i > 0; i-- {
		if looks[i].from.Sub(looks[i-1].to) >= pause*9/10 { // a pause: the look before it, or a pair of looks, found it missing
			missing := i - 1
			for missing > 0 && looks[missing].from.Sub(looks[missing-1].to) < pause*9/10 {
				missing--
			}
			wait := span{begin, looks[missing].from}
			l.waits, waited = append(l.waits, wait), wait.took()
			break
		}
	}
	l.docker += effects
	l.broker += waited
}
