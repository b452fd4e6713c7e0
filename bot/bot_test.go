package bot_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"vmqbot/bot/slackworld"
	"vmqbot/ops"
	"vmqbot/regions"
)

func TestStatusIsAnsweredWhereItWasAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Type(slackworld.Viewer, "status")
	m := w.Await("release: cn-1 is bad", "type: /vmq reattach cn-1")
	if m.Ephemeral != "" || m.Channel != slackworld.Channel {
		t.Errorf("%+v", m)
	}
	if strings.Contains(m.All(), "value-of-") {
		t.Error("a secret is shown")
	}
	w.TypeIn(slackworld.General, slackworld.Viewer, "peers")
	if m := w.Await("peers", "sg-1"); m.Ephemeral != slackworld.Viewer || m.Channel != slackworld.General {
		t.Errorf("elsewhere everybody can read it: %+v", m)
	}
}

func TestReattachFromTheCardToTheEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Type(slackworld.OnCall, "reattach cn")
	card := w.Await("reattach cn", "asks for this", "<!subteam^S0ONCALL>")
	if !strings.Contains(card.All(), "weave attach 10.0.0.1/24") || w.runs.Load() != 0 {
		t.Errorf("the card does not show the plan:\n%s", card.All())
	}
	w.Press(slackworld.OnCall, card, "approve")
	w.Await("your own voice does not count")
	w.Press(slackworld.Viewer, card, "approve")
	w.Await("You have no voice in this now")
	w.Press(slackworld.Second, card, "approve")
	done := w.Await("*done*", "approved by <@U0SUE>", "asked by <@U0BOB>", ":white_check_mark: 1.")
	if done.TS != card.TS || done.Button("approve") != "" || done.Button("cancel") != "" {
		t.Errorf("the live message: %s", done.All())
	}
	said := w.Await("said in step 1", "&lt;!channel&gt;")
	if said.Thread != card.TS || strings.Contains(said.All(), "<!channel>") {
		t.Errorf("%+v", said)
	}
	if w.runs.Load() != 1 {
		t.Errorf("it ran %d times", w.runs.Load())
	}
	w.Press(slackworld.Second, card, "approve")
	w.Until("the second click is answered", func() bool { return w.Count("it runs once") == 1 })
	if got := w.audit(); !strings.HasPrefix(got, "asked refused refused approved request plan step") || !strings.HasSuffix(got, "finished refused") {
		t.Errorf("audit: %s", got)
	}
	if _, err := w.store.VerifyChain(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestRefusedByWhatIsAsked: where, and in which words. Who is refused everywhere
// is in TestRefusedOnEveryDoor.
func TestRefusedByWhatIsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.TypeIn(slackworld.Shared, slackworld.OnCall, "status")
	w.Await("This channel is shared")
	w.TypeIn(slackworld.General, slackworld.OnCall, "reattach cn")
	w.Await("in <#C0123>")
	w.Type(slackworld.Viewer, "reattach cn")
	w.Await("needs the role operator")
	w.Type(slackworld.OnCall, "frobnicate")
	w.Await("There is no verb")
	w.Type(slackworld.OnCall, strings.Repeat("x", 4000))
	w.Await("Your text has 4000 characters")
	w.Type(slackworld.OnCall, `status "cn`)
	w.Await("never closed")
	w.Type(slackworld.OnCall, "logs cn -f") // a channel is no terminal
	w.Await("bot run --config fleet.yaml -- logs cn -f")
	if w.runs.Load() != 0 || w.looks.Load() != 0 {
		t.Errorf("looked %d, ran %d", w.looks.Load(), w.runs.Load())
	}
	if got := w.audit(); strings.Trim(got, " refusd") != "" || strings.Count(got, "refused") != 3 {
		all, _ := w.store.Events(t.Context(), 100, "")
		t.Errorf("audit: %s\n%+v", got, all)
	}
}

func TestPhonesAndMentions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Type(slackworld.OnCall, "logs \u201ccn\u201d \u2013n 5")
	w.Await("logs cn -n 5")
	w.Say(slackworld.Channel, slackworld.Viewer, "<@U0VMQ> history -n 3", "")
	m := w.Await("Nothing was done yet")
	if m.Thread == "" {
		t.Errorf("a mention is answered in its thread: %+v", m)
	}
}

// TestAMentionInAThreadIsAnsweredThere, and not at the mention, which would be a
// thread that nobody finds.
func TestAMentionInAThreadIsAnsweredThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Type(slackworld.OnCall, "reattach cn")
	card := w.Await("asks for this")
	w.Say(slackworld.Channel, slackworld.Viewer, "<@U0VMQ> history -n 3", card.TS)
	if m := w.Await("Nothing was done yet"); m.Thread != card.TS || m.Ephemeral != "" {
		t.Errorf("it was asked in the thread %s and is answered elsewhere: %+v", card.TS, m)
	}
	w.Say(slackworld.Channel, slackworld.Nobody, "<@U0VMQ> status", card.TS)
	if m := w.Await("You have no role here"); m.Ephemeral != slackworld.Nobody {
		t.Errorf("a refusal in a thread is read by others: %+v", m)
	}
	w.Say(slackworld.Channel, slackworld.OnCall, "<@U0VMQ> reattach cn", card.TS)
	w.Until("a second card", func() bool { return w.Count("asks for this") == 2 })
}

func TestExpiredCardsSaySo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) {
		w.fleet.Approval["reattach"] = regions.Approval{Approvers: []string{"S0ONCALL"}, Count: 1, Expires: time.Second}
	})
	w.Type(slackworld.OnCall, "reattach cn")
	card := w.Await("asks for this")
	w.Await("*Expired*", "/vmq reattach cn")
	w.Must(w.PressID(slackworld.Second, card, "approve", card.Button("approve")))
	w.Await("This request expired at")
	if w.runs.Load() != 0 {
		t.Error("it ran")
	}
}

// TestLongOutputIsAFile in the thread, and short output is code.
func TestLongOutputIsAFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.onRun = func(_ context.Context, emit func(ops.Event)) error {
		emit(ops.Event{Kind: ops.Output, Step: 1, Node: "cn-1", Text: strings.Repeat("a line of many\n", 1000), At: time.Now()})
		emit(ops.Event{Kind: ops.StepNow, Step: 1, Node: "cn-1", State: ops.Done, At: time.Now()})
		emit(ops.Event{Kind: ops.Remark, Step: 1, Node: "cn-1", Text: "7 bytes by us-1 <!channel>", At: time.Now()})
		return nil
	}
	w.Type(slackworld.OnCall, "reattach cn")
	card := w.Await("asks for this")
	w.Press(slackworld.Second, card, "approve")
	w.Await("*done*", ":warning: 7 bytes by us-1 &lt;!channel&gt;") // what it cost stands in its summary
	w.Until("a file in the thread", func() bool {
		for _, m := range w.Messages() {
			if m.Thread == card.TS && strings.Contains(string(m.Files), "output-") {
				return true
			}
		}
		return false
	})
	if n := w.Count("a line of many"); n != 0 {
		t.Errorf("%d messages are full of it", n)
	}
}
