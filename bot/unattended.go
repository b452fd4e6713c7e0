package bot

import (
	"context"
	"strings"
	"time"

	"vmqbot/ops"
)

// Stage shows in the channel what the watch does by itself and what was
// scheduled: the live message of any other operation, with its cancel button and what
// the tools said in its thread. Nothing is shown before Run has reached Slack.
func (b *Bot) Stage() ops.Stage { return stage{b} }

type stage struct{ b *Bot }

// Show returns what hears one operation. Nothing is said of one that never begins:
// why it could not is told by the alert that wanted it.
func (st stage) Show(u ops.Unattended) func(ops.Event) {
	select {
	case <-st.b.up:
	default:
		return func(ops.Event) {}
	}
	s, giveBack := st.b.desk.Borrow()
	l := &live{b: st.b, channel: st.b.channel(u.Region), asker: st.b.askerOf(u), undo: undoOf(s, u.Line), a: ops.Approval{Line: u.Line, Actor: u.Actor}}
	giveBack()
	begun := false
	return func(e ops.Event) {
		switch {
		case e.Kind == ops.Planned: // again under the lock, where it moved: the last one counts
			l.mu.Lock()
			l.a.Plan, l.a.PlanHash = e.Plan.String(), e.Plan.Hash()
			l.mu.Unlock()
		case !begun && e.Kind != ops.StepNow && e.Kind != ops.Finished:
			return // it may wait for a lock, and never begin
		case !begun:
			begun = true
			st.begin(l, e)
		}
		l.hear(e)
		if begun && e.Kind == ops.Finished {
			st.end(l, e.Op)
		}
	}
}

// begin posts the message. What happens before Slack has answered is shown then.
func (st stage) begin(l *live, e ops.Event) {
	l.mu.Lock()
	l.a.ID, l.a.Op, l.a.State, l.a.Ended = e.Op, e.Op, ops.Granted, e.At
	l.mu.Unlock()
	st.b.lives.keep(e.Op, l)
	st.b.out.say(func(ctx context.Context) error {
		ts, err := st.b.api.post(ctx, l.channel, "", "live-"+e.Op, l.render(time.Now()))
		if err == nil {
			l.posted(ts)
		}
		return err
	})
}

// end lets nobody cancel it any more, and shows what weave and VerneMQ say now.
func (st stage) end(l *live, op string) {
	b := st.b
	b.lives.forget(op)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return
	}
	b.work.Go(func() {
		s, giveBack := b.desk.Borrow()
		defer giveBack()
		b.afterwards(b.ctx, s, l)
	})
}

// askerOf says on whose word it is done.
func (b *Bot) askerOf(u ops.Unattended) string {
	p := newPage(b.voice(), "")
	if u.Of == "" {
		return "done by the bot itself (`" + p.escape(u.Actor) + "`)"
	}
	by := "`" + p.escape(u.By) + "`"
	if user, ok := strings.CutPrefix(u.By, "slack:"); ok {
		by = mention(user)
	}
	return "scheduled by " + by + " (`" + p.escape(u.Of) + "`)"
}
