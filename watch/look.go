package watch

import (
	"context"
	"slices"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
)

// sweep looks at everything. Sweeps never overlap.
func (w *Watch) sweep(ctx context.Context) {
	need := everything
	if w.sweeps%rarely == 0 {
		need = nowAndThen
	}
	w.sweeps++
	w.turn(ctx, ops.WhySweep, need)
}

// look answers a hint or a doubt, without asking the brokers: that is what takes the
// time, seconds where one of them hangs, and an address that was lost must not wait
// for it. Where something is in doubt that only they can tell, they are asked beside it.
func (w *Watch) look(ctx context.Context, why string) {
	if w.doubtful() {
		w.deeper(ctx, why)
	}
	w.glance(ctx, why)
}

// doubtful reports whether something is bad or in doubt that a look without the
// brokers does not answer.
func (w *Watch) doubtful() bool {
	book, _ := w.Snapshot()
	for _, a := range book.Alerts {
		if _, doubt := alerts.Recheck(alerts.RuleOf(a.Key.Check), a); (doubt || a.Live()) && slowOnes()[a.Key.Check] {
			return true
		}
	}
	return false
}

// deeper begins a look that asks the brokers too, unless one of its kind runs: what
// is still in doubt after that one asks again. It is numbered now, so that the quick
// look beside it is the newer one: what both see counts once.
func (w *Watch) deeper(ctx context.Context, why string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.deep {
		return
	}
	w.deep = true
	number := w.order.begin()
	w.jobs.Go(func() {
		w.guarded("a look", func() { w.turnAs(ctx, number, why, everything) })
		w.mu.Lock()
		defer w.mu.Unlock()
		w.deep = false
	})
}

// turn is one look with all that follows from it. Looks may overlap; what they saw
// is folded one after the other, and never the older over the newer.
func (w *Watch) turn(ctx context.Context, why string, need facts.Need) {
	w.turnAs(ctx, w.numbered(), why, need)
}

// numbered is the number of the look that begins now.
func (w *Watch) numbered() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.order.begin()
}

// turnAs is the turn of a look that is numbered already.
func (w *Watch) turnAs(ctx context.Context, number int, why string, need facts.Need) {
	s := sight{number: number, why: why, need: need, begun: w.Service.Clock.Now(), part: names(w.Service.Fleet.Nodes())}
	reaches, giveUp := w.asking(ctx)
	defer giveUp()
	s.seen = w.round(ctx, need)
	if ctx.Err() != nil {
		return // a look that was cut proves nothing
	}
	s.took = w.Service.Clock.Now().Sub(s.begun)
	w.follow(ctx, s, w.self(s.seen, reaches))
}

// sight is what one look saw, or a part of it.
type sight struct {
	number int
	why    string
	need   facts.Need
	begun  time.Time
	took   time.Duration
	seen   facts.Fleet
	part   []string // the nodes whose hosts it is about
}

// follow judges and folds what was seen, and does what follows from it.
func (w *Watch) follow(ctx context.Context, s sight, self checks.Observation) {
	seen, need, took, why := s.seen, s.need, s.took, s.why
	w.folding.Lock()
	defer w.folding.Unlock()
	if w.order.overtaken(s.number, need, s.part) {
		w.Logger.Debug("a look was overtaken by a newer one, and does not count", "why", why, "took", took)
		return
	}
	left := w.order.left(s.number, s.part, names(w.Service.Fleet.Nodes()))
	seen.Past = w.remember(seen, need)
	found := []checks.Observation{self}
	if self.Verdict == checks.OK {
		in := alerts.PlacesOf(w.Service.Fleet)
		told := slices.DeleteFunc(judged(w.Service.Fleet, seen, need, s.part), func(o checks.Observation) bool { return left(in.Key(o)) })
		found = append(w.said(told), self)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	around, err := w.around(ctx)
	if err != nil {
		w.Logger.Error("what people wanted could not be read, so this look is not counted", "err", err)
		return
	}
	book, now := w.timely()
	around.Now, around.Left = now.wall, left
	around.Found = append(found, kept(around.Around.Wishes, around.Now)...)
	around.Around.Settling = w.settling()
	next, says, orders := alerts.Turn(book, around)
	looked := ops.Looked{
		Why: why, Begun: s.begun, Took: took, Fleet: around.Fleet, Seen: seen, Found: found, Before: w.book, After: next,
		Gates: next.Gates(around), Wishes: around.Around.Wishes, Locked: w.locked, Unsaid: w.unsaid,
	}
	if err := w.Book.SaveTurn(ctx, w.book, next, says); err != nil {
		w.Logger.Error("a look could not be kept, so nothing is said or repaired by it", "err", err)
		looked.After, looked.Err = w.book, err
		w.witness().Looked(looked)
		return
	}
	w.book, w.heard, w.read = next, around.Around.Wishes, now
	w.order.folded(s.number, need, s.part)
	w.witness().Looked(looked)
	if len(says) > 0 {
		w.tellNow()
	}
	for _, o := range orders {
		w.jobs.Go(func() { w.guarded("a repair", func() { w.heal(ctx, o) }) })
	}
	w.recheck(ctx, w.settles(need))
	w.Logger.Debug("looked", "why", why, "took", took, "says", len(says), "orders", len(orders))
}

// recheck asks for the look that doubt wants, and for one right after those by which
// the watch settled, when nothing was said; w.mu is held.
func (w *Watch) recheck(ctx context.Context, settled bool) {
	if w.again != nil {
		w.again.Stop()
	}
	soon, wanted := w.book.Recheck()
	if settled {
		soon, wanted = time.Second, true
	}
	if wanted && soon < w.Service.Fleet.Checks.Sweep {
		w.again = time.AfterFunc(soon, func() {
			if ctx.Err() == nil {
				w.ask("doubt")
			}
		})
	}
}

// ask asks for a look; one that is asked for already will do.
func (w *Watch) ask(why string) {
	select {
	case w.hint <- why:
	default:
	}
}
