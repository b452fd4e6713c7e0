package bot

import (
	"encoding/json"
	"strings"

	"github.com/slack-go/slack"

	"vmqbot/commands"
)

// mostHint and mostDescription are Slack's limits for a slash command, in
// characters.
const (
	mostHint        = 1_000
	mostDescription = 2_000
)

// scopes are the least that the bot works with.
var scopes = []string{
	"app_mentions:read", // @vmq, also in threads
	"channels:history",  // to find a message again whose answer was lost
	"channels:read",     // whether a channel is shared
	"chat:write",
	"commands",
	"files:write", // long output
	"groups:history",
	"groups:read",
	"im:history", // direct messages to the bot
	"im:read",
	"mpim:read",
	"usergroups:read", // who is on call
	"users:read",      // who is a guest, a bot, a stranger
}

// Manifest is the Slack app, generated from the verbs, as JSON. With address
// it takes signed requests there instead of Socket Mode.
func Manifest(address string) ([]byte, error) {
	m := manifest(address)
	return json.MarshalIndent(m, "", "  ")
}

func manifest(address string) *slack.Manifest {
	var verbs []string
	for _, c := range commands.All() {
		verbs = append(verbs, c.Name)
	}
	on := &slack.Interactivity{IsEnabled: true, RequestUrl: address}
	return &slack.Manifest{
		Metadata: slack.ManifestMetadata{MajorVersion: 1, MinorVersion: 1},
		Display: slack.Display{
			Name: "vmq", Description: "Runs VerneMQ clusters: looks, shows a plan, asks, does it, proves it",
			LongDescription: "Type /vmq help for what you may do here. Reading verbs answer at once; a verb that changes something shows its plan first and waits for the approval that the fleet file wants, then shows every step in one message and its output in the thread.",
			BackgroundColor: "#2c3e50",
		},
		Features: slack.Features{
			AppHome: slack.AppHome{HomeTabEnabled: true, MessagesTabEnabled: true},
			BotUser: slack.BotUser{DisplayName: "vmq", AlwaysOnline: true},
			SlashCommands: []slack.ManifestSlashCommand{{
				Command: "/vmq", Description: "Look at the VerneMQ cluster, or change it", Url: address,
				UsageHint: shorten(strings.Join(verbs, " | "), mostHint),
			}},
		},
		OAuthConfig: slack.OAuthConfig{Scopes: slack.OAuthScopes{Bot: scopes}},
		Settings: slack.Settings{
			EventSubscriptions: &slack.EventSubscriptions{BotEvents: []string{"app_home_opened", "app_mention", "message.im"}, RequestUrl: address},
			Interactivity:      on, SocketModeEnabled: address == "",
		},
	}
}
