package bot

import (
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
)

// TestWhatHasNoNameHasNoKey: two knocks that Slack has not named must not be
// taken for one, and what it has named is one, by whichever name.
func TestWhatHasNoNameHasNoKey(t *testing.T) {
	press := func(trigger, at string) slack.InteractionCallback {
		return slack.InteractionCallback{Type: slack.InteractionTypeBlockActions, TriggerID: trigger, ActionCallback: slack.ActionCallbacks{BlockActions: []*slack.BlockAction{{ActionID: "ack", Value: "x", ActionTs: at}}}}
	}
	form := func(id, hash, trigger string) slack.InteractionCallback {
		return slack.InteractionCallback{Type: slack.InteractionTypeViewSubmission, TriggerID: trigger, View: slack.View{ID: id, Hash: hash}}
	}
	said := func(ts string) slackevents.EventsAPIEvent {
		return slackevents.EventsAPIEvent{InnerEvent: slackevents.EventsAPIInnerEvent{Data: &slackevents.AppMentionEvent{User: "U0EVE", Channel: "C0123", TimeStamp: ts}}}
	}
	visit := func(id string) slackevents.EventsAPIEvent {
		return slackevents.EventsAPIEvent{
			Data:       &slackevents.EventsAPICallbackEvent{EventID: id},
			InnerEvent: slackevents.EventsAPIInnerEvent{Data: &slackevents.AppHomeOpenedEvent{User: "U0EVE", Tab: "home"}},
		}
	}
	for _, nameless := range []call{ofSlash(slack.SlashCommand{Text: "status"}), ofInteraction(press("", "")), ofInteraction(form("", "", "")), ofInteraction(form("", "h", "")), ofEvent(said(""), ""), ofEvent(visit(""), "")} {
		if nameless.kind == nothing || nameless.key != "" {
			t.Errorf("%s without a name has the key %q", nameless.kind, nameless.key)
		}
	}
	keys := map[string]int{}
	for i, named := range []call{
		ofSlash(slack.SlashCommand{TriggerID: "1"}), ofSlash(slack.SlashCommand{TriggerID: "2"}),
		ofSlash(slack.SlashCommand{ResponseURL: "https://hooks.example.net/secret1"}), ofSlash(slack.SlashCommand{ResponseURL: "https://hooks.example.net/secret2"}),
		ofInteraction(press("3", "")), ofInteraction(press("4", "")), ofInteraction(press("", "5.1")), ofInteraction(press("", "5.2")),
		ofInteraction(form("V1", "h", "6")), ofInteraction(form("V2", "h", "6")), ofInteraction(form("V2", "i", "6")), ofInteraction(form("", "", "6")), ofInteraction(form("", "", "7")),
		ofEvent(said("8.1"), ""), ofEvent(said("8.2"), ""), ofEvent(visit("Ev1"), ""), ofEvent(visit("Ev2"), ""),
	} {
		if was, seen := keys[named.key]; seen || named.key == "" || strings.Contains(named.key, "secret") {
			t.Errorf("number %d has the key %q, as number %d", i, named.key, was)
		}
		keys[named.key] = i
	}
	if ofSlash(slack.SlashCommand{TriggerID: "1"}).key != ofSlash(slack.SlashCommand{TriggerID: "1", Text: "other"}).key {
		t.Error("the same knock has two keys")
	}
}
