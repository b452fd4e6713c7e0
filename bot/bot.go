// Package bot says it in Slack: slash commands, mentions, buttons, modals,
// home and live messages, over Socket Mode or signed requests. It is an
// adapter: it translates what control decides and publishes, and holds no rule
// of its own. github.com/slack-go/slack is imported here and nowhere else.
package bot

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"vmqbot/control"
	"vmqbot/ops"
	"vmqbot/secret"
	"vmqbot/speech"
)

// Options are what the bot takes from the process.
type Options struct {
	BotToken      secret.Text             // xoxb-...
	AppToken      secret.Text             // xapp-...; absent: no Socket Mode
	SigningSecret secret.Text             // absent: no signed requests
	API           string                  // address of Slack's Web API, ending in a slash; "" for Slack's own
	Channel       string                  // the fleet's channel
	Listener      net.Listener            // for /healthz, /readyz, signed requests and Pages; nil for none
	Pages         http.Handler            // serves /metrics, /mesh and /mesh.json, and /healthz and /readyz where the bot itself is well; nil for none
	Transport     http.RoundTripper       // carries what is asked of Slack's Web API; nil for the usual way
	Logger        *slog.Logger            // nil for silence
	Redactor      func() *secret.Redactor // of everything that must not be said; asked each time
	Tongue        func() *speech.Tongue   // the fleet's language; asked each time; nil for English
	Graph         Grapher                 // draws the last hours of what an alert is about; nil where nobody keeps them
	Retry         time.Duration           // pause before Slack is asked again after it refused us; 0 is 30 s
	Deaf          time.Duration           // how long a connection may bring nothing before it is cut; 0 is 90 s
}

// Desk lends the service that answers now. It may be another one after the
// fleet file was read again; whoever borrowed one gives it back.
type Desk interface {
	Borrow() (s *control.Service, giveBack func())
}

// Bot is the door in Slack.
type Bot struct {
	o     Options
	api   *api
	dir   *directory
	out   *outbox
	log   *slog.Logger
	ears  []*ear
	seen  *memory
	retry time.Duration
	desk  Desk

	slots chan struct{} // how many look at the hosts at once
	work  sync.WaitGroup
	lives *lives

	mu       sync.Mutex
	closed   bool // nothing new is begun
	inFlight int
	ctx      context.Context // of the work that is begun
	started  atomic.Bool
	up       chan struct{} // closed when Slack has answered, and so something can be said
	stopping atomic.Bool
}

// mostInFlight bounds what is begun and not ended; most of it waits for looks.
const mostInFlight = 512

// looksAtOnce bounds how many commands look at the hosts at the same time.
const looksAtOnce = 8

// New prepares the bot; it says and hears nothing before Run.
func New(o Options) *Bot {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Redactor == nil {
		o.Redactor = func() *secret.Redactor {
			return secret.NewRedactor(o.BotToken.Reveal(), o.AppToken.Reveal(), o.SigningSecret.Reveal())
		}
	}
	if o.Retry == 0 {
		o.Retry = 30 * time.Second
	}
	if o.Deaf == 0 {
		o.Deaf = deafAfter
	}
	a := newAPI(o)
	b := &Bot{o: o, api: a, dir: newDirectory(a), out: newOutbox(a), log: o.Logger, seen: newMemory(), retry: o.Retry, slots: make(chan struct{}, looksAtOnce), up: make(chan struct{})}
	b.lives = newLives(b)
	if !o.AppToken.IsZero() {
		for i := range connections {
			b.ears = append(b.ears, &ear{name: fmt.Sprintf("connection %d", i+1), bot: b, after: o.Deaf, err: "never connected"})
		}
	}
	return b
}

// Directory is who is who in Slack.
func (b *Bot) Directory() ops.Directory { return b.dir }

func (b *Bot) red() *secret.Redactor { return b.o.Redactor() }

func (b *Bot) voice() voice {
	v := voice{red: b.red()}
	if b.o.Tongue != nil {
		v.tongue = b.o.Tongue()
	}
	return v
}

// stopTime is how long a clean stop may take: the work ends, its messages say
// so, and then the process ends, all within 20 s.
const (
	stopWork = 12 * time.Second
	stopSay  = 5 * time.Second
)

// Run serves until ctx ends, and then stops cleanly: nothing new is begun, what
// runs is asked to stop before its next step, and the live messages say how it
// stands.
func (b *Bot) Run(ctx context.Context, desk Desk) error {
	b.desk = desk
	if err := b.introduce(ctx); err != nil {
		return err
	}
	work, endWork := context.WithCancel(context.WithoutCancel(ctx))
	defer endWork()
	b.mu.Lock()
	b.ctx = work
	b.mu.Unlock()
	if err := b.restore(work); err != nil {
		return err
	}
	serving, endServing := context.WithCancel(context.WithoutCancel(ctx))
	defer endServing()
	var doors, rest sync.WaitGroup
	b.openDoors(ctx, &doors)
	if b.o.Listener != nil {
		rest.Go(func() { b.serve(serving, b.o.Listener) })
	}
	rest.Go(func() { b.out.run(serving) })
	b.started.Store(true)
	close(b.up)
	b.log.Info("serving", "channel", b.o.Channel, "connections", len(b.ears))
	<-ctx.Done()
	b.stopping.Store(true)
	doors.Wait()
	b.stop(endWork)
	endServing()
	rest.Wait()
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopSay)
	defer cancel()
	b.out.flush(late)
	b.log.Info("stopped")
	return nil
}

func (b *Bot) openDoors(ctx context.Context, doors *sync.WaitGroup) {
	for i, e := range b.ears {
		doors.Go(func() {
			// Apart from each other, so that Slack renews them apart, too.
			if i > 0 && sleep(ctx, time.Duration(i)*time.Second) != nil {
				return
			}
			e.listen(ctx)
		})
	}
	doors.Go(func() { b.watchdog(ctx) })
	doors.Go(func() { b.sweep(ctx) })
}

// introduce asks Slack who we are, and keeps asking while it does not answer.
func (b *Bot) introduce(ctx context.Context) error {
	for {
		one, cancel := context.WithTimeout(ctx, callTime)
		me, err := b.api.slack.AuthTestContext(one)
		cancel()
		if err == nil {
			b.api.self = me.UserID
			return nil
		}
		if answered(err) {
			return ops.Errorf(ops.Refused, "", "Slack refuses the bot's token: %s. Put the token of this workspace, which begins with xoxb-, into SLACK_BOT_TOKEN.", b.red().Text(err.Error()))
		}
		b.log.Warn("slack does not answer yet", "err", b.red().Text(sentence(err)))
		if sleep(ctx, min(b.retry, 5*time.Second)) != nil {
			return ops.Errorf(ops.Refused, "", "Interrupted before Slack answered.")
		}
	}
}

// stop lets the work end, and asks it to when it takes too long.
func (b *Bot) stop(endWork func()) {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	ended := make(chan struct{})
	go func() { b.work.Wait(); close(ended) }() // the last thing that waits for the work; it ends with it
	endWork()
	select {
	case <-ended:
	case <-time.After(stopWork):
	}
	b.lives.goodbye()
}

// take begins the work on one call, unless it was begun already. It returns at
// once.
func (b *Bot) take(c call) {
	if c.kind == nothing {
		return
	}
	if c.envelope != "" && !b.seen.first("envelope/"+c.envelope, time.Now(), time.Hour) {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.closed || b.ctx == nil:
		return
	case b.inFlight >= mostInFlight && !urgent(c):
		b.work.Go(func() { b.busy(c) })
		return
	}
	b.inFlight++
	b.work.Go(func() {
		defer func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.inFlight--
		}()
		b.begin(b.ctx, c)
	})
}

// urgent is what never queues: whoever wants to stop something is in a hurry.
func urgent(c call) bool { return c.kind == click }

// begin does one call to its end. A panic is a bug of ours: it is logged, and
// told by a number; the bot goes on.
func (b *Bot) begin(ctx context.Context, c call) {
	defer func() {
		if p := recover(); p != nil {
			b.internal(ctx, c, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	s, giveBack := b.desk.Borrow()
	defer giveBack()
	if c.key == "" && c.envelope != "" {
		c.key = "envelope/" + c.envelope
	}
	if c.key != "" { // what has no name at all is begun each time: twice is better than silence
		first, err := s.First(ctx, c.key)
		if err != nil {
			b.tell(ctx, c, err)
			return
		}
		if !first {
			return
		}
	}
	var err error
	switch c.kind {
	case slash, talk:
		err = b.command(ctx, s, c)
	case click:
		err = b.clicked(ctx, s, c)
	case submit:
		err = b.submitted(ctx, s, c)
	case visit:
		err = b.home(ctx, s, c)
	}
	if err != nil {
		b.tell(ctx, c, err)
	}
}
