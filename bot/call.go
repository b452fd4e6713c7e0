package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"vmqbot/ops"
)

// kind is how somebody knocked.
type kind string

const (
	slash   kind = "slash"
	talk    kind = "mention"
	click   kind = "click"
	submit  kind = "submit"
	visit   kind = "home"
	nothing kind = "" // what concerns nobody here
)

// call is one knock at the door, whichever it came in by: socket or web,
// command, mention, button, modal or home.
type call struct {
	kind     kind
	who      ops.Caller
	text     string // what was typed
	key      string // what it is remembered by for an hour, so that it is begun once; "" for nothing
	reply    string // response_url; "" where there is none
	thread   string // the thread in which it is answered
	trigger  string // opens a modal, for three seconds
	action   string // which button, or which modal
	id       string // the id that the button or the modal carries
	message  string // timestamp of the message that holds the button
	parent   string // timestamp of the thread that this message is in; "" for none
	values   map[string]string
	shared   bool // the event itself says that the channel is shared
	envelope string
}

// keyOf is the first name that Slack gave to one knock, of those that tell it
// from every other. Where Slack gave none there is no key: it would be the same
// for the next one, which would be dropped without a word. A name may be an
// address that lets one answer, so it is kept as a hash.
func keyOf(kind string, names ...string) string {
	for _, name := range names {
		if name != "" {
			sum := sha256.Sum256([]byte(name))
			return kind + "/" + hex.EncodeToString(sum[:16])
		}
	}
	return ""
}

// joined is a name of two parts; "" without the first.
func joined(name, part string) string {
	if name == "" {
		return ""
	}
	return name + "/" + part
}

func ofSlash(c slack.SlashCommand) call {
	return call{
		kind: slash, who: ops.Caller{Door: "slack", User: c.UserID, Team: c.TeamID, Place: c.ChannelID},
		text: c.Text, key: keyOf("slash", c.TriggerID, c.ResponseURL), reply: c.ResponseURL, trigger: c.TriggerID,
	}
}

// ofEvent reads a mention, a direct message or a visit. Everything that a bot
// said, that was edited, or that has any sub-type concerns nobody here. What
// was said is remembered by its place and time: one message may come as several
// events.
func ofEvent(e slackevents.EventsAPIEvent, self string) call {
	team := e.TeamID
	key, shared := "", false
	if outer, ok := e.Data.(*slackevents.EventsAPICallbackEvent); ok {
		key, shared = keyOf("event", outer.EventID), outer.IsExtSharedChannel
	}
	switch ev := e.InnerEvent.Data.(type) {
	case *slackevents.AppMentionEvent:
		if ev.BotID != "" || ev.Edited != nil || ev.User == "" || ev.User == self {
			return call{}
		}
		if ev.UserTeam != "" {
			team = ev.UserTeam
		}
		thread := ev.ThreadTimeStamp
		if thread == "" {
			thread = ev.TimeStamp
		}
		return call{kind: talk, who: ops.Caller{Door: "slack", User: ev.User, Team: team, Place: ev.Channel}, text: withoutMention(ev.Text, self), key: keyOf("said/"+ev.Channel, ev.TimeStamp), thread: thread, shared: shared}
	case *slackevents.MessageEvent:
		if ev.BotID != "" || ev.SubType != "" || ev.User == "" || ev.User == self || ev.ChannelType != "im" {
			return call{}
		}
		return call{kind: talk, who: ops.Caller{Door: "slack", User: ev.User, Team: team, Place: ev.Channel}, text: withoutMention(ev.Text, self), key: keyOf("said/"+ev.Channel, ev.TimeStamp), thread: ev.ThreadTimeStamp, shared: shared}
	case *slackevents.AppHomeOpenedEvent:
		if ev.Tab != "home" {
			return call{}
		}
		return call{kind: visit, who: ops.Caller{Door: "slack", User: ev.User, Team: team}, key: key}
	}
	return call{}
}

// withoutMention takes the bot's own name off the front.
func withoutMention(text, self string) string {
	text = strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(text, "<@"+self); ok && self != "" {
		if _, after, closed := strings.Cut(rest, ">"); closed {
			return strings.TrimSpace(after)
		}
	}
	return text
}

// ofInteraction reads a button or a modal.
func ofInteraction(c slack.InteractionCallback) call {
	team := c.User.TeamID
	if team == "" {
		team = c.Team.ID
	}
	who := ops.Caller{Door: "slack", User: c.User.ID, Team: team, Place: c.Channel.ID}
	if who.Place == "" {
		who.Place = c.Container.ChannelID
	}
	switch c.Type {
	case slack.InteractionTypeBlockActions:
		if len(c.ActionCallback.BlockActions) == 0 || c.ActionCallback.BlockActions[0] == nil {
			return call{}
		}
		a := c.ActionCallback.BlockActions[0]
		return call{
			kind: click, who: who, action: a.ActionID, id: a.Value, reply: c.ResponseURL, trigger: c.TriggerID,
			message: c.Container.MessageTs, parent: c.Container.ThreadTs, key: keyOf(strings.Join([]string{"click", c.User.ID, a.ActionID, a.Value}, "/"), c.TriggerID, a.ActionTs),
		}
	case slack.InteractionTypeViewSubmission:
		values := map[string]string{}
		if c.View.State != nil {
			for block, actions := range c.View.State.Values {
				for _, a := range actions {
					values[block] = a.Value
					if a.SelectedOption.Value != "" {
						values[block] = a.SelectedOption.Value
					}
				}
			}
		}
		return call{
			kind: submit, who: who, action: c.View.CallbackID, id: c.View.PrivateMetadata, values: values, trigger: c.TriggerID,
			key: keyOf("submit", joined(c.View.ID, c.View.Hash), c.TriggerID),
		}
	}
	return call{}
}
