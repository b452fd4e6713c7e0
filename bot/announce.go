package bot

import (
	"context"
	"time"

	"vmqbot/ops"
)

// announceTime is how long the terminal waits for Slack: it must not stand
// between a person and a broken cluster.
const announceTime = 5 * time.Second

// Announce tells the channel what was done somewhere else than in Slack. It
// tries for 5 s at most.
func Announce(ctx context.Context, o Options, op ops.Operation) error {
	b := New(o)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), announceTime)
	defer cancel()
	p := newPage(b.voice(), op.Line+": "+string(op.State))
	text := stateSign(op.State) + " `" + p.escape(op.Line) + "` was done from outside Slack by `" + p.escape(op.Actor) + "`: *" + p.escape(string(op.State)) + "*"
	if !op.Ended.IsZero() {
		text += " after " + op.Ended.Sub(op.Created).Round(100*time.Millisecond).String()
	}
	if op.Reason != "" {
		text += "\n" + p.escape(op.Reason)
	}
	for _, r := range op.Remarks {
		text += "\n" + p.escape(r)
	}
	p.say(text).note("operation `" + p.escape(op.ID) + "`, from a terminal")
	_, err := b.api.post(ctx, o.Channel, "", "announce-"+op.ID, p)
	return err
}
