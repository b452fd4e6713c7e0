package outward

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"vmqbot/alerts"
	"vmqbot/ops"
	"vmqbot/secret"
)

// alertmanager tells Alertmanager what fires. It names an alert by its labels,
// so telling it twice is telling it once, and what is told after a fire ends it.
// Alertmanager keeps nothing on disk and believes an alert until its end: so
// everything that stands is told again each minute, and ends by itself when
// nobody does that any more.
type alertmanager struct{ outlet }

var (
	_ ops.Speaker   = (*alertmanager)(nil)
	_ ops.Refresher = (*alertmanager)(nil)
)

// believed is how long Alertmanager believes what it was told: five refreshes.
const believed = 5 * time.Minute

// amAlert is postableAlert of Alertmanager's API v2.
type amAlert struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	StartsAt    time.Time         `json:"startsAt"`
	EndsAt      time.Time         `json:"endsAt"`
}

// Speak tells how a group is now, whenever its message is new or changed. Lines
// of history and pages are Alertmanager's own affair.
func (a *alertmanager) Speak(ctx context.Context, s alerts.Say, m alerts.Message, _ bool) (string, error) {
	if s.Op != alerts.Post && s.Op != alerts.Update {
		return "", nil
	}
	return "", a.post(ctx, []alerts.Message{m}, false)
}

// Refresh tells again what people know to be bad.
func (a *alertmanager) Refresh(ctx context.Context, standing []alerts.Message) error {
	return a.post(ctx, standing, true)
}

func (a *alertmanager) post(ctx context.Context, all []alerts.Message, stands bool) error {
	told := []amAlert{}
	for _, m := range all {
		m = a.clean(m)
		for _, r := range m.Rows {
			told = append(told, a.alert(m, r, stands || live(r)))
		}
	}
	if len(told) == 0 {
		return nil // an older message, of which only the end is known: it is not believed any more
	}
	body, err := json.Marshal(told)
	if err != nil {
		return fmt.Errorf("writing what fires: %w", err)
	}
	return a.client.send(ctx, http.MethodPost, a.at("/api/v2/alerts"), body, a.login)
}

// alert is one row. The severity in the labels is the check's own, which never
// changes: the one of the moment would make another alert of it.
func (a *alertmanager) alert(m alerts.Message, r alerts.Row, fires bool) amAlert {
	k := r.ID.Key
	out := amAlert{
		Labels: map[string]string{
			"alertname": "vmqbot_" + k.Check, "job": "vmqbot", "cluster": a.cluster, "check": k.Check, "region": k.Region, "node": k.Node,
			"severity": alerts.SeverityOf(k.Check).String(),
		},
		Annotations: map[string]string{"summary": k.Where() + ": " + m.Summary, "alert": r.ID.String()},
		StartsAt:    r.Since,
	}
	if k.Peer != "" {
		out.Labels["peer"] = k.Peer
	}
	for name, text := range map[string]string{"description": r.Found.Evidence, "effect": r.Found.Effect, "repair": next(r), "acknowledged_by": r.Acked, "runbook_url": alerts.Runbook(a.fleet, k.Check)} {
		if text != "" {
			out.Annotations[name] = text
		}
	}
	now := a.clock.Now()
	switch {
	case fires:
		out.EndsAt = now.Add(believed)
	case r.Resolved.IsZero() || r.Resolved.After(now):
		out.EndsAt = now
	default:
		out.EndsAt = r.Resolved
	}
	if out.StartsAt.IsZero() || out.StartsAt.After(out.EndsAt) {
		out.StartsAt = out.EndsAt
	}
	return out
}

// at is a path below the receiver's address.
func (a *alertmanager) at(path string) secret.Word {
	base := strings.TrimSuffix(a.receiver.URL.Reveal(), "/")
	if a.receiver.URL.IsHidden() {
		return secret.Hidden(base + path)
	}
	return secret.Plain(base + path)
}

func (a *alertmanager) login(h http.Header) {
	if a.receiver.Username == "" {
		return
	}
	r := http.Request{Header: h}
	r.SetBasicAuth(a.receiver.Username, a.receiver.Password.Reveal())
}
