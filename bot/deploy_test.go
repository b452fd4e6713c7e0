package bot_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"vmqbot/bot/slackworld"
	"vmqbot/ops"
	"vmqbot/sim"
)

// TestDeployForReal is Slack before a fleet that really changes: one after the
// other, because the next one begins with what the one before left.
func TestDeployForReal(t *testing.T) {
	t.Parallel()
	f, behind := simulated(t)
	for _, story := range []struct {
		name string
		tell func(*testing.T, *sim.Fleet, func(*world))
	}{
		{"reattach after a restart", reattachForReal},
		{"a deploy that fails", deployThatFails},
		{"a deploy that is cancelled", cancelDeploy},
		{"breaking the glass", breakGlass},
		{"from the card to the end", deployToTheEnd},
		{"a fleet that moved", fleetThatMoved},
	} {
		t.Run(story.name, func(t *testing.T) { story.tell(t, f, behind) })
	}
}

// reattachForReal repairs what a restart of the container broke.
func reattachForReal(t *testing.T, f *sim.Fleet, behind func(*world)) {
	w := newWorld(t, behind)
	on(t, f, "cn", "docker", "restart", "vernemq-release-cn-1")
	w.Type(slackworld.Viewer, "status cn")
	w.Await("cn-1 is bad", "/vmq reattach cn-1")
	card := w.carry("reattach cn", "*done* after", func(card slackworld.Message) {
		if !strings.Contains(card.All(), "weave attach 10.0.0.1/24") {
			t.Errorf("the card does not show the plan: %s", card.All())
		}
		w.approve(card)
	})
	w.threadSays(card, "$ weave attach 10.0.0.1/24", "cluster show")
	w.wellAgain("cn")
}

var undone = regexp.MustCompile(`:leftwards_arrow_with_hook: \d+\. [^\n]*Stop the container`)

// deployThatFails is undone before everybody's eyes.
func deployThatFails(t *testing.T, f *sim.Fleet, behind func(*world)) {
	w := newWorld(t, behind)
	was := on(t, f, "eu", "docker", "inspect", "--format", "{{.Id}}", "vernemq-release-eu-1")
	end := w.carry("deploy eu --soak 0 --image airdroid/vernemq:broken", "*failed* after", w.approve)
	if !undone.MatchString(end.All()) || strings.Contains(end.All(), "To take it back") {
		t.Errorf("%s", end.All())
	}
	if is := on(t, f, "eu", "docker", "inspect", "--format", "{{.Id}}", "vernemq-release-eu-1"); is != was {
		t.Errorf("the container is %s, and was %s", is, was)
	}
	w.Type(slackworld.Viewer, "history -n 1")
	w.Await("deploy eu --soak 0 --image airdroid/vernemq:broken", string(ops.Broken), "`history")
}

// cancelDeploy stops it while the new broker is watched; the old one
// serves again.
func cancelDeploy(t *testing.T, f *sim.Fleet, behind func(*world)) {
	w := newWorld(t, behind)
	was := on(t, f, "eu", "docker", "inspect", "--format", "{{.Id}}", "vernemq-release-eu-1")
	end := w.carry("deploy eu --soak 3600", "Cancelled by slack:U0BOB", func(card slackworld.Message) {
		w.approve(card)
		var live slackworld.Message
		w.Until("the old broker is stopped", func() bool {
			for _, m := range w.Messages() {
				if m.TS == card.TS {
					live = m
				}
			}
			return strings.Contains(live.All(), ":white_check_mark: 5. Stop the container of eu-1") || anEnd.MatchString(live.All())
		})
		if anEnd.MatchString(live.All()) {
			return
		}
		w.Press(slackworld.Viewer, live, "cancel")
		w.Await("cancel needs the role operator")
		w.Press(slackworld.OnCall, live, "cancel")
		w.Await("stops before its next step")
	})
	if strings.Count(end.All(), "Attach 10.0.0.4/24") != 2 || !strings.Contains(end.All(), ":white_check_mark: then: Attach 10.0.0.4/24") {
		t.Errorf("what the undo brought back is not shown, or more than it: %s", end.All())
	}
	if is := on(t, f, "eu", "docker", "inspect", "--format", "{{.Id}}", "vernemq-release-eu-1"); is != was {
		t.Errorf("the container is %s, and was %s", is, was)
	}
	w.wellAgain("eu")
}

// breakGlass runs a deploy without the voices, and tells the channel.
func breakGlass(t *testing.T, _ *sim.Fleet, behind func(*world)) {
	w := newWorld(t, behind)
	card := w.carry("deploy eu --soak 0", "*done* after", func(card slackworld.Message) {
		for _, by := range []struct{ who, reason string }{{slackworld.Second, "I am no admin"}, {slackworld.Admin, "eu loses messages, and <!channel> sleeps"}} {
			views := w.Views()
			w.Press(by.who, card, "break-glass")
			w.Until("a form", func() bool { return w.Views() > views })
			w.Submit(by.who, map[string]string{"reason": by.reason})
			if by.who == slackworld.Second {
				w.Await("Only an admin may break the glass")
			}
		}
	})
	told := w.Await("<@U0ANA> broke the glass", "`deploy eu --soak 0`", "eu loses messages, and &lt;!channel&gt; sleeps", "not been approved")
	if told.TS == card.TS || told.Thread != "" || told.Ephemeral != "" {
		t.Errorf("the channel is not told by a message of its own: %+v", told)
	}
	if !strings.Contains(card.All(), "broke the glass") {
		t.Errorf("the card does not tell of it: %s", card.All())
	}
	events, err := w.store.Events(t.Context(), 1000, "")
	if err != nil || !slices.ContainsFunc(events, func(e ops.AuditEvent) bool {
		return e.Type == "break-glass" && e.Actor == "slack:U0ANA" && strings.Contains(e.Detail, "eu loses messages")
	}) {
		t.Errorf("the audit does not tell of it: %v %+v", err, events)
	}
}

// deployToTheEnd takes sg over from the runbook, as somebody on call asks for it
// in the form and somebody else on call approves it.
func deployToTheEnd(t *testing.T, f *sim.Fleet, behind func(*world)) {
	w := newWorld(t, behind)
	fill := func() { w.form(map[string]string{"target": "sg", "soak": "0"}) }
	done := w.carryBy(fill, "deploy sg --soak 0", "*done* after", func(card slackworld.Message) {
		for _, part := range []string{"needs the voice of 1 of <!subteam^S0ONCALL>", "Deploy sg", "5. Stop the container of sg-1", "price       drops the MQTT clients", "10. Attach 10.0.0.2/24"} {
			if !strings.Contains(card.All(), part) {
				t.Errorf("the card does not say %q:\n%s", part, card.All())
			}
		}
		refused := w.Count("your own voice does not count")
		w.Press(slackworld.OnCall, card, "approve")
		w.Until("a refusal", func() bool { return w.Count("your own voice does not count") > refused })
		w.approve(card)
	})
	if !w.Proxy.Said("chat.update", done.TS, "*Running*", ":white_check_mark: 1.", ":arrow_forward:", ":white_small_square:") {
		t.Error("the card's message has shown no progress")
	}
	for _, part := range []string{"asked by <@U0BOB>", "approved by <@U0SUE>", "To take it back: `/vmq rollback sg`"} {
		if !strings.Contains(done.All(), part) {
			t.Errorf("the end does not say %q: %s", part, done.All())
		}
	}
	if strings.Contains(done.All(), ":white_small_square:") || done.Button("cancel") != "" {
		t.Errorf("the live message at its end: %s", done.All())
	}
	w.threadSays(done, "plan-", "$ weave attach 10.0.0.2/24 vernemq-release-sg-1", "vmq-admin cluster show", "weave's connections", "fastdp")
	if again := w.Count("*Running*") + w.Count("asks for this"); again != 0 {
		t.Errorf("%d messages still run or ask", again)
	}
	if !strings.Contains(on(t, f, "sg", "docker", "inspect", "vernemq-release-sg-1"), "vmqbot") {
		t.Error("the container is not the bot's")
	}
	w.wellAgain("sg")
	for range 30 {
		blind := w.Count("not everything could be seen")
		w.Type(slackworld.OnCall, "deploy sg --soak 0")
		w.Until("an answer", func() bool {
			return w.Count("not everything could be seen") > blind || w.Count("`deploy sg --soak 0`: nothing to do") > 0
		})
		if w.Count("nothing to do") > 0 {
			break
		}
	}
	w.Await("`deploy sg --soak 0`: nothing to do")
	if _, err := w.store.VerifyChain(t.Context()); err != nil {
		t.Error(err)
	}
}

// fleetThatMoved: what was approved is not what would be done now.
func fleetThatMoved(t *testing.T, f *sim.Fleet, behind func(*world)) {
	w := newWorld(t, behind)
	card := w.ask("deploy us --soak 0")
	if exit := f.Do(t.Context(), sim.Streams{}, "empty", "us"); exit != 0 {
		t.Fatal(exit)
	}
	w.approve(card)
	refused := w.ended(card)
	for _, part := range []string{"*cancelled*", "The fleet moved", "-  5. Stop the container of us-1", "+     us-1: there is no container", "Type: /vmq deploy us --soak 0"} {
		if !strings.Contains(refused.All(), part) && !strings.Contains(refused.All(), "not everything could be seen") {
			t.Errorf("it does not say %q: %s", part, refused.All())
		}
	}
	if refused.Button("approve") != "" {
		t.Error("it can be approved again")
	}
	if out := on(t, f, "us", "docker", "ps", "--all", "--format", "{{.Names}}"); strings.Contains(out, "vernemq") {
		t.Errorf("something was done: %s", out)
	}
}
