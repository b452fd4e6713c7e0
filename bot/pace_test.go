package bot_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"vmqbot/bot/slackworld"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
)

// TestTheBudgetIsKeptOnTheWire: three operations that change all the time and an
// alert that comes and goes, before a Slack that counts. Any window of time holds
// at most the burst and the pace, which are 50 in a minute; nothing starves.
func TestTheBudgetIsKeptOnTheWire(t *testing.T) {
	t.Parallel()
	broken := func(w *world, nodes ...string) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.seen = factstest.Healthy(w.fleet)
		for _, n := range nodes {
			factstest.Restarted(&w.seen, w.fleet, n)
		}
	}
	w := newWorld(t, watched, func(w *world) {
		w.fleet.Slack.Alerts = map[string]string{"eu": "C0GONE"} // told in the fleet's, then
		broken(w, "cn-1", "sg-1", "us-1")
	})
	w.Proxy.Pace("chat.update", 50, time.Minute)
	end := make(chan struct{})
	w.onRun = func(ctx context.Context, emit func(ops.Event)) error {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for i := 0; ; i++ {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-end:
				return nil
			case now := <-tick.C:
				emit(ops.Event{Kind: ops.StepNow, Step: 1, State: ops.Running, Text: fmt.Sprintf("turn %d", i), At: now})
			}
		}
	}
	var cards []slackworld.Message
	for _, region := range []string{"cn", "sg", "us"} {
		w.Type(slackworld.OnCall, "reattach "+region)
		card := w.Await("reattach "+region, "asks for this")
		w.Press(slackworld.Second, card, "approve")
		cards = append(cards, card)
	}
	w.Until("all of them run", func() bool { return w.runs.Load() == 3 })
	began := time.Now()
	w.watches()
	broken(w, "cn-1", "sg-1", "us-1", "eu-1")
	alert := w.Await(": ip in eu*", "want 10.0.0.4/24")
	broken(w, "cn-1", "sg-1", "us-1")
	w.becomes(alert.TS, "*Resolved: ip in eu*")
	w.Until("each has moved often", func() bool {
		for _, c := range cards {
			if w.edits(c.TS) < 4 {
				return false
			}
		}
		return time.Since(began) > 12*time.Second
	})
	close(end)
	for _, c := range cards {
		w.becomes(c.TS, "*done*")
	}
	all := w.Proxy.Calls("chat.update")
	for i := range all {
		if all[i].Refused {
			t.Errorf("edit %d was refused for its pace", i)
		}
		for j := i + 1; j < len(all); j++ { // 4 and one for each 1.3 s; a busy machine may hold one up on its way
			if most := 4 + 2 + int(all[j].At.Sub(all[i].At)/(1300*time.Millisecond)); j-i+1 > most {
				t.Fatalf("%d edits within %s, and at most %d are allowed", j-i+1, all[j].At.Sub(all[i].At), most)
			}
		}
	}
	t.Logf("%d edits in %s", len(all), all[len(all)-1].At.Sub(all[0].At).Round(time.Second))
}

// edits is how often a message was edited so far.
func (w *world) edits(ts string) (n int) {
	for _, c := range w.Proxy.Calls("chat.update") {
		if c.Args.Get("ts") == ts {
			n++
		}
	}
	return n
}

// TestASlackThatIsInNoHurry refuses whatever comes faster than it likes, which is
// slower than the bot: all is said in the end, and once.
func TestASlackThatIsInNoHurry(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Proxy.Pace("chat.update", 1, 4*time.Second)
	w.Proxy.Pace("chat.postMessage", 1, 4*time.Second)
	w.Type(slackworld.OnCall, "reattach cn")
	card := w.Await("asks for this")
	w.Press(slackworld.Second, card, "approve")
	w.becomes(card.TS, "*done*")
	w.threadSays(card, "said in step 1", "weave's connections", "cluster show")
	refused := 0
	for _, method := range []string{"chat.update", "chat.postMessage"} {
		for _, c := range w.Proxy.Calls(method) {
			if c.Refused {
				refused++
			}
		}
	}
	if refused == 0 {
		t.Error("it was never too fast, so this shows nothing")
	}
	if w.runs.Load() != 1 || w.Count("operation `") != 1 || w.lines(card.TS, "said in step 1") != 1 || w.lines(card.TS, "weave's connections") != 1 {
		t.Errorf("ran %d times, %d cards", w.runs.Load(), w.Count("operation `"))
	}
}

// TestEventsThatSlackSendsAgain are begun once: the same event in other envelopes,
// and the same event in other signed requests.
func TestEventsThatSlackSendsAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.knock = true })
	w.Proxy.Retry(true)
	acked := w.Proxy.Acks()
	w.Say(slackworld.General, slackworld.Viewer, "<@U0VMQ> history -n 1", "")
	w.Say(slackworld.Channel, slackworld.OnCall, "<@U0VMQ> reattach cn", "")
	w.OpenHome(slackworld.Viewer)
	w.Await("asks for this")
	w.Until("all nine are acknowledged", func() bool { return w.Proxy.Acks() >= acked+9 })
	w.Until("the home", func() bool { return len(w.homes(slackworld.Viewer)) > 0 })
	w.Until("the mention is answered", func() bool { return w.told(slackworld.Viewer, "`history -n 1`") > 0 })
	event := slackworld.EventFrame(slackworld.Team, false, slackworld.MentionEvent(slackworld.Viewer, slackworld.General, "history -n 2"))
	raw, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	w.posts(string(raw), "application/json")
	w.Until("the signed one is answered", func() bool { return w.told(slackworld.Viewer, "`history -n 2`") > 0 })
	w.posts(string(raw)+"\n", "application/json", "X-Slack-Retry-Num", "1", "X-Slack-Retry-Reason", "http_timeout") // another signature
	w.Type(slackworld.Viewer, "history -n 3")                                                                       // comes after all of them
	w.Await("`history -n 3` asked by")
	w.stop()
	if home, one, two, cards := len(w.homes(slackworld.Viewer)), w.told(slackworld.Viewer, "`history -n 1`"), w.told(slackworld.Viewer, "`history -n 2`"), w.Count("asks for this"); home != 1 || one != 1 || two != 1 || cards != 1 {
		t.Errorf("%d homes, %d and %d answers, %d cards", home, one, two, cards)
	}
	if strings.Contains(w.log.String(), "internal error") {
		t.Error("something went wrong inside")
	}
}
