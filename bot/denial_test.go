package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"vmqbot/bot/slackworld"
	"vmqbot/regions"
)

// TestADenialEndsItsCard and no other: two cards stand in one thread, and the later
// one is denied. One voice of two is counted and shown; whoever asked may withdraw.
func TestADenialEndsItsCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) {
		w.fleet.Approval["reattach"] = regions.Approval{Approvers: []string{"S0ONCALL", slackworld.Admin}, Count: 2, Expires: time.Hour}
	})
	w.Type(slackworld.Viewer, "status") // a thread to stand in
	root := w.Await("`status` asked by")
	w.Say(slackworld.Channel, slackworld.OnCall, "<@U0VMQ> reattach cn", root.TS)
	first := w.Await("reattach cn", "asks for this")
	w.Say(slackworld.Channel, slackworld.OnCall, "<@U0VMQ> reattach cn", root.TS)
	w.Until("a second card", func() bool { return w.Count("asks for this") == 2 })
	var second slackworld.Message
	for _, m := range w.Messages() {
		if strings.Contains(m.All(), "asks for this") && m.TS != first.TS {
			second = m
		}
	}
	w.Press(slackworld.Second, first, "approve")
	w.becomes(first.TS, "(1 more)", "approved by <@U0SUE>")
	w.Press(slackworld.Second, second, "deny")
	denied := w.becomes(second.TS, "*Denied* by <@U0SUE>", "nothing was done")
	if denied.Button("approve")+denied.Button("deny") != "" {
		t.Errorf("what was denied can be pressed: %s", denied.All())
	}
	if now := w.at(first.TS); now.Button("approve") == "" || strings.Contains(now.All(), "Denied") {
		t.Errorf("the other card was denied with it: %s", now.All())
	}
	w.Must(w.PressID(slackworld.Admin, second, "approve", second.Button("approve")))
	w.Await("was denied")
	w.Press(slackworld.OnCall, first, "deny")
	w.becomes(first.TS, "*Withdrawn* by <@U0BOB>")
	if w.runs.Load() != 0 {
		t.Errorf("it ran %d times", w.runs.Load())
	}
}

// TestBotsAreNotAnswered, nor what Slack tells of messages that nobody wrote just
// now: no answer, and no line in the audit.
func TestBotsAreNotAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	say := func(n int, event string) {
		w.Proxy.Inject(fmt.Sprintf(`{"type":"events_api","envelope_id":"said%d","payload":{"type":"event_callback","team_id":"T01","event_id":"Ev%d","event":{%s,"channel":"C0123","ts":"17000000%02d.1","text":"<@U0VMQ> history"}}}`, n, n, event, n))
	}
	for n, event := range []string{
		`"type":"app_mention","user":"U0ANA","bot_id":"B0OTHER"`,
		`"type":"app_mention","user":"U0ANA","edited":{"user":"U0ANA","ts":"1700000099.1"}`,
		`"type":"app_mention","user":"U0VMQ"`,
		`"type":"app_mention"`,
		`"type":"message","channel_type":"im","user":"U0ANA","bot_id":"B0OTHER"`,
		`"type":"message","channel_type":"im","user":"U0ANA","subtype":"message_changed"`,
		`"type":"message","channel_type":"im","user":"U0VMQ"`,
		`"type":"message","channel_type":"channel","user":"U0ANA"`,
	} {
		say(n, event)
	}
	say(50, `"type":"app_mention","user":"U0ANA"`) // one that counts, and comes after them
	w.Await("Nothing was done yet")
	if n := w.Count("Nothing was done yet"); n != 1 || w.audit() != "" {
		t.Errorf("%d answers, audit %q", n, w.audit())
	}
}
