package outward

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"vmqbot/alerts"
	"vmqbot/ops"
)

// webhook tells everything that is said to a web service of one's own, as JSON
// that is signed with a shared secret. docs/receivers.md is its contract.
type webhook struct{ outlet }

var _ ops.Speaker = (*webhook)(nil)

// The headers of a delivery.
const (
	DeliveryHeader  = "Vmqbot-Delivery"  // the same when something is delivered again
	TimestampHeader = "Vmqbot-Timestamp" // seconds since 1970, part of what is signed
	SignatureHeader = "Vmqbot-Signature" // "v1=" and HMAC-SHA256 in hexadecimal
)

// delivery is the body.
type delivery struct {
	Version int            `json:"version"`
	ID      string         `json:"id"`
	At      time.Time      `json:"at"`
	Again   bool           `json:"again"` // it may have been delivered before
	Cluster string         `json:"cluster"`
	Op      alerts.Op      `json:"op"`
	Status  string         `json:"status"` // firing or resolved
	Group   string         `json:"group"`
	Episode int            `json:"episode"`
	Alert   string         `json:"alert,omitempty"` // of a thread line, a page and its end
	Text    string         `json:"text,omitempty"`
	Whom    alerts.Whom    `json:"whom,omitempty"` // of a page
	IDs     []string       `json:"ids,omitempty"`  // of those whom it pages
	Step    int            `json:"step,omitempty"`
	Runbook string         `json:"runbook,omitempty"` // where what is wrong is explained
	Message alerts.Message `json:"message"`
}

// Speak delivers one thing that is said.
func (w *webhook) Speak(ctx context.Context, s alerts.Say, m alerts.Message, again bool) (string, error) {
	now := w.clock.Now().UTC()
	d := delivery{
		Version: 1, ID: fmt.Sprintf("%s/%s/%d", w.cluster, w.receiver.Name, s.Seq), At: now, Again: again, Cluster: w.cluster,
		Op: s.Op, Status: "firing", Group: s.Group, Episode: s.Episode, Text: w.client.redact(s.Text), Whom: s.Whom, Step: s.Step, Message: w.clean(m),
		Runbook: alerts.Runbook(w.fleet, m.Check),
	}
	if m.Over {
		d.Status = "resolved"
	}
	if s.ID.Seq > 0 {
		d.Alert = s.ID.String()
	}
	if s.Op == alerts.Page {
		d.IDs = alerts.Called(w.fleet, s.ID.Key, s.Whom)
	}
	body, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("writing a delivery: %w", err)
	}
	at := strconv.FormatInt(now.Unix(), 10)
	return "", w.client.send(ctx, http.MethodPost, w.receiver.URL, body, func(h http.Header) {
		h.Set(DeliveryHeader, d.ID)
		h.Set(TimestampHeader, at)
		h.Set(SignatureHeader, Sign(w.receiver.Secret.Reveal(), at, body))
	})
}

// Sign is the signature of a body that was sent at a time: "v1=" and the
// hexadecimal HMAC-SHA256, under the shared secret, of the time, a dot and the
// body. The time is signed so that an old delivery cannot be played again.
func Sign(key, at string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(at + "."))
	mac.Write(body)
	return "v1=" + hex.EncodeToString(mac.Sum(nil))
}
