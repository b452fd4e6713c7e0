package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// said is what the Web API answers, as far as it matters here.
type said struct {
	OK    bool   `json:"ok"`
	Error string `json:"error"`
	TS    string `json:"ts"`
}

// Guide posts a tour in the fleet's channel, as the bot, and pins it there. A page
// that knows no pins, as local-slack 0.1.8, keeps it as the channel's first message,
// and that is told by false.
func (p *Page) Guide(ctx context.Context, text string) (pinned bool, err error) {
	tour, err := p.call(ctx, "chat.postMessage", map[string]any{"channel": Channel, "text": text})
	if err == nil && !tour.OK {
		err = fmt.Errorf("the page refused a message: %s", tour.Error)
	}
	if err != nil {
		return false, err
	}
	pin, err := p.call(ctx, "pins.add", map[string]any{"channel": Channel, "timestamp": tour.TS})
	switch {
	case err != nil:
		return false, err
	case pin.OK, pin.Error == "already_pinned":
		return true, nil
	case pin.Error == "unknown_method":
		return false, nil
	default:
		return false, fmt.Errorf("the page refused to pin the first message: %s", pin.Error)
	}
}

// call asks one method of the page's Web API.
func (p *Page) call(ctx context.Context, method string, args map[string]any) (said, error) {
	b, err := json.Marshal(args)
	if err != nil {
		return said{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.API+method, bytes.NewReader(b))
	if err != nil {
		return said{}, err
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("Authorization", "Bearer "+BotToken)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return said{}, fmt.Errorf("the page cannot be written to: %w", err)
	}
	defer resp.Body.Close() //nolint:errcheck // it was read
	var answer said
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return said{}, fmt.Errorf("the page answered %s with %s: %w", method, resp.Status, err)
	}
	return answer, nil
}
