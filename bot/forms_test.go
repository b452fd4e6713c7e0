package bot_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"vmqbot/bot"
	"vmqbot/bot/slackworld"
	"vmqbot/commands"
)

func TestTheFormOfDeploy(t *testing.T) {
	w := newWorld(t)
	w.Type(slackworld.OnCall, "deploy")
	w.AwaitView("Deploy", "Show the plan", "cn: China")
	w.Submit(slackworld.OnCall, map[string]string{"target": "eu", "image": "-oProxy"})
	w.Submit(slackworld.OnCall, map[string]string{"target": "eu", "soak": "0"})
	// The facts of this world hold no ground for a deploy: that it is refused
	// with a sentence shows that the form's line went the way of every line.
	w.Until("an answer", func() bool {
		return w.Count("Nothing was done") > 0 || w.Count("asks for this") > 0 || w.Count("nothing to do") > 0
	})
}

func TestHomeShowsTheFleetAndWhatWaits(t *testing.T) {
	w := newWorld(t)
	w.Type(slackworld.OnCall, "reattach cn")
	w.Await("asks for this")
	w.OpenHome(slackworld.Second)
	w.Until("a home", func() bool {
		return strings.Contains(w.Home(), "cn-1 is bad") && strings.Contains(w.Home(), "*Waits:* `reattach cn`") && strings.Contains(w.Home(), `"action_id":"approve"`)
	})
}

func TestTheManifest(t *testing.T) {
	for _, address := range []string{"", "https://vmq.example.net/slack/events"} {
		raw, err := bot.Manifest(address)
		if err != nil {
			t.Fatal(err)
		}
		var m slack.Manifest
		d := json.NewDecoder(strings.NewReader(string(raw)))
		d.DisallowUnknownFields()
		if err := d.Decode(&m); err != nil {
			t.Fatal(err)
		}
		if n := utf8.RuneCountInString(m.Display.Name); n == 0 || n > 35 {
			t.Errorf("name of %d", n)
		}
		if n := utf8.RuneCountInString(m.Display.Description); n > 140 {
			t.Errorf("description of %d", n)
		}
		if n := utf8.RuneCountInString(m.Display.LongDescription); n < 174 || n > 4000 {
			t.Errorf("long description of %d", n)
		}
		if len(m.Features.SlashCommands) != 1 || m.Settings.SocketModeEnabled != (address == "") || m.Settings.Interactivity.RequestUrl != address {
			t.Errorf("%s", raw)
		}
		c := m.Features.SlashCommands[0]
		if utf8.RuneCountInString(c.Command) > 32 || utf8.RuneCountInString(c.Description) > 2000 || utf8.RuneCountInString(c.UsageHint) > 1000 || c.Url != address {
			t.Errorf("%+v", c)
		}
		for _, v := range commands.All() {
			if !strings.Contains(c.UsageHint, v.Name) {
				t.Errorf("the hint does not know %s", v.Name)
			}
		}
	}
}
