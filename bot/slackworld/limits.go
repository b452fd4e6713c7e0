package slackworld

import (
	"encoding/json"
	"fmt"
	"net/url"
	"unicode/utf8"
)

// limits holds a call against what Slack refuses, or does not show as it was
// meant (docs.slack.dev/reference/block-kit; the sum over all blocks is from
// bolt-js issues 2509 and 2867).
func limits(method string, args url.Values) (bad []string) {
	wrong := func(format string, a ...any) { bad = append(bad, method+": "+fmt.Sprintf(format, a...)) }
	var body struct {
		Text   string          `json:"text"`
		Blocks json.RawMessage `json:"blocks"`
		View   json.RawMessage `json:"view"`
	}
	most := 50
	switch method {
	case "chat.postMessage", "chat.update", "chat.postEphemeral":
		body.Text, body.Blocks = args.Get("text"), json.RawMessage(args.Get("blocks"))
		if raw := args.Get("body"); raw != "" {
			_ = json.Unmarshal([]byte(raw), &body) // a form was read already
		}
		if args.Get("unfurl_links") != "false" || args.Get("unfurl_media") != "false" {
			wrong("unfurling is not off: %v", args)
		}
	case "_hooks":
		_ = json.Unmarshal([]byte(args.Get("body")), &body) // nothing to hold against a limit, then
	case "views.open", "views.publish":
		most = 100
		var view struct {
			View struct {
				Blocks json.RawMessage            `json:"blocks"`
				Title  struct{ Text string }      `json:"title"`
				Submit struct{ Text string }      `json:"submit"`
				Close  struct{ Text string }      `json:"close"`
				Rest   map[string]json.RawMessage `json:"-"`
			} `json:"view"`
		}
		_ = json.Unmarshal([]byte(args.Get("body")), &view)
		for _, t := range []string{view.View.Title.Text, view.View.Submit.Text, view.View.Close.Text} {
			if utf8.RuneCountInString(t) > 24 {
				wrong("%q is longer than 24", t)
			}
		}
		body.Blocks, body.Text = view.View.Blocks, "a view has none"
	default:
		return nil
	}
	if body.Text == "" {
		wrong("no text beside the blocks")
	}
	if utf8.RuneCountInString(body.Text) > 4000 {
		wrong("text of %d", utf8.RuneCountInString(body.Text))
	}
	return append(bad, blockLimits(method, body.Blocks, most)...)
}

func blockLimits(method string, raw json.RawMessage, most int) (bad []string) {
	wrong := func(format string, a ...any) { bad = append(bad, method+": "+fmt.Sprintf(format, a...)) }
	type text struct{ Text string }
	var blocks []struct {
		Type     string `json:"type"`
		ID       string `json:"block_id"`
		Text     text   `json:"text"`
		Elements []struct {
			Type  string          `json:"type"`
			Text  json.RawMessage `json:"text"`
			Value string          `json:"value"`
			ID    string          `json:"action_id"`
		} `json:"elements"`
	}
	if len(raw) > 0 && json.Unmarshal(raw, &blocks) != nil {
		wrong("blocks that are none: %.100s", raw)
	}
	if len(blocks) == 0 || len(blocks) > most {
		wrong("%d blocks", len(blocks))
	}
	sum := 0
	for _, b := range blocks {
		n := utf8.RuneCountInString(b.Text.Text)
		sum += n
		if b.Type == "section" && (n == 0 || n > 3000) || b.Type == "header" && (n == 0 || n > 150) {
			wrong("a %s of %d", b.Type, n)
		}
		if len(b.ID) > 255 {
			wrong("a block_id of %d", len(b.ID))
		}
		if b.Type == "context" && len(b.Elements) > 10 || b.Type == "actions" && len(b.Elements) > 25 {
			wrong("%d elements in %s", len(b.Elements), b.Type)
		}
		for _, e := range b.Elements {
			var t text
			if json.Unmarshal(e.Text, &t) != nil {
				_ = json.Unmarshal(e.Text, &t.Text) // a context's text is a string
			}
			sum += utf8.RuneCountInString(t.Text)
			if e.Type == "button" && (utf8.RuneCountInString(t.Text) > 75 || len(e.Value) > 2000 || len(e.ID) > 255) {
				wrong("a button too long: %+v", e)
			}
		}
	}
	if sum > 10_000 {
		wrong("%d characters over all blocks", sum)
	}
	return bad
}
