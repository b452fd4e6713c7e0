package watch

import (
	"context"
	"errors"
	"time"

	"vmqbot/alerts"
	"vmqbot/ops"
	"vmqbot/regions"
)

// door tells what must be said in one place: its own outbox, its own pauses,
// so that one which cannot be reached holds up no other.
type door struct {
	name    string
	speaker ops.Speaker
	patient bool          // what it refuses is tried for ever: people must read it
	wake    chan struct{} // something new must be said

	tried   map[int64]bool // may have been said before
	refused int            // how often the oldest was refused in a row
	waiting int            // what it must still say
}

// A receiver that refuses the same thing so often will not take it: then it is
// dropped and logged, so that what comes after it is heard. At the pauses of
// speak this is some seven minutes.
const refusals = 12

// refreshEvery is how often who forgets is told again what stands.
const refreshEvery = time.Minute

func (w *Watch) allDoors() []*door {
	all := []*door{{name: regions.Speech, speaker: w.Speaker, patient: true}}
	for _, r := range w.Receivers {
		all = append(all, &door{name: r.Name, speaker: r.Speaker})
	}
	for _, d := range all {
		d.wake, d.tried = make(chan struct{}, 1), map[int64]bool{}
	}
	return all
}

// speak says what the outbox of a door holds until ctx ends. What could not be
// said is said later, in its order; what a later one makes stale is dropped.
func (w *Watch) speak(ctx context.Context, d *door) {
	if old, err := w.Book.Unsaid(ctx, d.name); err == nil {
		for _, s := range old {
			d.tried[s.Seq] = true // the process before may have said it
		}
	}
	pause := time.Second
	refresh := w.refreshing(d)
	for {
		err := w.sayAll(ctx, d)
		var wait <-chan time.Time
		if err != nil && ctx.Err() == nil {
			w.Logger.Warn("an alert could not be said, and waits", "door", d.name, "err", w.Service.Redactor.Text(err.Error()), "pause", pause)
			wait = w.Service.Clock.After(pause)
			pause = min(2*pause, time.Minute)
		} else {
			pause = time.Second
		}
		for again := false; !again; {
			select {
			case <-ctx.Done():
				return
			case <-d.wake:
				again = true
			case <-wait:
				again = true
			case <-refresh:
				w.refresh(ctx, d)
				refresh = w.refreshing(d)
			}
		}
	}
}

// refreshing is when who forgets must be told again; never for anybody else.
func (w *Watch) refreshing(d *door) <-chan time.Time {
	if _, forgets := d.speaker.(ops.Refresher); !forgets {
		return nil
	}
	return w.Service.Clock.After(refreshEvery)
}

// refresh tells again what stands. It runs where the door speaks, so what has
// ended by now is told after it and never before.
func (w *Watch) refresh(ctx context.Context, d *door) {
	book, heard := w.Snapshot()
	standing := book.Standing(heard, w.now())
	if len(standing) == 0 {
		return
	}
	begun := w.Service.Clock.Now()
	err := d.speaker.(ops.Refresher).Refresh(ctx, standing)
	w.spoke(ctx, d, ops.OpRefresh, begun, err, false)
	if err != nil && ctx.Err() == nil {
		w.Logger.Warn("what stands could not be told again", "door", d.name, "err", w.Service.Redactor.Text(err.Error()))
	}
}

// sayAll says everything once; the first failure ends it, or the order would
// be lost, unless it is a refusal. The outbox is read again when something new is in it, which may make stale
// what is read already, and not after each thing that is said: in a storm it is long.
func (w *Watch) sayAll(ctx context.Context, d *door) error {
	for {
		all, err := w.Book.Unsaid(ctx, d.name)
		if err == nil {
			w.waits(d, len(all) > 0)
		}
		if err != nil || len(all) == 0 {
			return err
		}
		kept, dropped := alerts.Coalesce(all)
		for _, s := range dropped {
			if err := w.Book.Said(ctx, s, ""); err != nil {
				return err
			}
		}
		d.waiting = len(kept)
		if err := w.sayKept(ctx, d, kept); err != nil {
			return err
		}
	}
}

// sayKept says one thing after the other until something new must be said. What is
// refused where people read holds up its own group only, whose order must be kept: the
// channel of one region may be closed to us, and that of another not.
func (w *Watch) sayKept(ctx context.Context, d *door, kept []alerts.Say) (refused error) {
	posted, held := map[alerts.Said]string{}, map[string]bool{}
	for _, s := range kept {
		if held[s.Group] {
			continue
		}
		if ref := posted[s.Of()]; ref != "" {
			s.Ref = ref
		}
		ref, err := w.sayOne(ctx, d, s)
		if err != nil && d.patient && ops.CodeOf(err) == ops.Refused {
			held[s.Group], refused = true, errors.Join(refused, err)
			continue
		}
		if err != nil {
			return err
		}
		posted[s.Of()] = ref
		w.waits(d, false) // one that was said begins the time anew
		select {
		case <-d.wake:
			return nil
		default:
		}
	}
	return refused
}

// waits notes since when people are told nothing, though there is something to tell.
// Receivers have a number of their own for that; nobody reads those instead.
func (w *Watch) waits(d *door, something bool) {
	if d.name != regions.Speech {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case !something:
		w.unsaid = time.Time{}
	case w.unsaid.IsZero():
		w.unsaid = w.now()
	}
}

// sayOne says one thing, and then notes that it was said: a crash between the
// two says it again, and never loses it. ref is where the message stands now.
func (w *Watch) sayOne(ctx context.Context, d *door, s alerts.Say) (ref string, err error) {
	book, heard := w.Snapshot()
	m, known := book.Message(s.Group, s.Episode, heard, w.now())
	ref = s.Ref
	if known {
		again := d.tried[s.Seq]
		d.tried[s.Seq] = true
		begun := w.Service.Clock.Now()
		where, err := d.speaker.Speak(ctx, s, m, again)
		gaveUp := d.givesUp(err)
		w.spoke(ctx, d, string(s.Op), begun, err, gaveUp)
		switch {
		case gaveUp:
			w.Logger.Error("a receiver refuses an alert, so it is not told there", "door", d.name, "op", s.Op, "group", s.Group, "err", w.Service.Redactor.Text(err.Error()))
		case err != nil:
			return "", err
		case where != "":
			ref = where
		}
	}
	if err := w.Book.Said(context.WithoutCancel(ctx), s, ref); err != nil {
		return "", err
	}
	delete(d.tried, s.Seq)
	return ref, nil
}

// givesUp counts refusals: what cannot be reached is tried for ever.
func (d *door) givesUp(err error) bool {
	if err == nil || ops.CodeOf(err) != ops.Refused {
		d.refused = 0
		return false
	}
	d.refused++
	if d.patient || d.refused < refusals {
		return false
	}
	d.refused = 0
	return true
}

// spoke tells the witness of one attempt.
func (w *Watch) spoke(ctx context.Context, d *door, op string, begun time.Time, err error, gaveUp bool) {
	if err != nil && ctx.Err() != nil {
		return // the watch ends; that is no failure of the door
	}
	if op != ops.OpRefresh && (err == nil || gaveUp) {
		d.waiting--
	}
	w.witness().Spoke(ops.Spoke{Door: d.name, Op: op, Took: w.Service.Clock.Now().Sub(begun), Waiting: max(d.waiting, 0), Err: err, GaveUp: gaveUp})
}

// tellNow wakes those who speak.
func (w *Watch) tellNow() {
	for _, d := range w.doors {
		select {
		case d.wake <- struct{}{}:
		default:
		}
	}
}
