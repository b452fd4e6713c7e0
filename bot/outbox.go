package bot

import (
	"context"
	"sync"
	"time"
)

// The global budget: chat.update may be called about 50 times a minute for the
// whole workspace, and chat.postMessage once a second in one channel.
const (
	perEdit = 1300 * time.Millisecond
	perSay  = 1100 * time.Millisecond
	burst   = 4
)

// outbox says what may wait: edits of live messages, of which only the newest
// state counts, and posts into threads, which keep their order. One goroutine
// works it off within the budget.
type outbox struct {
	api     *api
	perEdit time.Duration
	perSay  time.Duration

	mu      sync.Mutex
	edits   []*edit // in the order in which they are due
	says    []func(context.Context) error
	wake    chan struct{}
	credit  float64
	counted time.Time
	nextSay time.Time
	quiet   time.Time // Slack wants to be left alone until then
}

// edit is one message whose newest state is to be shown.
type edit struct {
	channel, ts string
	render      func() *page
	failed      int
}

func newOutbox(a *api) *outbox {
	return &outbox{api: a, perEdit: perEdit, perSay: perSay, wake: make(chan struct{}, 1), credit: burst}
}

// edit shows a message's newest state when its turn comes. An edit of the same
// message that still waits is replaced and keeps its turn.
func (o *outbox) edit(channel, ts string, render func() *page) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, e := range o.edits {
		if e.channel == channel && e.ts == ts {
			e.render = render
			return
		}
	}
	o.edits = append(o.edits, &edit{channel: channel, ts: ts, render: render})
	o.knock()
}

// say queues one post.
func (o *outbox) say(f func(context.Context) error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.says = append(o.says, f)
	o.knock()
}

func (o *outbox) knock() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// run works until ctx ends; what is left then is flush's.
func (o *outbox) run(ctx context.Context) {
	for {
		job, wait := o.next(time.Now(), false)
		if job != nil {
			job(ctx)
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-o.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// flush says everything that is left, budget or not, until ctx ends. It is for
// the end, when nobody adds any more.
func (o *outbox) flush(ctx context.Context) {
	for ctx.Err() == nil {
		job, _ := o.next(time.Now(), true)
		if job == nil {
			return
		}
		job(ctx)
	}
}

// next takes the job that is due, or says how long to wait for one.
func (o *outbox) next(now time.Time, hurry bool) (func(context.Context), time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.credit = min(burst, o.credit+now.Sub(o.counted).Seconds()/o.perEdit.Seconds())
	o.counted = now
	if wait := o.quiet.Sub(now); wait > 0 && !hurry {
		return nil, wait
	}
	wait := time.Hour
	if len(o.edits) > 0 {
		if o.credit >= 1 || hurry {
			e := o.edits[0]
			o.edits = o.edits[1:]
			o.credit--
			return func(ctx context.Context) { o.apply(ctx, e) }, 0
		}
		wait = time.Duration((1 - o.credit) * float64(o.perEdit))
	}
	if len(o.says) > 0 {
		if !now.Before(o.nextSay) || hurry {
			f := o.says[0]
			o.says = o.says[1:]
			o.nextSay = now.Add(o.perSay)
			return func(ctx context.Context) {
				if err := f(ctx); err != nil {
					o.api.log.Warn("a post was given up", "err", o.api.red().Text(sentence(err)))
				}
			}, 0
		}
		wait = min(wait, o.nextSay.Sub(now))
	}
	return nil, wait
}

// apply edits once; what Slack did not take waits for another turn.
func (o *outbox) apply(ctx context.Context, e *edit) {
	err := o.api.update(ctx, e.channel, e.ts, e.render())
	if err == nil {
		return
	}
	o.api.log.Warn("an edit was not taken", "ts", e.ts, "err", o.api.red().Text(sentence(err)))
	e.failed++
	if answered(err) || e.failed > 8 {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.quiet = time.Now().Add(max(limited(err), o.perEdit))
	for _, later := range o.edits {
		if later.channel == e.channel && later.ts == e.ts {
			return // a newer state waits already
		}
	}
	o.edits = append(o.edits, e)
}
