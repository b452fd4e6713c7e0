package watch

import (
	"context"
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

// look answers a hint or a doubt. Where only facts are bad or in doubt, the
// brokers are not asked: that is what takes the time.
func (w *Watch) look(ctx context.Context, why string) {
	need := facts.Need{}
	book, _ := w.Snapshot()
	for _, a := range book.Alerts {
		if _, doubt := alerts.Recheck(alerts.RuleOf(a.Key.Check), a); (doubt || a.Live()) && slowOnes()[a.Key.Check] {
			need = everything
		}
	}
	w.turn(ctx, why, need)
}

func slowOnes() map[string]bool {
	slow := map[string]bool{}
	for _, c := range checks.All() {
		slow[c.Name] = true
	}
	for _, name := range quick() {
		delete(slow, name)
	}
	return slow
}

// turn is one look with all that follows from it. One runs at a time.
func (w *Watch) turn(ctx context.Context, why string, need facts.Need) {
	begun := w.Service.Clock.Now()
	seen := w.round(ctx, need)
	if ctx.Err() != nil {
		return // a look that was cut proves nothing
	}
	took := w.Service.Clock.Now().Sub(begun)
	seen.Past = w.remember(seen, need)
	found := w.self(ctx, judged(w.Service.Fleet, seen, need))
	w.mu.Lock()
	defer w.mu.Unlock()
	around, err := w.around(ctx)
	if err != nil {
		w.Logger.Error("what people wanted could not be read, so this look is not counted", "err", err)
		return
	}
	around.Now = w.now()
	around.Found = append(found, kept(around.Around.Wishes, around.Now)...)
	around.Around.Settling = !w.settled
	next, says, orders := alerts.Turn(w.book, around)
	looked := ops.Looked{
		Why: why, Begun: begun, Took: took, Fleet: around.Fleet, Seen: seen, Found: found, Before: w.book, After: next,
		Gates: next.Gates(around), Wishes: around.Around.Wishes, Locked: w.locked,
	}
	if err := w.Book.SaveTurn(ctx, w.book, next, says); err != nil {
		w.Logger.Error("a look could not be kept, so nothing is said or repaired by it", "err", err)
		looked.After, looked.Err = w.book, err
		w.witness().Looked(looked)
		return
	}
	w.book, w.heard = next, around.Around.Wishes
	w.witness().Looked(looked)
	if len(says) > 0 {
		w.tellNow()
	}
	for _, o := range orders {
		w.jobs.Go(func() { w.heal(ctx, o) })
	}
	w.recheck(ctx)
	if !w.settled && need.Broker != 0 {
		w.settled = true
		w.Logger.Info("settled", "alerts", len(w.book.Alerts))
	}
	w.Logger.Debug("looked", "why", why, "took", took, "says", len(says), "orders", len(orders))
}

// recheck asks for the look that doubt wants, and for one right after the first,
// by which nothing was said; w.mu is held.
func (w *Watch) recheck(ctx context.Context) {
	if w.again != nil {
		w.again.Stop()
	}
	soon, wanted := w.book.Recheck()
	if !w.settled {
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
