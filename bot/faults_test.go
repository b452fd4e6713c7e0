package bot_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vmqbot/bot/slackworld"
	"vmqbot/ops"
)

// TestSlackFailsInEveryWay: whatever Slack answers the first time, the card
// comes once, and the operation runs once and shows its end.
func TestSlackFailsInEveryWay(t *testing.T) {
	for name, f := range map[string]slackworld.Fault{
		"429": {Status: 429, Retry: 1}, "500": {Status: 500}, "garbage": {Body: "<html>sorry</html>"}, "done and the answer lost": {Late: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.Proxy.Fail(func(method string, nth int) slackworld.Fault {
				if nth <= 2 && method != "apps.connections.open" && method != "_hooks" && method != "upload" {
					return f
				}
				return slackworld.Fault{}
			})
			w.Type(slackworld.OnCall, "reattach cn")
			card := w.Await("asks for this")
			w.Press(slackworld.Second, card, "approve")
			w.Await("*done*")
			if n := w.Count("operation `"); n != 1 || w.runs.Load() != 1 {
				t.Errorf("%d cards, ran %d times", n, w.runs.Load())
			}
		})
	}
}

// TestEveryCommandIsAnsweredOnce while connections are cut and every envelope
// comes several times.
func TestEveryCommandIsAnsweredOnce(t *testing.T) {
	const commands = 300
	w := newWorld(t)
	w.Proxy.Twice(true)
	ctx, stop := context.WithCancel(t.Context())
	var cutting, typing sync.WaitGroup
	cuts := 0
	cutting.Go(func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if w.Proxy.Drop() {
					cuts++
				}
			}
		}
	})
	slots := make(chan struct{}, 20)
	for i := range commands {
		slots <- struct{}{}
		typing.Go(func() {
			defer func() { <-slots }()
			if err := w.TryType(slackworld.Viewer, fmt.Sprintf("history -n %d", i+1)); err != nil {
				t.Error(err)
			}
		})
	}
	typing.Wait()
	stop()
	cutting.Wait()
	acked := w.Acks()
	w.Until("every acknowledged command is answered", func() bool { return w.Count("Nothing was done yet") >= acked })
	twice, answered := 0, 0
	for i := range commands {
		n := w.Count(fmt.Sprintf("`history -n %d`", i+1))
		if n > 1 {
			twice++
		}
		if n > 0 {
			answered++
		}
	}
	t.Logf("%d commands, %d cuts: %d acknowledged, %d answered, %d twice", commands, cuts, acked, answered, twice)
	if twice > 0 || answered < acked || acked < commands*9/10 {
		t.Error("a command was answered twice, or never")
	}
}

// TestAHundredClicksAtOnce run it once, and everybody is told something.
func TestAHundredClicksAtOnce(t *testing.T) {
	w := newWorld(t)
	release := make(chan struct{})
	w.onRun = func(_ context.Context, _ func(ops.Event)) error { <-release; return nil }
	w.Type(slackworld.OnCall, "reattach cn")
	card := w.Await("asks for this")
	var clicks sync.WaitGroup
	for i := range 100 {
		clicks.Go(func() {
			if err := w.TryPress([]string{slackworld.Second, slackworld.Admin}[i%2], card, "approve"); err != nil {
				t.Error(err)
			}
		})
	}
	clicks.Wait()
	w.Until("the others are told", func() bool { return w.Count("it runs once") == 99 })
	close(release)
	w.Await("*done*")
	if w.runs.Load() != 1 {
		t.Errorf("it ran %d times", w.runs.Load())
	}
}

func TestFramesThatNobodyUnderstands(t *testing.T) {
	w := newWorld(t)
	for _, frame := range []string{
		"", "{", "null", "[]", `{"type":"slash_commands"}`, `{"type":"unheard_of","envelope_id":"x1"}`,
		`{"type":"slash_commands","envelope_id":"x2","payload":{"user_id":7}}`, `{"type":"interactive","envelope_id":"x3","payload":{"type":"block_actions"}}`,
		`{"type":"interactive","envelope_id":"x4","payload":{"type":"block_actions","actions":[null]}}`,
		`{"type":"interactive","envelope_id":"x5","payload":{"type":"view_submission"}}`, `{"type":"events_api","envelope_id":"x6","payload":{"type":"event_callback","event":{}}}`,
	} {
		w.Proxy.Inject(frame)
	}
	w.Type(slackworld.Viewer, "history -n 1")
	w.Await("`history -n 1`")
	before := w.Proxy.Opened()
	w.Proxy.Inject(`{"type":"disconnect","reason":"warning"}`)
	w.Until("both connections again", func() bool { return w.Proxy.Opened() == before+2 && w.Proxy.Connections() == 2 })
	w.Type(slackworld.Viewer, "history")
	w.Await("`history`")
	w.PressID(slackworld.OnCall, slackworld.Message{Channel: slackworld.Channel, TS: "1.1"}, "approve", "no-such-card")
	w.Await("There is no such request for approval")
	w.PressID(slackworld.OnCall, slackworld.Message{Channel: slackworld.Channel, TS: "1.1"}, "reboot", "x")
	w.Await("from another time")
}

// TestAcknowledgedAtOnce: with 200 commands that all wait for their looks.
func TestAcknowledgedAtOnce(t *testing.T) {
	w := newWorld(t)
	w.hold = make(chan struct{})
	var typed sync.WaitGroup
	var slowest atomic.Int64
	for range 200 {
		typed.Go(func() {
			began := time.Now()
			if err := w.TryType(slackworld.Viewer, "status"); err != nil {
				t.Error(err)
			}
			for took := time.Since(began).Milliseconds(); ; {
				old := slowest.Load()
				if took <= old || slowest.CompareAndSwap(old, took) {
					return
				}
			}
		})
	}
	typed.Wait()
	t.Logf("200 in flight; the slowest was acknowledged after %d ms, by way of the whole test world", slowest.Load())
	if acked := w.Acks(); acked != 200 {
		t.Errorf("%d acknowledged", acked)
	}
	// What is urgent does not queue behind them.
	w.PressID(slackworld.OnCall, slackworld.Message{Channel: slackworld.Channel, TS: "1.1"}, "cancel", "abcdef")
	w.Await("There is no operation")
	close(w.hold)
	w.Until("all are answered", func() bool { return w.Count("release: cn-1 is bad") == 200 })
}

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
