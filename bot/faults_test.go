package bot_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"vmqbot/bot/slackworld"
	"vmqbot/ops"
)

// TestSlackFailsInEveryWay: whatever Slack answers the first time, the card
// comes once, and the operation runs once and shows its end.
func TestSlackFailsInEveryWay(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]slackworld.Fault{
		"429": {Status: 429, Retry: 1}, "500": {Status: 500}, "garbage": {Body: "<html>sorry</html>"}, "done and the answer lost": {Late: true}, "nothing": {Hang: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.Proxy.Fail(func(method string, nth int) slackworld.Fault {
				if f.Hang && method != "chat.postMessage" { // one is patience enough
					return slackworld.Fault{}
				}
				if (nth == 1 || nth == 2 && !f.Hang) && method != "apps.connections.open" && method != "_hooks" && method != "upload" {
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

var many = flag.Int("commands", 200, "how many commands are typed while connections are cut")

// TestEveryCommandIsAnsweredOnce while connections are cut and every envelope
// comes several times.
func TestEveryCommandIsAnsweredOnce(t *testing.T) {
	commands := *many
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
	// More than the bot takes at once are answered, too: that it is busy.
	w.Until("every acknowledged command is answered", func() bool {
		return w.Count("`history -n ", "` asked by")+w.Count("I am busy with") >= acked
	})
	twice, answered, busy := 0, 0, 0
	for i := range commands {
		done, refused := w.Count(fmt.Sprintf("`history -n %d` asked by", i+1)), w.Count("I am busy with", fmt.Sprintf(`"history -n %d" was not begun`, i+1))
		if done+refused > 1 {
			twice++
		}
		answered += min(1, done+refused)
		busy += refused
	}
	t.Logf("%d commands, %d cuts: %d acknowledged, %d answered, %d of them that it is busy, %d twice", commands, cuts, acked, answered, busy, twice)
	if twice > 0 || answered < acked || answered > commands || acked < commands/2 {
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
	t.Parallel()
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
	w.Must(w.PressID(slackworld.OnCall, slackworld.Message{Channel: slackworld.Channel, TS: "1.1"}, "approve", "no-such-card"))
	w.Await("There is no such request for approval")
	w.Must(w.PressID(slackworld.OnCall, slackworld.Message{Channel: slackworld.Channel, TS: "1.1"}, "reboot", "x"))
	w.Await("from another time")
}

// TestAClickNeverQueues: with more commands under way than the bot takes, all waiting for
// their looks, a card is denied at once; who typed too much is told that the bot is busy.
func TestAClickNeverQueues(t *testing.T) {
	w := newWorld(t)
	w.Type(slackworld.OnCall, "reattach cn")
	card := w.Await("asks for this")
	w.hold = make(chan struct{})
	var typed sync.WaitGroup
	for range 8 {
		typed.Go(func() {
			for range 70 {
				if err := w.TryType(slackworld.Viewer, "status"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	typed.Wait()
	w.Until("the bot takes no more", func() bool { return w.Count("busy") > 0 })
	w.Press(slackworld.Second, card, "deny")
	w.Until("the card is denied", func() bool { return strings.Contains(w.at(card.TS).All(), "*Denied*") })
	close(w.hold)
}

// TestAcknowledgedAtOnce: with 200 commands that all wait for their looks. How
// long the bot took stands in docs/benchmarks.md; here it decides nothing.
func TestAcknowledgedAtOnce(t *testing.T) {
	w := newWorld(t)
	w.hold = make(chan struct{})
	var typed sync.WaitGroup
	for range 200 {
		typed.Go(func() {
			if err := w.TryType(slackworld.Viewer, "status"); err != nil {
				t.Error(err)
			}
		})
	}
	typed.Wait()
	w.Until("all are acknowledged", func() bool { return len(w.Proxy.Acknowledged()) == 200 && w.Acks() == 200 })
	took := w.Proxy.Acknowledged()
	load, _ := os.ReadFile("/proc/loadavg") // elsewhere it is not known
	t.Logf("200 in flight, acknowledged on the wire after: p50 %s, p99 %s, slowest %s; load of the machine %.14s", took[100], took[198], took[199], load)
	// What is urgent does not queue behind them.
	w.Must(w.PressID(slackworld.OnCall, slackworld.Message{Channel: slackworld.Channel, TS: "1.1"}, "cancel", "abcdef"))
	w.Await("There is no operation")
	close(w.hold)
	w.Until("all are answered", func() bool { return w.Count("release: cn-1 is bad") == 200 })
}
