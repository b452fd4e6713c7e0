package slackworld

import (
	"encoding/json"
	"fmt"
	"net/url"
	"sync/atomic"
	"time"
)

var frames atomic.Int64

// unique is a name that no other frame of this process has.
func unique(kind string) string { return fmt.Sprintf("%s-%d", kind, frames.Add(1)) }

// Send hands the bot an envelope of the test's own, on every connection.
func (w *World) Send(kind string, payload any) {
	w.T.Helper()
	raw, err := json.Marshal(map[string]any{"envelope_id": unique("envelope"), "type": kind, "accepts_response_payload": true, "payload": payload})
	if err != nil {
		w.T.Fatal(err)
	}
	w.Proxy.Inject(string(raw))
}

// SlashFrame is a slash command as Slack sends it, with neither trigger nor
// response_url.
func SlashFrame(user, team, channel, text string) map[string]string {
	return map[string]string{
		"team_id": team, "team_domain": "test", "channel_id": channel, "channel_name": "a-channel", "user_id": user, "user_name": "somebody",
		"command": "/vmq", "text": text, "api_app_id": "A01",
	}
}

// Form is the body of a signed request.
func Form(fields map[string]string) string {
	v := url.Values{}
	for name, value := range fields {
		v.Set(name, value)
	}
	return v.Encode()
}

// PressFrame is a click as Slack sends it: in a channel, or at home where
// channel is "".
func PressFrame(user, team, channel, action, value string) map[string]any {
	f := map[string]any{
		"type": "block_actions", "user": map[string]any{"id": user, "team_id": team}, "team": map[string]any{"id": team}, "api_app_id": "A01",
		"trigger_id": unique("trigger"),
		"actions":    []any{map[string]any{"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": fmt.Sprintf("%d.%06d", time.Now().Unix(), frames.Add(1))}},
	}
	if channel == "" {
		f["container"] = map[string]any{"type": "view", "view_id": "V0HOME"}
		f["view"] = map[string]any{"id": "V0HOME", "type": "home"}
		return f
	}
	f["channel"] = map[string]any{"id": channel, "name": "a-channel"}
	f["container"] = map[string]any{"type": "message", "message_ts": "1.1", "channel_id": channel, "is_ephemeral": false}
	return f
}

// SubmitFrame is a filled form as Slack sends it; values are by block.
func SubmitFrame(user, team, form, carries string, values map[string]string) map[string]any {
	state := map[string]any{}
	for block, v := range values {
		state[block] = map[string]any{block: map[string]any{"type": "plain_text_input", "value": v}}
	}
	return map[string]any{
		"type": "view_submission", "user": map[string]any{"id": user, "team_id": team}, "team": map[string]any{"id": team}, "trigger_id": unique("trigger"),
		"view": map[string]any{"id": unique("V"), "hash": "h", "type": "modal", "callback_id": form, "private_metadata": carries, "state": map[string]any{"values": state}},
	}
}

// EventFrame is an event as Slack sends it.
func EventFrame(team string, shared bool, event map[string]any) map[string]any {
	return map[string]any{
		"type": "event_callback", "team_id": team, "api_app_id": "A01", "event_id": unique("Ev"), "event_time": time.Now().Unix(),
		"is_ext_shared_channel": shared, "event": event,
	}
}

// MentionEvent is somebody who writes @vmq in a channel.
func MentionEvent(user, channel, text string) map[string]any {
	return map[string]any{
		"type": "app_mention", "user": user, "channel": channel, "text": "<@" + Bot + "> " + text,
		"ts": fmt.Sprintf("%d.%06d", time.Now().Unix(), frames.Add(1)),
	}
}

// VisitEvent is somebody who opens the home tab.
func VisitEvent(user string) map[string]any {
	return map[string]any{"type": "app_home_opened", "user": user, "tab": "home", "channel": "D0" + user[2:]}
}
