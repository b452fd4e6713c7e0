package bot_test

import (
	"strings"
	"testing"

	"vmqbot/bot/slackworld"
)

// TestAnswersAndFilesThatSlackDoesNotTake: whatever Slack does to the address of
// an answer and to each call of an upload, the answer comes, and so does the file,
// or the word that it is missing.
func TestAnswersAndFilesThatSlackDoesNotTake(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]slackworld.Fault{
		"429": {Status: 429, Retry: 1}, "500": {Status: 500}, "garbage": {Body: "<html>sorry</html>"}, "done and the answer lost": {Late: true}, "nothing": {Hang: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.Proxy.Fail(func(method string, nth int) slackworld.Fault {
				if (method == "_hooks" || method == "upload" || strings.HasPrefix(method, "files.")) && nth == 1 {
					return f
				}
				return slackworld.Fault{}
			})
			w.Type(slackworld.Viewer, "mesh")
			w.Until("a picture, or the word that there is none", func() bool {
				for _, m := range w.Messages() {
					if strings.Contains(string(m.Files), "mesh.png") {
						return true
					}
				}
				return w.told(slackworld.Viewer, "Slack did not take mesh.png") > 0
			})
			if w.Count("`mesh` asked by") == 0 {
				t.Error("there is no answer")
			}
			w.Proxy.Fail(func(method string, nth int) slackworld.Fault {
				if method == "_hooks" && nth == 1 {
					return f
				}
				return slackworld.Fault{}
			})
			w.Type(slackworld.Nobody, "status")
			w.Until("a refusal", func() bool { return w.told(slackworld.Nobody, "You have no role here") > 0 })
			w.Type(slackworld.Viewer, "history -n 1")
			w.Await("`history -n 1` asked by")
		})
	}
}

// TestAnAddressThatServesNoMore: the answer goes the other way.
func TestAnAddressThatServesNoMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Proxy.Fail(func(method string, _ int) slackworld.Fault {
		if method == "_hooks" {
			return slackworld.Fault{Status: 404}
		}
		return slackworld.Fault{}
	})
	w.Type(slackworld.Viewer, "history -n 1")
	if m := w.Await("`history -n 1` asked by"); m.Ephemeral != "" || m.Channel != slackworld.Channel {
		t.Errorf("%+v", m)
	}
	w.Type(slackworld.Nobody, "status")
	if m := w.Await("You have no role here"); m.Ephemeral != slackworld.Nobody {
		t.Errorf("others can read it: %+v", m)
	}
}

// TestSlackAnswersNothing to one call of each kind: what was asked is answered,
// or whoever asked is told why not.
func TestSlackAnswersNothing(t *testing.T) {
	t.Parallel()
	for method, tt := range map[string]struct {
		does func(*world)
		says string
	}{
		"users.info":            {func(w *world) { w.Type(slackworld.Viewer, "history") }, "Who you are could not be looked up just now"},
		"conversations.info":    {func(w *world) { w.Type(slackworld.Viewer, "history") }, "Whether this channel is shared with others could not be looked up"},
		"usergroups.users.list": {func(w *world) { w.Type(slackworld.Viewer, "history") }, "`history` asked by"},
		"chat.postEphemeral":    {func(w *world) { w.Say(slackworld.Channel, slackworld.Nobody, "<@U0VMQ> status", "") }, "You have no role here"},
		"views.open":            {func(w *world) { w.Type(slackworld.OnCall, "deploy") }, "The form could not be opened in time; press again, or type it: /vmq deploy REGION"},
		"views.open for a reason": {func(w *world) {
			w.Type(slackworld.OnCall, "reattach cn")
			w.Press(slackworld.Admin, w.Await("asks for this"), "break-glass")
		}, "press again, or have somebody approve it"},
		"chat.update": {func(w *world) {
			w.Type(slackworld.OnCall, "reattach cn")
			w.Press(slackworld.Second, w.Await("asks for this"), "approve")
		}, "*done*"},
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			method, _, _ := strings.Cut(method, " ")
			w.Proxy.Fail(func(called string, nth int) slackworld.Fault {
				return slackworld.Fault{Hang: called == method && nth == 1}
			})
			tt.does(w)
			w.Await(tt.says)
			w.Type(slackworld.Admin, "history -n 1")
			w.Await("`history -n 1` asked by <@U0ANA>")
		})
	}
	t.Run("views.publish", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.Proxy.Fail(func(called string, nth int) slackworld.Fault {
			return slackworld.Fault{Hang: called == "views.publish" && nth == 1}
		})
		w.OpenHome(slackworld.Viewer)
		w.Until("a home", func() bool { return strings.Contains(w.Home(), "cn-1 is bad") })
	})
}
