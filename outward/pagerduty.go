package outward

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"vmqbot/alerts"
	"vmqbot/ops"
)

// pagerDuty pages through PagerDuty when the watch pages, and closes there what
// is over. Which incidents are open is kept as the place of the group's message
// (alerts.Say.Ref), so it survives a restart with the outbox itself.
type pagerDuty struct{ outlet }

var _ ops.Speaker = (*pagerDuty)(nil)

// pdEvent is an event of the Events API v2.
type pdEvent struct {
	RoutingKey string     `json:"routing_key"`
	Action     string     `json:"event_action"` // trigger, acknowledge, resolve
	DedupKey   string     `json:"dedup_key"`
	Client     string     `json:"client,omitempty"`
	Payload    *pdPayload `json:"payload,omitempty"`
	Links      []pdLink   `json:"links,omitempty"`
}

type pdLink struct {
	Href string `json:"href"`
	Text string `json:"text"`
}

type pdPayload struct {
	Summary   string            `json:"summary"`  // at most 1024 characters
	Source    string            `json:"source"`   // what is affected
	Severity  string            `json:"severity"` // critical, error, warning, info
	Timestamp string            `json:"timestamp,omitempty"`
	Component string            `json:"component,omitempty"`
	Group     string            `json:"group,omitempty"`
	Class     string            `json:"class,omitempty"`
	Details   map[string]string `json:"custom_details,omitempty"`
}

// Speak turns a page into an incident, an acknowledgement into one there, and
// the end of an alert into the end of its incident.
func (p *pagerDuty) Speak(ctx context.Context, s alerts.Say, m alerts.Message, _ bool) (string, error) {
	open := openIn(s.Ref)
	m = p.clean(m)
	row := func(id string) (alerts.Row, bool) {
		i := slices.IndexFunc(m.Rows, func(r alerts.Row) bool { return r.ID.String() == id })
		if i < 0 {
			return alerts.Row{}, false
		}
		return m.Rows[i], true
	}
	id := s.ID.String()
	switch s.Op {
	case alerts.Page:
		if err := p.send(ctx, "trigger", id, p.payload(s, m, row)); err != nil {
			return "", err
		}
		if !slices.Contains(open, id) {
			open = append(open, id)
		}
	case alerts.StopPage:
		if r, there := row(id); there && live(r) && r.Acked != "" && slices.Contains(open, id) {
			return kept(open), p.send(ctx, "acknowledge", id, nil)
		}
	case alerts.Post, alerts.Update, alerts.Thread:
	}
	return p.close(ctx, s, open, row)
}

// close ends the incidents of what is over: those whose row is resolved or gone,
// and the one that nobody needs to come for any more.
func (p *pagerDuty) close(ctx context.Context, s alerts.Say, open []string, row func(string) (alerts.Row, bool)) (string, error) {
	for _, id := range slices.Clone(open) {
		r, there := row(id)
		stopped := s.Op == alerts.StopPage && s.ID.String() == id && r.Acked == ""
		if s.Op == alerts.Page || there && live(r) && !stopped {
			continue
		}
		if err := p.send(ctx, "resolve", id, nil); err != nil {
			return "", err // all of them are told again: to resolve twice is to resolve once
		}
		open = slices.DeleteFunc(open, func(o string) bool { return o == id })
	}
	return kept(open), nil
}

func (p *pagerDuty) payload(s alerts.Say, m alerts.Message, row func(string) (alerts.Row, bool)) *pdPayload {
	k := s.ID.Key
	out := &pdPayload{
		Summary: cut(fmt.Sprintf("%s %s: %s", p.cluster, k, p.client.redact(s.Text)), 1024), Source: k.Where(),
		Severity: alerts.SeverityOf(k.Check).String(), Component: k.Check, Group: k.Region, Class: k.Check,
		Details: map[string]string{"check": m.Summary, "step": fmt.Sprintf("%d, to %s", s.Step, s.Whom)},
	}
	if r, there := row(s.ID.String()); there {
		out.Timestamp = r.Since.UTC().Format(time.RFC3339)
		for name, text := range map[string]string{"evidence": r.Found.Evidence, "effect": r.Found.Effect, "repair": next(r)} {
			if text != "" {
				out.Details[name] = text
			}
		}
	}
	return out
}

// send tells one event. The key is the alert's identity, so the steps of one
// escalation are one incident, and an event that comes twice is one event.
func (p *pagerDuty) send(ctx context.Context, action, id string, payload *pdPayload) error {
	e := pdEvent{RoutingKey: p.receiver.RoutingKey.Reveal(), Action: action, DedupKey: cut("vmqbot/"+p.cluster+"/"+id, 255), Payload: payload}
	if payload != nil {
		e.Client = "vmqbot"
		if page := alerts.Runbook(p.fleet, payload.Component); page != "" {
			e.Links = []pdLink{{page, "Runbook"}}
		}
	}
	body, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("writing an event: %w", err)
	}
	return p.client.send(ctx, http.MethodPost, p.receiver.URL, body, nil)
}

// cut keeps a text within a limit of PagerDuty's.
func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// openIn and kept are the open incidents as they are kept.
func openIn(ref string) []string {
	var open []string
	if json.Unmarshal([]byte(ref), &open) != nil {
		return nil
	}
	return open
}

func kept(open []string) string {
	b, err := json.Marshal(append([]string{}, open...))
	if err != nil {
		return "[]" // a list of strings is always written
	}
	return string(b)
}
