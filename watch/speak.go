package watch

import (
	"context"
	"time"

	"vmqbot/alerts"
)

// speak says what the outbox holds until ctx ends. What could not be said is
// said later, in its order; what a later one makes stale is dropped.
func (w *Watch) speak(ctx context.Context) {
	tried := map[int64]bool{}
	if old, err := w.Book.Unsaid(ctx); err == nil {
		for _, s := range old {
			tried[s.Seq] = true // the process before may have said it
		}
	}
	pause := time.Second
	for {
		err := w.sayAll(ctx, tried)
		var wait <-chan time.Time
		if err != nil && ctx.Err() == nil {
			w.Logger.Warn("an alert could not be said, and waits", "err", err, "pause", pause)
			wait = w.Service.Clock.After(pause)
			pause = min(2*pause, time.Minute)
		} else {
			pause = time.Second
		}
		select {
		case <-ctx.Done():
			return
		case <-w.unsay:
		case <-wait:
		}
	}
}

// sayAll says everything once; the first failure ends it, or the order would
// be lost.
func (w *Watch) sayAll(ctx context.Context, tried map[int64]bool) error {
	for {
		all, err := w.Book.Unsaid(ctx)
		if err != nil || len(all) == 0 {
			return err
		}
		kept, dropped := alerts.Coalesce(all)
		for _, s := range dropped {
			if err := w.Book.Said(ctx, s, ""); err != nil {
				return err
			}
		}
		if len(kept) == 0 {
			continue
		}
		if err := w.sayOne(ctx, kept[0], tried); err != nil {
			return err
		}
	}
}

// sayOne says one thing, and then notes that it was said: a crash between the
// two says it again, and never loses it.
func (w *Watch) sayOne(ctx context.Context, s alerts.Say, tried map[int64]bool) error {
	book, heard := w.Snapshot()
	m, known := book.Message(s.Group, s.Episode, heard, w.now())
	ref := s.Ref
	if known {
		again := tried[s.Seq]
		tried[s.Seq] = true
		where, err := w.Speaker.Speak(ctx, s, m, again)
		if err != nil {
			return err
		}
		if where != "" {
			ref = where
		}
	}
	if err := w.Book.Said(context.WithoutCancel(ctx), s, ref); err != nil {
		return err
	}
	delete(tried, s.Seq)
	return nil
}

// tellNow wakes the one who speaks.
func (w *Watch) tellNow() {
	select {
	case w.unsay <- struct{}{}:
	default:
	}
}
