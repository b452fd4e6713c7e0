package bot_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"vmqbot/bot/slackworld"
	"vmqbot/ops"
)

func TestCancelGoesAheadOfTheQueue(t *testing.T) {
	w := newWorld(t)
	w.onRun = func(ctx context.Context, emit func(ops.Event)) error {
		emit(ops.Event{Kind: ops.StepNow, Step: 1, Title: "Attach", Node: "cn-1", State: ops.Running, At: time.Now()})
		for {
			all, err := w.store.Operations(ctx, 1)
			if err != nil {
				return err
			}
			by, err := w.store.CancelRequested(ctx, all[0].ID)
			if err != nil {
				return err
			}
			if by != "" {
				return ops.Errorf(ops.Refused, "history", "Cancelled by %s before step 2.", by)
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
	w.Type(slackworld.OnCall, "reattach cn")
	card := w.Await("asks for this")
	w.Press(slackworld.Second, card, "approve")
	w.Until("a cancel button", func() bool { return w.Await("*Running*").Button("cancel") != "" })
	live := w.Await("*Running*")
	w.Press(slackworld.Viewer, live, "cancel")
	w.Await("cancel needs the role operator")
	w.Press(slackworld.OnCall, live, "cancel")
	w.Await("*cancelled*", "Cancelled by slack:U0BOB")
}

func TestACardSurvivesTheBot(t *testing.T) {
	w := newWorld(t)
	w.Type(slackworld.OnCall, "reattach cn")
	card := w.Await("asks for this")
	w.stop()
	w.Until("the old connections to end", func() bool { return w.Proxy.Connections() == 0 })
	w.begin(slackworld.AppToken, "")
	w.Until("two connections", func() bool { return w.Proxy.Connections() == 2 })
	w.Press(slackworld.Second, card, "approve")
	if done := w.Await("*done*"); done.TS != card.TS || w.runs.Load() != 1 {
		t.Errorf("%+v", done)
	}
}

func TestACleanStopEditsTheLiveMessages(t *testing.T) {
	w := newWorld(t)
	begun := make(chan struct{})
	w.onRun = func(ctx context.Context, _ func(ops.Event)) error {
		close(begun)
		<-ctx.Done()
		return ops.Errorf(ops.Refused, "history", "Interrupted before step 2.")
	}
	w.Type(slackworld.OnCall, "reattach cn")
	w.Press(slackworld.Second, w.Await("asks for this"), "approve")
	<-begun
	began := time.Now()
	w.stop()
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("stopping took %s", took)
	}
	w.Await("*cancelled*", "Interrupted before step 2")
}

func TestWhatDoesNotEndInTimeIsSaid(t *testing.T) {
	w := newWorld(t)
	begun, release := make(chan struct{}), make(chan struct{})
	w.onRun = func(context.Context, func(ops.Event)) error {
		close(begun)
		<-release
		return nil
	}
	w.Type(slackworld.OnCall, "reattach cn")
	w.Press(slackworld.Second, w.Await("asks for this"), "approve")
	<-begun
	began := time.Now()
	w.stop()
	took := time.Since(began)
	close(release)
	w.Await("The bot is stopped while this runs")
	if took > 20*time.Second {
		t.Errorf("stopping took %s", took)
	}
}

// TestNoSecretIsSaid puts secrets in every place and looks everywhere.
func TestNoSecretIsSaid(t *testing.T) {
	w := newWorld(t)
	secrets := []string{"value-of-VERNEMQ_COOKIE", "value-of-VMQBOT_MQTT_PASSWORD", slackworld.BotToken, slackworld.AppToken}
	all := strings.Join(secrets, " ") + " distributed_cookie = canary1 vmq_diversity.mysql.password = canary2"
	w.onRun = func(_ context.Context, emit func(ops.Event)) error {
		for i, line := range append([]string{all}, secrets...) {
			emit(ops.Event{Kind: ops.Output, Step: 1, Node: "cn-1", Text: line, At: time.Now()})
			emit(ops.Event{Kind: ops.StepNow, Step: i%2 + 1, Node: "cn-1", State: ops.Broken, Title: "Step " + line, Text: line, At: time.Now()})
		}
		emit(ops.Event{Kind: ops.Output, Step: 1, Node: "cn-1", Text: strings.Repeat(all+" ", 200), At: time.Now()})
		return ops.Errorf(ops.Failed, "", "It said %s.", all)
	}
	for _, text := range []string{all, "status " + secrets[0], "reattach cn " + secrets[2]} {
		w.Type(slackworld.OnCall, text)
	}
	w.Say(slackworld.Channel, slackworld.Nobody, "<@U0VMQ> "+all, "")
	w.Type(slackworld.OnCall, "reattach cn")
	card := w.Await("asks for this")
	w.Press(slackworld.Admin, card, "break-glass")
	w.AwaitView("Break the glass")
	w.Submit(slackworld.Admin, map[string]string{"reason": "because " + all})
	w.Await("*failed*", "broke the glass")
	w.OpenHome(slackworld.Admin)
	w.Until("a home", func() bool { return strings.Contains(w.Home(), "Done lately") })
	w.Type(slackworld.OnCall, "audit")
	w.Await("break-glass")
	w.Type(slackworld.OnCall, "history")
	w.Await("`history`")
	w.stop()
	events, err := w.store.Events(t.Context(), 1000, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range append(secrets, "canary1", "canary2") {
		if i := strings.Index(w.Proxy.Everything(), s); i >= 0 && s != slackworld.BotToken && s != slackworld.AppToken {
			t.Errorf("Slack was told %s: %q", s, w.Proxy.Everything()[max(0, i-300):i+60])
		}
		for _, m := range w.Messages() {
			if m.User == slackworld.Bot && strings.Contains(m.All(), s) {
				t.Errorf("a message shows %s:\n%s", s, m.All())
			}
		}
		if strings.Contains(w.log.String(), s) {
			t.Errorf("the log shows %s", s)
		}
		if strings.Contains(w.Home(), s) {
			t.Errorf("the home shows %s", s)
		}
		for _, e := range events {
			if strings.Contains(e.Detail, s) {
				t.Errorf("the audit shows %s: %+v", s, e)
			}
		}
	}
}
