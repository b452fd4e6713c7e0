package bot

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// Two connections stand side by side, because slack-go closes an old one
// before it opens the next: what comes in one's gap reaches the other.
const connections = 2

// deafAfter is how long a connection may be silent where Options say nothing
// else. Slack pings several times a minute, so one that brings nothing hears
// nothing.
const deafAfter = 90 * time.Second

// ear is one Socket Mode connection and what is known about its health.
type ear struct {
	name  string
	bot   *Bot
	after time.Duration // how long it may be silent

	mu    sync.Mutex
	up    bool      // Slack has said hello on it
	heard time.Time // when the last byte came in
	conn  net.Conn
	err   string // why it is down
}

// listen keeps one connection until ctx ends. slack-go connects again by
// itself; it gives up when Slack refuses the token, and then we ask again.
func (e *ear) listen(ctx context.Context) {
	for ctx.Err() == nil {
		client := socketmode.New(e.bot.api.slack, socketmode.OptionDialer(&websocket.Dialer{
			Proxy: http.ProxyFromEnvironment, HandshakeTimeout: 20 * time.Second, WriteBufferSize: 32 << 10,
			NetDialContext: e.dial,
		}), socketmode.OptionReadLimit(1<<20), socketmode.OptionLog(quiet{}))
		run, stop := context.WithCancel(ctx)
		var wg sync.WaitGroup
		wg.Go(func() { e.drain(run, client) })
		err := client.RunContext(run)
		stop()
		wg.Wait()
		e.down(fmt.Sprint(err))
		if ctx.Err() == nil {
			e.bot.log.Error("slack refuses the connection", "connection", e.name, "err", e.bot.red().Text(fmt.Sprint(err)))
			_ = sleep(ctx, e.bot.retry) // the loop asks ctx
		}
	}
}

// quiet is a logger for slack-go, which would print to standard error.
type quiet struct{}

func (quiet) Output(int, string) error { return nil }

// drain reads every event at once: while nobody reads, slack-go neither hears
// nor connects again.
func (e *ear) drain(ctx context.Context, client *socketmode.Client) {
	for {
		select {
		case <-ctx.Done():
			return
		case ev := <-client.Events:
			e.take(ctx, client, ev)
		}
	}
}

// take acknowledges first and hands on; it never waits for the work.
func (e *ear) take(ctx context.Context, client *socketmode.Client, ev socketmode.Event) {
	var c call
	switch ev.Type {
	case socketmode.EventTypeHello:
		e.hello()
		return
	case socketmode.EventTypeConnecting:
		e.down("connecting")
		return
	case socketmode.EventTypeConnectionError, socketmode.EventTypeInvalidAuth, socketmode.EventTypeIncomingError:
		e.down(e.bot.red().Text(fmt.Sprintf("%s: %v", ev.Type, ev.Data)))
		return
	case socketmode.EventTypeErrorBadMessage, socketmode.EventTypeErrorWriteFailed:
		e.bot.log.Warn("slack sent what nobody understands, or took no answer", "connection", e.name, "type", string(ev.Type))
		return
	case socketmode.EventTypeSlashCommand:
		if cmd, ok := ev.Data.(slack.SlashCommand); ok {
			c = ofSlash(cmd)
		}
	case socketmode.EventTypeInteractive:
		if cb, ok := ev.Data.(slack.InteractionCallback); ok {
			c = ofInteraction(cb)
		}
	case socketmode.EventTypeEventsAPI:
		if event, ok := ev.Data.(slackevents.EventsAPIEvent); ok {
			c = ofEvent(event, e.bot.api.self)
		}
	}
	if ev.Request == nil || ev.Request.EnvelopeID == "" {
		return
	}
	c.envelope = ev.Request.EnvelopeID
	var payload any
	if c.kind == submit {
		payload = e.bot.check(c) // pure: what is wrong with a form is said in the form
	}
	// The queue of answers is short while a connection is down; an answer that
	// finds no place is lost, and so is the user's patience, not the work.
	ack, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
	err := client.AckCtx(ack, c.envelope, payload)
	cancel()
	if err != nil {
		e.bot.log.Warn("an acknowledgement was lost", "connection", e.name, "err", err)
	}
	if payload == nil {
		e.bot.take(c)
	}
}

func (e *ear) hello() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.up, e.heard, e.err = true, time.Now(), ""
}

func (e *ear) down(why string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.up, e.err = false, why
}

// dial opens the connection and listens to its bytes.
func (e *ear) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{Timeout: 10 * time.Second}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.conn, e.heard = conn, time.Now()
	return heard{conn, e}, nil
}

// heard notes when bytes come in.
type heard struct {
	net.Conn
	ear *ear
}

func (h heard) Read(b []byte) (int, error) {
	n, err := h.Conn.Read(b)
	if n > 0 {
		h.ear.mu.Lock()
		h.ear.heard = time.Now()
		h.ear.mu.Unlock()
	}
	return n, err
}

// deaf tells why a connection hears nothing; "" when it hears. With cure, one
// that was silent for too long is cut, so that slack-go makes another.
func (e *ear) deaf(now time.Time, cure bool) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch silent := now.Sub(e.heard); {
	case !e.up:
		return e.name + " is not connected (" + e.err + ")"
	case silent > e.after:
		why := fmt.Sprintf("%s has heard nothing for %s", e.name, silent.Round(time.Second))
		if cure && e.conn != nil {
			_ = e.conn.Close() // reading it fails then, and that is what is wanted
			e.conn = nil
			why += ", and is cut"
		}
		return why
	default:
		return ""
	}
}

// watchdog cuts deaf connections until ctx ends.
func (b *Bot) watchdog(ctx context.Context) {
	tick := time.NewTicker(b.o.Deaf / 6)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			for _, e := range b.ears {
				if why := e.deaf(now, true); why != "" {
					b.log.Warn("a connection is deaf", "why", why)
				}
			}
		}
	}
}
