package outward_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"vmqbot/alerts"
	"vmqbot/outward"
	"vmqbot/regions"
)

// TestADeliveryCanBeTrusted: whoever has the secret can tell it from any other,
// and one that comes twice from two.
func TestADeliveryCanBeTrusted(t *testing.T) {
	r := newReceiver(t)
	s := to(t, regions.SignedHook, r.URL)
	say := alerts.Say{Op: alerts.Page, Group: "ip/cn", Episode: 3, ID: lost, Seq: 17, Door: "tickets", Text: "cn-1: password=hunter2", Whom: alerts.First, Step: 2}
	for _, again := range []bool{false, true} {
		if _, err := s.Speak(t.Context(), say, message(lost, alerts.Firing), again); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Speak(t.Context(), alerts.Say{Op: alerts.Update, Group: "ip/cn", Episode: 3, Seq: 18}, message(lost, alerts.Resolved), false); err != nil {
		t.Fatal(err)
	}
	var bodies []map[string]any
	for _, h := range r.all() {
		mac := hmac.New(sha256.New, []byte("value-of-TICKETS_SECRET")) // as docs/receivers.md says it
		mac.Write([]byte(h.header.Get("Vmqbot-Timestamp") + "." + h.body))
		if want := "v1=" + hex.EncodeToString(mac.Sum(nil)); h.header.Get("Vmqbot-Signature") != want {
			t.Errorf("signed %s, want %s", h.header.Get("Vmqbot-Signature"), want)
		}
		if strings.Contains(h.body, "hunter2") || strings.Contains(h.body, "value-of-") {
			t.Errorf("a secret is delivered: %s", h.body)
		}
		var b map[string]any
		if err := json.Unmarshal([]byte(h.body), &b); err != nil {
			t.Fatal(err)
		}
		if b["id"] != h.header.Get("Vmqbot-Delivery") {
			t.Errorf("%v is not %s", b["id"], h.header.Get("Vmqbot-Delivery"))
		}
		bodies = append(bodies, b)
	}
	first, second, third := bodies[0], bodies[1], bodies[2]
	if first["id"] != "release/tickets/17" || second["id"] != first["id"] || first["again"] != false || second["again"] != true || third["id"] == first["id"] {
		t.Errorf("what is delivered twice is not told from two: %v %v %v", first["id"], second["id"], third["id"])
	}
	ids, _ := json.Marshal(first["ids"])
	if first["op"] != "page" || first["status"] != "firing" || first["alert"] != "ip/cn/cn-1#2" || string(ids) != `["U0LI"]` || !strings.HasSuffix(fmt.Sprint(first["runbook"]), "/runbooks/checks.md#ip") || third["status"] != "resolved" {
		t.Errorf("%v\n%v", first, third)
	}
	if rows := first["message"].(map[string]any)["rows"].([]any); len(rows) != 1 || rows[0].(map[string]any)["phase"] != "firing" {
		t.Errorf("%v", rows)
	}
}

// TestTheSignature is one that anybody can compute: openssl says the same.
func TestTheSignature(t *testing.T) {
	// printf '1764504000.{"version":1}' | openssl dgst -sha256 -hmac secret
	const want = "v1=e61132e5928abe37e470423fe7c6610eb398f6c90023aa0407a08cfd543179cc"
	if got := outward.Sign("secret", "1764504000", []byte(`{"version":1}`)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
