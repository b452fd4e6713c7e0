package bot_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"vmqbot/bot/slackworld"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/watch"
)

// hurried is a clock on which an hour passes in six minutes, so that a test
// need not wait for half a minute without a fault. It begins in the past, for
// Slack's own clock must not be behind it.
type hurried struct{ began time.Time }

const hurry = 10

func (h hurried) Now() time.Time {
	return h.began.Add(-6 * time.Hour).Add(h.steady())
}
func (h hurried) steady() time.Duration                  { return hurry * time.Since(h.began) }
func (h hurried) After(d time.Duration) <-chan time.Time { return time.After(d / hurry) }

// quiet are hosts that tell no events.
type quiet struct{}

func (quiet) Hear(ctx context.Context, _ regions.Node, _ time.Time, ready func(), _ func(ops.Hint)) error {
	ready()
	<-ctx.Done()
	return nil
}

// watched puts a healthy fleet of facts before a watch in a hurry, that repairs
// nothing by itself.
func watched(w *world) {
	w.clock = hurried{time.Now()}
	w.fleet.Checks.Sweep = 500 * time.Millisecond
	w.seen = factstest.Healthy(w.fleet)
}

// watches begins a watch that speaks through the bot; ending it is the test's,
// or the cleanup's.
func (w *world) watches(change ...func(*watch.Watch)) (end func()) {
	w.t.Helper()
	s := w.service()
	s.Holder, s.Redactor = "watch of "+s.Holder, w.red
	on := &watch.Watch{
		Service: s, Hints: quiet{}, Book: w.store, Wishes: w.store, Speaker: w.bot.Alerts(), Reach: w.bot.Reached, Idle: true,
		Logger: slog.New(slog.NewTextHandler(w.log, nil)),
	}
	if h, is := w.clock.(hurried); is {
		on.Steady = h.steady // or the watch would take each look for one after a jump of the clock
	}
	for _, c := range change {
		c(on)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(w.t.Context()))
	done := make(chan error, 1)
	go func() { done <- on.Run(ctx) }() // the returned function waits for it
	ended := false
	end = func() {
		if ended {
			return
		}
		ended = true
		cancel()
		if err := <-done; err != nil {
			w.t.Errorf("the watch ended: %v", err)
		}
	}
	w.t.Cleanup(end)
	return end
}

// breaks takes the address of cn-1 away, and mends gives it back.
func (w *world) breaks() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = factstest.Healthy(w.fleet)
	factstest.Restarted(&w.seen, w.fleet, "cn-1")
}

func (w *world) mends() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = factstest.Healthy(w.fleet)
}

// fires waits until the lost address of cn-1 is told.
func (w *world) fires() slackworld.Message {
	w.t.Helper()
	return w.Await("*Critical: ip in cn*", "want 10.0.0.1/24")
}

// firing is a watched world in which the lost address of cn-1 has just been told, and
// the message that tells it.
func firing(t *testing.T) (*world, slackworld.Message) {
	t.Helper()
	w := newWorld(t, watched)
	w.watches()
	w.breaks()
	return w, w.fires()
}

// at is a message as it is now.
func (w *world) at(ts string) slackworld.Message {
	for _, m := range w.Messages() {
		if m.TS == ts {
			return m
		}
	}
	return slackworld.Message{}
}

// becomes waits until a message says all the words.
func (w *world) becomes(ts string, words ...string) slackworld.Message {
	w.t.Helper()
	w.Until("the message says "+strings.Join(words, ", "), func() bool {
		all := w.at(ts).All()
		for _, word := range words {
			if !strings.Contains(all, word) {
				return false
			}
		}
		return true
	})
	return w.at(ts)
}

// roots are the alerts' own messages in the channel, of whatever group.
func (w *world) roots(words ...string) (n int) {
	for _, m := range w.Messages() {
		if m.User == slackworld.Bot && (m.Thread == "" || m.Thread == m.TS) && m.Ephemeral == "" && isAlert(m.All(), words) {
			n++
		}
	}
	return n
}

func isAlert(text string, words []string) bool {
	for _, w := range append([]string{": ip in cn*"}, words...) {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// lines are the lines of a thread that say all the words.
func (w *world) lines(ts string, words ...string) (n int) {
	for _, m := range w.Messages() {
		if m.Thread != ts || m.TS == ts || m.Ephemeral != "" {
			continue
		}
		says := true
		for _, word := range words {
			says = says && strings.Contains(m.All(), word)
		}
		if says {
			n++
		}
	}
	return n
}
