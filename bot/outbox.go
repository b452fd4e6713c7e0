package bot

import (
	"context"
	"slices"
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
	done        chan<- error // who waits for it, and tries again by themselves; nil for nobody
	over        func() error // why nobody waits for it any more, with done
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

// editFirst edits a message before all that waits, and returns how that went.
// Who asks for it tries again.
func (o *outbox) editFirst(ctx context.Context, channel, ts string, render func() *page) error {
	done := make(chan error, 1)
	o.mu.Lock()
	o.edits = slices.Insert(o.edits, 0, &edit{channel: channel, ts: ts, render: render, done: done, over: ctx.Err})
	o.knock()
	o.mu.Unlock()
	return outcome(ctx, done)
}

// outcome waits for how something went that was put before all that waits.
func outcome(ctx context.Context, done <-chan error) error {
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// sayFirst posts once, before all that waits, and returns how that went. Who
// asks for it tries again; once ctx has ended it is not posted any more.
func (o *outbox) sayFirst(ctx context.Context, f func(context.Context) error) error {
	done := make(chan error, 1)
	o.mu.Lock()
	o.says = slices.Insert(o.says, 0, func(context.Context) error {
		err := ctx.Err()
		if err == nil {
			one, cancel := context.WithTimeout(ctx, callTime)
			err = f(one)
			cancel()
			o.rest(limited(err))
		}
		done <- err
		return nil
	})
	o.knock()
	o.mu.Unlock()
	return outcome(ctx, done)
}

// rest leaves Slack alone for a while.
func (o *outbox) rest(d time.Duration) {
	if d > 0 {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.quiet = time.Now().Add(d)
	}
}

// say queues one post.
func (o *outbox) say(f func(context.Context) error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.says = append(o.says, f)
	o.knock()
}

// hurry queues one post before all that waits.
func (o *outbox) hurry(f func(context.Context) error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.says = slices.Insert(o.says, 0, f)
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
	if e.over != nil && e.over() != nil {
		return // by now a newer state may be shown
	}
	err := o.api.update(ctx, e.channel, e.ts, e.render())
	if e.done != nil {
		e.done <- err
	}
	if err == nil {
		return
	}
	o.api.log.Warn("an edit was not taken", "ts", e.ts, "err", o.api.red().Text(sentence(err)))
	if e.done != nil {
		o.rest(limited(err))
		return
	}
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
