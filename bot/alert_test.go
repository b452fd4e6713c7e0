package bot_test

import (
	"context"
	"strings"
	"testing"

	"vmqbot/alerts"
	"vmqbot/bot/slackworld"
	"vmqbot/ops"
	"vmqbot/watch"
)

// TestALostAddressInSlack on a simulated fleet that really loses it: one message
// from the beginning to the end, a line below it for each thing that happened,
// and the repair is an operation like any other.
func TestALostAddressInSlack(t *testing.T) {
	t.Parallel()
	f, behind := simulated(t)
	w := newWorld(t, behind)
	w.watches(func(on *watch.Watch) { on.Idle, on.Hints, on.Stage = false, w.hosts.Hints, w.bot.Stage() })
	w.Until("the watch knows the fleet", func() bool { return strings.Contains(w.log.String(), "serving") })
	on(t, f, "cn", "docker", "restart", "vernemq-release-cn-1")
	m := w.Await(": ip in cn*")
	end := w.becomes(m.TS, "*Resolved: ip in cn*", "the bot repaired it by itself")
	if end.Button("ack") != "" || end.Button("silence") != "" {
		t.Errorf("what is over can still be pressed: %s", end.All())
	}
	if n := w.roots(); n != 1 {
		t.Errorf("%d messages", n)
	}
	for _, part := range []string{"*Critical, being repaired: ip in cn*", "`/vmq reattach cn-1` by the bot itself: attempt 1 of 3"} {
		if !strings.Contains(w.Proxy.Everything(), part) {
			t.Errorf("the message has not shown the repair: %s", part)
		}
	}
	w.Until("the lines below it", func() bool {
		return w.lines(m.TS, "firing: want 10.0.0.1/24") == 1 && w.lines(m.TS, "repairing by itself: reattach cn-1") == 1 &&
			w.lines(m.TS, "resolved after", "the bot repaired it") == 1
	})
	if w.lines(m.TS, "<!subteam^S0ONCALL> please come") != 1 || w.lines(m.TS, "nobody needs to come any more") != 1 {
		t.Error("nobody was called, or called off")
	}
	shown := w.Await("reattach cn-1", "done by the bot itself (`autoheal`)", "*done*", ":white_check_mark: 1.")
	w.Until("what weave said below the repair", func() bool { return w.lines(shown.TS, "weave attach", "10.0.0.1") == 1 })
	events, err := w.store.Events(t.Context(), 1000, "")
	if err != nil {
		t.Fatal(err)
	}
	healed := false
	for _, e := range events {
		healed = healed || e.Actor == "autoheal" && e.Type == "finished" && strings.HasPrefix(e.Detail, "done")
	}
	if !healed {
		t.Error("the repair stands in no line of the audit")
	}
}

// TestAcknowledging is an ordinary request of who clicks: refused to who may
// not, and told to everybody when it is done.
func TestAcknowledging(t *testing.T) {
	t.Parallel()
	w, m := firing(t)
	w.Until("somebody is called", func() bool { return w.lines(m.TS, "<@U0LI> please come") == 1 })
	w.Press(slackworld.Viewer, m, "ack")
	if m := w.Await("ack needs the role operator"); m.Ephemeral != slackworld.Viewer {
		t.Errorf("others read the refusal: %+v", m)
	}
	w.Press(slackworld.Nobody, m, "ack")
	if m := w.Await("You have no role here"); m.Ephemeral != slackworld.Nobody {
		t.Errorf("others read the refusal: %+v", m)
	}
	for _, forged := range []string{"ip/cn/cn-1", "ip/cn/cn-1#7", "reattach eu", "ip/cn/cn-1#1 --yes"} {
		w.Must(w.PressID(slackworld.OnCall, m, "ack", forged))
	}
	w.Until("what is forged is refused", func() bool {
		return w.Count("about no alert that I know") == 3 && w.Count("is over already") == 1
	})
	if strings.Contains(w.audit(), "finished") {
		t.Errorf("somebody who may not has done something: %s", w.audit())
	}
	w.Press(slackworld.OnCall, m, "ack")
	taken := w.becomes(m.TS, ":raising_hand: *<@U0BOB>* has taken it on", "*Critical: ip in cn*")
	if taken.Button("ack") != "" || taken.Button("silence") == "" {
		t.Errorf("the buttons of what is taken on: %s", taken.All())
	}
	w.Until("the thread tells of it", func() bool {
		return w.lines(m.TS, "`ack ip/cn/cn-1`: done, asked by <@U0BOB>") == 1 && w.lines(m.TS, "acknowledged", "(<@U0BOB>)") == 1
	})
	pages := w.lines(m.TS, "please come")
	w.mends()
	w.becomes(m.TS, "*Resolved: ip in cn*")
	w.Must(w.PressID(slackworld.OnCall, m, "repair", m.Button("repair")))
	w.Until("a late click is answered", func() bool { return w.Count("is over already") == 2 })
	if n := w.lines(m.TS, "please come"); n != pages || n != 1 || w.runs.Load() != 1 {
		t.Errorf("%d pages, and %d after it was taken on; ran %d times", pages, n, w.runs.Load())
	}
	if got := w.audit(); strings.Count(got, "refused") != 2 || !strings.Contains(got, "finished") {
		t.Errorf("audit: %s", got)
	}
}

// TestAcknowledgingAll takes on what a whole message tells, as one line of the group;
// what the button is about decides, not who drew it.
func TestAcknowledgingAll(t *testing.T) {
	t.Parallel()
	w, m := firing(t)
	id := m.Button("ack")
	w.Must(w.PressID(slackworld.Viewer, m, "ack-all", id))
	if m := w.Await("ack needs the role operator"); m.Ephemeral != slackworld.Viewer {
		t.Errorf("others read the refusal: %+v", m)
	}
	w.Must(w.PressID(slackworld.OnCall, m, "ack-all", "ip/cn#1"))
	w.Await("about no alert that I know")
	w.Must(w.PressID(slackworld.OnCall, m, "ack-all", id))
	w.becomes(m.TS, ":raising_hand: *<@U0BOB>* has taken it on")
	w.Until("the thread tells of it", func() bool {
		return w.lines(m.TS, "`ack ip/cn`: done, asked by <@U0BOB>") == 1
	})
	w.mends()
	w.becomes(m.TS, "*Resolved: ip in cn*")
	w.Must(w.PressID(slackworld.OnCall, m, "ack-all", id))
	w.Await("is over already")
}

// TestASilenceFromTheForm: nothing is said meanwhile, also not that it is over;
// when the silence ends, the message tells the truth by itself.
func TestASilenceFromTheForm(t *testing.T) {
	t.Parallel()
	w, m := firing(t)
	w.Until("somebody is called", func() bool { return w.lines(m.TS, "please come") == 1 })
	w.Press(slackworld.Viewer, m, "silence")
	w.AwaitView("Silence an alert", "ip in cn")
	w.Submit(slackworld.Viewer, map[string]string{"reason": "I may not", "for": "1h"})
	w.Await("silence needs the role operator")
	views := w.Views()
	w.Press(slackworld.OnCall, m, "silence")
	w.Until("a form", func() bool { return w.Views() > views })
	w.Submit(slackworld.OnCall, map[string]string{"reason": "the provider --for 1m works on it <!channel>", "for": "24h"})
	w.Until("the thread tells of it", func() bool {
		return w.lines(m.TS, "`silence cn --check ip --for 24h the provider for 1m works on it &lt;!channel&gt;`: done, asked by <@U0BOB>") == 1
	})
	w.mends()
	w.Until("nobody needs to come", func() bool { return w.lines(m.TS, "nobody needs to come any more") == 1 })
	if is := w.at(m.TS); strings.Contains(is.All(), "Resolved") || w.lines(m.TS, "resolved") > 0 {
		t.Errorf("it speaks under a silence: %s", is.All())
	}
	wishes, err := w.store.Wishes(t.Context())
	if err != nil || len(wishes) != 1 || wishes[0].By != "slack:U0BOB" || wishes[0].Region != "cn" || wishes[0].Check != "ip" {
		t.Fatalf("%v %+v", err, wishes)
	}
	w.Type(slackworld.OnCall, "unsilence "+wishes[0].ID)
	w.Press(slackworld.OnCall, w.Await("asks for this", "unsilence"), "approve")
	w.becomes(m.TS, "*Resolved: ip in cn*")
	w.Until("the thread says how it ended", func() bool { return w.lines(m.TS, "resolved after") == 1 })
	if w.roots() != 1 || w.lines(m.TS, "please come") != 1 {
		t.Errorf("%d messages, %d pages", w.roots(), w.lines(m.TS, "please come"))
	}
}

// TestTheRepairButtonShowsThePlan and runs nothing before others agree.
func TestTheRepairButtonShowsThePlan(t *testing.T) {
	t.Parallel()
	w, m := firing(t)
	w.Press(slackworld.Viewer, m, "repair")
	w.Await("reattach needs the role operator")
	w.Press(slackworld.OnCall, m, "repair")
	card := w.Await("<@U0BOB> asks for this", "reattach cn-1", "weave attach 10.0.0.1/24")
	if w.runs.Load() != 0 {
		t.Fatal("it ran before anybody agreed")
	}
	w.Press(slackworld.Second, card, "approve")
	w.becomes(card.TS, "*done*")
}

// TestRunbookAndGraph are for who may read.
func TestRunbookAndGraph(t *testing.T) {
	t.Parallel()
	w := newWorld(t, watched, func(w *world) {
		w.graph = drawn("\x89PNG of ")
		w.fleet.Checks.Runbook = "https://git.example.net/checks.md"
	})
	w.watches()
	w.breaks()
	m := w.fires()
	w.Press(slackworld.Nobody, m, "runbook")
	w.Await("You have no role here")
	w.Press(slackworld.Viewer, m, "runbook")
	if page := w.Await("The check asks", "does the container hold its weave address?", "`/vmq reattach cn-1`", "F1", "<https://git.example.net/checks.md#ip|ip>"); page.Ephemeral != slackworld.Viewer {
		t.Errorf("everybody reads it: %+v", page)
	}
	w.Press(slackworld.Nobody, m, "graph")
	w.Until("a second refusal", func() bool { return w.Count("You have no role here") == 2 })
	if n := len(w.Proxy.Calls("upload")); n != 0 {
		t.Fatalf("%d pictures for nobody", n)
	}
	w.Press(slackworld.Viewer, m, "graph")
	w.Until("a picture below the alert", func() bool {
		for _, f := range w.Messages() {
			if f.Thread == m.TS && strings.Contains(string(f.Files), "graph.png") {
				return true
			}
		}
		return false
	})
	if up := w.Proxy.Calls("upload"); len(up) != 1 || !strings.Contains(up[0].Args.Get("body"), "PNG of ip/cn/cn-1") {
		t.Errorf("%d pictures", len(up))
	}
}

// drawn is a picture of anything.
type drawn string

func (d drawn) Graph(_ context.Context, k alerts.Key) ([]byte, error) {
	if k.Check == "" {
		return nil, ops.Errorf(ops.Invalid, "", "Nothing is drawn of nothing.")
	}
	return []byte(string(d) + k.String()), nil
}

// TestWithoutAGraphThereIsNoButton.
func TestWithoutAGraphThereIsNoButton(t *testing.T) {
	t.Parallel()
	w, m := firing(t)
	if m.Button("graph") != "" || m.Button("runbook") == "" {
		t.Errorf("%s", m.All())
	}
	w.Must(w.PressID(slackworld.Viewer, m, "graph", m.Button("runbook")))
	w.Await("Nobody keeps the last hours here")
}
