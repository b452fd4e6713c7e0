package bot

import (
	"context"
	"time"

	"vmqbot/ops"
)

// goodbye says on each message whose operation has not ended that the bot
// ends before it.
func (ls *lives) goodbye() {
	ls.each(func(l *live) {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.a.State == ops.Granted && l.ended == "" {
			l.gone = "The bot is stopped while this runs. Nothing is replayed: type /vmq history, and the command again, which goes on from what is there."
			l.show()
		}
	})
}

// restore takes up what a process before this one left: cards that wait, and
// operations that it did not end.
func (b *Bot) restore(ctx context.Context) error {
	s, giveBack := b.desk.Borrow()
	defer giveBack()
	all, err := s.Approvals.WaitingApprovals(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		b.lives.again(s, a)
	}
	return b.sweepOnce(ctx)
}

// sweepEvery is how late an expired card may say so.
const sweepEvery = 5 * time.Second

func (b *Bot) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := b.sweepOnce(ctx); err != nil && ctx.Err() == nil {
				b.log.Error("what has expired cannot be closed", "err", err)
			}
		}
	}
}

func (b *Bot) sweepOnce(ctx context.Context) error {
	s, giveBack := b.desk.Borrow()
	defer giveBack()
	closed, err := s.Sweep(ctx, b.lives.running)
	for _, a := range closed {
		if l := b.lives.again(s, a); l != nil {
			l.mu.Lock()
			l.a = a
			l.show()
			l.mu.Unlock()
			b.lives.forget(a.ID)
		}
	}
	return err
}
