package slackworld

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// control asks the control API.
func (w *World) control(path string, body map[string]any) {
	w.T.Helper()
	if err := w.tryControl(path, body); err != nil {
		w.T.Fatal(err)
	}
}

func (w *World) tryControl(path string, body map[string]any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://localhost:"+w.slack.port+"/_control"+path, bytes.NewReader(b))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // nothing was wanted but the status
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, resp.Status)
	}
	return nil
}

// Type types a slash command in the fleet's channel and returns when it was
// acknowledged.
func (w *World) Type(user, text string) { w.T.Helper(); w.TypeIn(Channel, user, text) }

// TypeIn types a slash command in a channel.
func (w *World) TypeIn(channel, user, text string) {
	w.T.Helper()
	w.control("/command", map[string]any{"channel": channel, "user": user, "command": "/vmq", "text": text})
}

// TryType is Type for many at once.
func (w *World) TryType(user, text string) error {
	return w.tryControl("/command", map[string]any{"channel": Channel, "user": user, "command": "/vmq", "text": text})
}

// Say posts a message, in a thread when thread is not "".
func (w *World) Say(channel, user, text, thread string) {
	w.T.Helper()
	w.control("/message", map[string]any{"channel": channel, "user": user, "text": text, "thread_ts": thread})
}

// Press presses a button of a message.
func (w *World) Press(user string, m Message, action string) {
	w.T.Helper()
	if err := w.TryPress(user, m, action); err != nil {
		w.T.Fatal(err)
	}
}

// TryPress is Press for many at once.
func (w *World) TryPress(user string, m Message, action string) error {
	return w.PressID(user, m, action, m.Button(action))
}

// PressID presses a button that carries an id, whether it is there or not.
func (w *World) PressID(user string, m Message, action, id string) error {
	return w.tryControl("/interact", map[string]any{
		"channel": m.Channel, "messageTs": m.TS, "user": user,
		"action": map[string]any{"type": "button", "action_id": action, "value": id, "block_id": "b"},
	})
}

// OpenHome opens the home tab.
func (w *World) OpenHome(user string) {
	w.T.Helper()
	w.control("/open-home", map[string]any{"user": user})
}

// Submit submits the modal that is open; values are by block, in an action of
// the same name.
func (w *World) Submit(user string, values map[string]string) {
	w.T.Helper()
	all := map[string]map[string]any{}
	for name, v := range values {
		all[name] = map[string]any{name: map[string]any{"type": "plain_text_input", "value": v}}
		if name == "target" {
			all[name] = map[string]any{name: map[string]any{"type": "static_select", "selected_option": map[string]any{"value": v, "text": map[string]any{"type": "plain_text", "text": v}}}}
		}
	}
	w.wrote.Lock()
	defer w.wrote.Unlock()
	if err := w.ui.WriteJSON(map[string]any{"t": "view_submit", "user": user, "values": all}); err != nil {
		w.T.Fatal(err)
	}
}

// Must fails the test when something that cannot go wrong does.
func (w *World) Must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}
