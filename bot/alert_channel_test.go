package bot_test

import (
	"strings"
	"testing"

	"vmqbot/bot/slackworld"
)

// TestAnAlertInTheChannelOfItsRegion is told there and only there; its buttons
// work there, and whoever is paged by name is called by a message of their own.
func TestAnAlertInTheChannelOfItsRegion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, watched, func(w *world) {
		w.fleet.Slack.Alerts = map[string]string{"cn": slackworld.China}
		list := w.fleet.OnCall["cn"]
		list.People = []string{slackworld.OnCall, slackworld.Admin}
		w.fleet.OnCall["cn"] = list
	})
	w.watches()
	w.breaks()
	m := w.fires()
	if m.Channel != slackworld.China {
		t.Errorf("it is told in %s", m.Channel)
	}
	w.Until("somebody is called", func() bool { return w.lines(m.TS, "<@U0BOB> please come") == 1 })
	const direct = "*You are wanted:* ip in cn"
	w.Until("and alone, too", func() bool { return w.told(slackworld.OnCall, direct) == 1 })
	if call := w.Await(direct); !strings.Contains(call.All(), "<#"+slackworld.China+">") || !strings.Contains(call.All(), "/vmq ack ip/cn/cn-1") || !strings.HasPrefix(call.Channel, "D") {
		t.Errorf("%+v", call)
	}
	w.Press(slackworld.OnCall, m, "ack")
	w.becomes(m.TS, "has taken it on")
	w.Until("the thread tells of it", func() bool { return w.lines(m.TS, "`ack ip/cn/cn-1`: done, asked by <@U0BOB>") == 1 })
	w.Press(slackworld.OnCall, m, "repair")
	if card := w.Await("<@U0BOB> asks for this", "reattach cn-1"); card.Channel != slackworld.China {
		t.Errorf("the plan is shown in %s", card.Channel)
	}
	w.TypeIn(slackworld.China, slackworld.OnCall, "reattach sg")
	if no := w.Await("changes are asked for where everybody sees them: in <#C0123>"); no.Ephemeral != slackworld.OnCall {
		t.Errorf("%+v", no)
	}
	w.mends()
	w.becomes(m.TS, "*Resolved: ip in cn*")
	if n := w.told(slackworld.OnCall, direct); n != 1 || w.roots() != 1 {
		t.Errorf("%d calls, %d messages", n, w.roots())
	}
}
