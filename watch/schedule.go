package watch

import (
	"context"
	"fmt"
	"strings"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/commands"
	"vmqbot/control"
	"vmqbot/ops"
	"vmqbot/timetable"
)

const (
	// scheduler is the actor of everything that is done because it was scheduled,
	// with the schedule and whoever made it behind.
	scheduler = "schedule"
	// punctual is how late a moment may be noticed; what is later was missed.
	punctual = 2 * time.Minute
	// scheduleTick is how often it is looked whether something is due.
	scheduleTick = 15 * time.Second
	// lockPatience is how long a scheduled verb waits for somebody else's lock.
	lockPatience = 10 * time.Minute
	// remembered is how long a time that went wrong is told.
	remembered = 24 * time.Hour
)

// onSchedule does what was scheduled until ctx ends. What came of each time is
// kept as a note, and its beginning before it begins: so nothing is done twice,
// and what was due while no watch ran is told and not made up for.
func (w *Watch) onSchedule(ctx context.Context) {
	w.interrupted(ctx)
	for ctx.Err() == nil {
		if wishes, err := w.Wishes.Wishes(ctx); err == nil {
			heard := alerts.Heard(wishes)
			for _, s := range heard.Schedules {
				w.due(ctx, s, heard)
			}
		} else if ctx.Err() == nil {
			w.Logger.Error("what is scheduled could not be read", "err", err)
		}
		select {
		case <-ctx.Done():
		case <-w.Service.Clock.After(scheduleTick):
		}
	}
}

// interrupted closes the notes of a process that died in the middle.
func (w *Watch) interrupted(ctx context.Context) {
	wishes, err := w.Wishes.Wishes(ctx)
	if err != nil {
		return // the next reading says so
	}
	for _, n := range alerts.Heard(wishes).Ran {
		if n.Reason == "" {
			n.Reason = "the bot ended in the middle of it"
			w.note(ctx, n)
		}
	}
}

// due begins one schedule when its moment has come.
func (w *Watch) due(ctx context.Context, s alerts.Wish, heard alerts.Wishes) {
	last := heard.Ran[s.ID]
	times, err := timetable.Parse(s.Every)
	if err != nil {
		w.Logger.Error("a schedule cannot be read", "schedule", s.ID, "err", err)
		return
	}
	since := s.At
	if last.Due.After(since) {
		since = last.Due
	}
	at, found := times.Last(w.now(), since, s.At)
	if !found {
		return
	}
	n := alerts.Wish{Want: alerts.Ran, Of: s.ID, Due: at}
	if late := w.now().Sub(at); late > punctual {
		n.Reason = "missed: no watch ran"
		w.Logger.Warn("a scheduled verb was missed, and is not made up for", "line", s.Line, "due", at, "schedule", s.ID)
		w.note(ctx, n)
		w.ask("a scheduled verb was missed")
		return
	}
	if !w.sees() {
		return // the next tick knows more
	}
	if why := w.holds(s, heard); why != "" {
		n.Reason = "skipped: " + why
		w.Logger.Warn("a scheduled verb is skipped", "line", s.Line, "due", at, "schedule", s.ID, "why", why)
		w.note(ctx, n)
		w.ask("a scheduled verb was skipped")
		return
	}
	if !w.note(ctx, n) {
		return // what cannot be kept is not begun: it could be begun twice
	}
	w.jobs.Go(func() {
		n.Reason = w.scheduled(ctx, s)
		w.note(context.WithoutCancel(ctx), n)
		w.ask("a scheduled verb has ended")
	})
}

// scheduled does the line of a schedule and says what came of it.
func (w *Watch) scheduled(ctx context.Context, s alerts.Wish) string {
	w.Logger.Info("doing what is scheduled", "line", s.Line, "schedule", s.ID)
	c, r, err := commands.Parse(strings.Fields(s.Line), w.Service.Fleet)
	var res control.Result
	if err == nil {
		r.Actor = scheduler + " " + s.ID + " of " + s.By
		service := *w.Service
		service.LockWait = lockPatience
		show := w.shown(ops.Unattended{Actor: scheduler, Line: s.Line, Of: s.ID, By: s.By}, r)
		res, err = service.Do(ctx, c, r, control.Door{AnyYes: true, Role: ops.Admin, Emit: show})
	}
	if err != nil {
		why := w.Service.Redactor.Text(err.Error())
		w.Logger.Warn("what is scheduled failed", "line", s.Line, "err", why)
		return "failed: " + why
	}
	if res.Op == nil {
		return "nothing to do"
	}
	w.Logger.Info("done as scheduled", "line", s.Line, "op", res.Op.ID)
	return "done (" + res.Op.ID + ")"
}

// note keeps what came of one time, and says whether it could.
func (w *Watch) note(ctx context.Context, n alerts.Wish) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	n.At, n.By = w.now(), scheduler
	if err := w.Wishes.AddWish(ctx, n); err != nil {
		w.Logger.Error("what came of a schedule could not be kept", "schedule", n.Of, "err", err)
		return false
	}
	return true
}

// sees reports that this watch has looked at the fleet since it began: before that,
// what stands in its book is what another saw.
func (w *Watch) sees() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.settled
}

// kept judges what is scheduled: a time that was missed, skipped or failed is told for a
// day, or until the next one.
func kept(heard alerts.Wishes, now time.Time) []checks.Observation {
	var out []checks.Observation
	for _, s := range heard.Schedules {
		o := checks.Observation{Check: alerts.Scheduled, Region: alerts.Scheduled, Node: s.ID, Verdict: checks.OK, Severity: checks.Info}
		n := heard.Ran[s.ID]
		undone := strings.HasPrefix(n.Reason, "missed") || strings.HasPrefix(n.Reason, "skipped")
		bad := undone || strings.HasPrefix(n.Reason, "failed") || strings.HasPrefix(n.Reason, "the bot ended")
		if bad && now.Sub(n.Due) < remembered {
			o.Verdict, o.Repair = checks.Bad, s.Line
			o.Evidence = fmt.Sprintf("%s was due at %s UTC: %s", s.Line, n.Due.UTC().Format("2006-01-02 15:04"), n.Reason)
			if !undone {
				o.Severity = checks.Warning
			}
		}
		out = append(out, o)
	}
	return out
}
