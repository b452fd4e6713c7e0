package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"vmqbot/ops"
)

func (b *Bot) busy(c call) {
	what := cmp.Or(strings.TrimSpace(c.text), c.action, string(c.kind))
	b.tell(b.ctx, c, ops.Errorf(ops.Refused, "", "I am busy with %d requests just now, so %q was not begun; try again in a minute.", mostInFlight, shorten(what, 100)))
}

// tell answers with an error, privately.
func (b *Bot) tell(ctx context.Context, c call, err error) {
	var known *ops.Error
	if !errors.As(err, &known) {
		b.internal(ctx, c, err)
		return
	}
	p := newPage(b.voice(), known.Msg)
	p.say(sign(ops.CodeOf(err)) + " " + b.mentions(p.escape(told(err, known))))
	if known.Fix != "" {
		p.note("Type: `" + p.escape(b.typed(known.Fix)) + "`")
	}
	b.private(ctx, c, p)
}

// told is the whole of an error that joins several, and the sentence of
// one that stands alone.
func told(err error, known *ops.Error) string {
	if err.Error() == known.Error() {
		return known.Msg
	}
	return err.Error()
}

// internal answers with a number under which the log holds the story.
func (b *Bot) internal(ctx context.Context, c call, err error) {
	id := fmt.Sprintf("%08x", time.Now().UnixNano()&0xffffffff)
	b.log.Error("internal error", "id", id, "kind", string(c.kind), "user", c.who.User, "err", b.red().Text(err.Error()))
	p := newPage(b.voice(), "internal error "+id)
	p.say(":boom: Something went wrong inside me: internal error `" + id + "`. My log tells more. `/vmq history` shows what was done.")
	b.private(ctx, c, p)
}

// private answers where only who asked can read it.
func (b *Bot) private(ctx context.Context, c call, p *page) {
	var err error
	if c.reply != "" {
		one, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime)
		err = b.api.respond(one, c.reply, true, p)
		cancel()
		if err == nil {
			return
		}
		b.log.Warn("an answer goes the other way", "user", c.who.User, "err", b.red().Text(sentence(err)))
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime)
	defer cancel()
	switch {
	case c.who.Place != "":
		err = b.api.whisper(late, c.who.Place, c.who.User, c.thread, p)
	default:
		_, err = b.api.post(late, c.who.User, "", "", p)
	}
	if err != nil {
		b.log.Error("an answer was given up", "user", c.who.User, "err", b.red().Text(sentence(err)))
	}
}
