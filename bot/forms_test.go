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
	t.Parallel()
	w := newWorld(t)
	w.Type(slackworld.OnCall, "deploy")
	w.AwaitView("Deploy", "Show the plan", "cn: China")
	for i, wrong := range []struct{ block, value string }{{"image", "-oProxy"}, {"soak", "soon"}} {
		w.Submit(slackworld.OnCall, map[string]string{"target": "eu", wrong.block: wrong.value})
		w.Until("an answer in the form", func() bool { return len(w.Proxy.Replies()) > i })
		var said struct {
			Action string            `json:"response_action"`
			Errors map[string]string `json:"errors"`
		}
		if err := json.Unmarshal([]byte(w.Proxy.Replies()[i]), &said); err != nil || said.Action != "errors" || len(said.Errors) != 1 || !strings.Contains(said.Errors[wrong.block], wrong.value) {
			t.Errorf("%s %s: %v %+v", wrong.block, wrong.value, err, said)
		}
	}
	w.Submit(slackworld.OnCall, map[string]string{"target": "eu", "soak": "0"})
	// The facts of this world hold no ground for a deploy: that it is refused with
	// a sentence shows that the form's line went the way of every line. One that
	// ends well is in TestDeployForReal.
	w.Await("Nothing was done")
	if n := len(w.Proxy.Replies()); n != 2 {
		t.Errorf("%d answers in forms", n)
	}
}

// TestHomeShowsTheFleetAndWhatWaits: each sees their own. A button is there for
// whom the request waits, and works from there.
func TestHomeShowsTheFleetAndWhatWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Type(slackworld.OnCall, "reattach cn")
	card := w.Await("asks for this")
	for who, yours := range map[string]bool{slackworld.OnCall: false, slackworld.Viewer: false, slackworld.Admin: true, slackworld.Second: true} {
		home := w.home(who)
		if !strings.Contains(home, "cn-1 is bad") || !strings.Contains(home, "Done lately") {
			t.Errorf("%s does not see the fleet: %s", who, home)
		}
		if strings.Contains(home, "*Waits for you:* `reattach cn`") != yours || strings.Contains(home, `"action_id":"approve"`) != yours || strings.Contains(home, "*Waits for others:* `reattach cn`") == yours {
			t.Errorf("what waits for %s: %s", who, home)
		}
	}
	w.Send("interactive", slackworld.PressFrame(slackworld.Second, slackworld.Team, "", "approve", card.Button("approve")))
	if done := w.Await("*done*", "approved by <@U0SUE>"); done.TS != card.TS || w.runs.Load() != 1 {
		t.Errorf("%+v, ran %d times", done, w.runs.Load())
	}
	w.Await("`reattach cn`", "your decision counts")
	if home := w.home(slackworld.Second); !strings.Contains(home, "Nothing waits") {
		t.Errorf("what is over still waits: %s", home)
	}
}

// home opens somebody's home and returns what it shows then.
func (w *world) home(who string) (shown string) {
	w.t.Helper()
	before := len(w.homes(who))
	w.OpenHome(who)
	w.Until("the home of "+who, func() bool { return len(w.homes(who)) > before })
	all := w.homes(who)
	return all[len(all)-1]
}

// homes are those that were published for somebody so far.
func (w *world) homes(who string) (all []string) {
	for _, c := range w.Proxy.Calls("views.publish") {
		body := c.Args.Get("body")
		if strings.Contains(body, `"user_id":"`+who+`"`) {
			all = append(all, unescaped.Replace(body))
		}
	}
	return all
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
		if events := strings.Join(m.Settings.EventSubscriptions.BotEvents, " "); events != "app_home_opened app_mention message.im" {
			t.Errorf("subscribes to %s", events)
		}
		for _, v := range commands.All() {
			if !strings.Contains(c.UsageHint, v.Name) {
				t.Errorf("the hint does not know %s", v.Name)
			}
		}
	}
}

// TestEachScopeIsNeeded by a method that the bot calls or an event that it gets.
// That each call has its scope is held in every test, by the proxy.
func TestEachScopeIsNeeded(t *testing.T) {
	t.Parallel()
	needed := map[string]bool{"mpim:read": true} // the directory may be asked about a group of direct messages
	for _, what := range append(slackworld.Methods(), "app_mention", "message.im", "slash") {
		scopes, ok := slackworld.Needs(what)
		if !ok {
			t.Errorf("what %s needs is not known", what)
		}
		for _, s := range scopes {
			needed[s] = true
		}
	}
	for _, s := range scopesOf(t) {
		if !needed[s] {
			t.Errorf("nothing needs %s", s)
		}
	}
}
