package bot

import (
	"context"
	"strings"
	"time"

	"vmqbot/commands"
	"vmqbot/control"
	"vmqbot/ops"
)

// propose posts the card of a plan that waits for consent.
func (b *Bot) propose(ctx context.Context, s *control.Service, c call, a ops.Approval, p ops.Plan) error {
	l := &live{b: b, channel: c.who.Place, a: a, undo: undoOf(s, a.Line)}
	ctx = context.WithoutCancel(ctx)
	b.lives.keep(a.ID, l) // before anybody can see it: a click may be faster than Slack's answer
	ts, err := b.api.post(ctx, l.channel, "", "card-"+a.ID, l.render(time.Now()))
	if err != nil {
		b.lives.forget(a.ID)
		b.log.Error("a card could not be posted", "op", a.Op, "err", b.red().Text(sentence(err)))
		if err := s.Withdraw(ctx, a, "the card could not be posted"); err != nil {
			return err
		}
		return ops.Errorf(ops.Failed, "", "Slack did not take the card, so nothing waits and nothing was done. Am I a member of this channel? /invite me and ask again.")
	}
	l.posted(ts)
	if err := s.Shown(ctx, a.ID, l.channel+"/"+ts); err != nil {
		return err
	}
	if _, whole := planText(a.Plan); !whole {
		b.out.say(func(ctx context.Context) error {
			t := b.voice().tongue
			return b.api.upload(ctx, l.channel, ts, "plan-"+a.Op+".txt", t.Line(p.Title), []byte(t.Text(a.Plan)), true)
		})
	}
	return nil
}

// undoOf is the command that takes a line back; "" when there is none.
func undoOf(s *control.Service, line string) string {
	c, r, err := commands.Parse(strings.Fields(line), s.Fleet)
	if err != nil || c.Undo == nil {
		return ""
	}
	return c.Undo(r)
}
