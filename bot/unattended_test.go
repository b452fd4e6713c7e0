package bot_test

import (
	"context"
	"testing"
	"time"

	"vmqbot/alerts"
	"vmqbot/bot/slackworld"
	"vmqbot/ops"
	"vmqbot/watch"
)

// TestAScheduleIsShown as what somebody typed is: a live message with a cancel
// button, what the tools said below it, and on whose word it is done.
func TestAScheduleIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, watched)
	runs, release := make(chan struct{}), make(chan struct{})
	w.onRun = func(_ context.Context, emit func(ops.Event)) error {
		emit(ops.Event{Op: "4f2a91", Kind: ops.StepNow, Step: 1, Node: "cn-1", State: ops.Running, At: time.Now()})
		close(runs)
		<-release
		emit(ops.Event{Op: "4f2a91", Kind: ops.Output, Step: 1, Node: "cn-1", Text: "10.0.0.1", At: time.Now()})
		emit(ops.Event{Op: "4f2a91", Kind: ops.StepNow, Step: 1, Node: "cn-1", State: ops.Done, At: time.Now()})
		return nil
	}
	w.breaks() // so that there is something to do
	now := w.clock.Now().UTC()
	due := now.Add(2 * time.Minute)
	if err := w.store.AddWish(t.Context(), alerts.Wish{ID: "5c4ed1", Want: alerts.Schedule, By: "slack:" + slackworld.OnCall, At: now, Every: due.Format("4 15 * * *"), Line: "reattach cn"}); err != nil {
		t.Fatal(err)
	}
	w.watches(func(on *watch.Watch) { on.Idle, on.Stage = false, w.bot.Stage() })
	if err := w.store.AddWish(t.Context(), alerts.Wish{ID: "a", Want: alerts.AutohealOff, By: "terminal:ana", At: now}); err != nil {
		t.Fatal(err)
	}
	select {
	case <-runs:
	case <-time.After(time.Minute):
		t.Fatal("it was never done")
	}
	m := w.Await("reattach cn", "*Running*", "scheduled by <@U0BOB> (`5c4ed1`)")
	if m.Button("cancel") == "" || m.Channel != slackworld.Channel {
		t.Errorf("nobody can cancel it: %s", m.All())
	}
	close(release)
	w.mends()
	done := w.becomes(m.TS, "*done*", ":white_check_mark: 1.")
	if done.Button("cancel") != "" {
		t.Errorf("what is over can be cancelled: %s", done.All())
	}
	w.Until("what weave said, and what it says now", func() bool {
		return w.lines(m.TS, "weave attach", "10.0.0.1") == 1 && w.lines(m.TS, "Afterwards: weave's connections") == 1
	})
}
