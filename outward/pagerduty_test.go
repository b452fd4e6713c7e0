package outward_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"vmqbot/alerts"
	"vmqbot/ops"
	"vmqbot/regions"
)

// events are what PagerDuty heard: "trigger vmqbot/release/ip/cn/cn-1#2".
func events(t *testing.T, r *receiver) []string {
	t.Helper()
	var all []string
	for _, h := range r.all() {
		var e struct {
			RoutingKey string `json:"routing_key"`
			Action     string `json:"event_action"`
			DedupKey   string `json:"dedup_key"`
		}
		if err := json.Unmarshal([]byte(h.body), &e); err != nil || e.RoutingKey != "value-of-PAGERDUTY_ROUTING_KEY" {
			t.Errorf("%v: %s", err, h.body)
		}
		all = append(all, e.Action+" "+e.DedupKey)
	}
	return all
}

// TestAnIncidentFromBeginningToEnd is one incident, whatever the escalation and
// whoever has acknowledged.
func TestAnIncidentFromBeginningToEnd(t *testing.T) {
	r := newReceiver(t)
	s, ref := to(t, regions.PagerDuty, r.URL), ""
	say := func(op alerts.Op, id alerts.ID, m alerts.Message) {
		t.Helper()
		where, err := s.Speak(t.Context(), alerts.Say{Op: op, Group: "ip/cn", Episode: 3, ID: id, Ref: ref, Text: "cn-1: want 10.0.0.1/24", Whom: alerts.OnCall, Step: 1}, m, false)
		if err != nil {
			t.Fatal(err)
		}
		if where != "" {
			ref = where
		}
	}
	wants := func(n int, last string) {
		t.Helper()
		all := events(t, r)
		if len(all) != n || n > 0 && all[n-1] != last {
			t.Fatalf("heard %q, want %d and %q last", all, n, last)
		}
	}
	const key = "vmqbot/release/ip/cn/cn-1#2"
	firing, acked := message(lost, alerts.Firing), message(lost, alerts.Firing)
	acked.Rows[0].Acked = "slack:U0ANA"
	say(alerts.Post, alerts.ID{}, firing)
	say(alerts.Thread, lost, firing)
	wants(0, "")
	say(alerts.Page, lost, firing)
	wants(1, "trigger "+key)
	say(alerts.Page, lost, firing) // the next step, or the same one after a crash
	wants(2, "trigger "+key)
	say(alerts.Update, alerts.ID{}, firing)
	wants(2, "trigger "+key)
	say(alerts.StopPage, lost, acked)
	wants(3, "acknowledge "+key)
	s = to(t, regions.PagerDuty, r.URL) // after a restart
	say(alerts.Update, alerts.ID{}, message(lost, alerts.Resolved))
	wants(4, "resolve "+key)
	say(alerts.Update, alerts.ID{}, message(lost, alerts.Resolved))
	say(alerts.StopPage, lost, message(lost, alerts.Resolved))
	wants(4, "resolve "+key) // it is closed once
}

// TestAnIncidentIsClosed by the word that nobody needs to come, by the end of
// its message, and by a message that another has followed.
func TestAnIncidentIsClosed(t *testing.T) {
	over := message(lost, alerts.Resolved)
	followed := alerts.Message{Group: "ip/cn", Episode: 3, Over: true}
	for name, c := range map[string]struct {
		op alerts.Op
		id alerts.ID
		m  alerts.Message
	}{
		"nobody needs to come": {alerts.StopPage, lost, message(lost, alerts.Firing)},
		"it is over":           {alerts.Update, alerts.ID{}, over},
		"it was replaced":      {alerts.Update, alerts.ID{}, followed},
		"its row is gone":      {alerts.Thread, cut, message(cut, alerts.Firing)},
	} {
		r := newReceiver(t)
		s := to(t, regions.PagerDuty, r.URL)
		ref, err := s.Speak(t.Context(), alerts.Say{Op: alerts.Page, ID: lost}, message(lost, alerts.Firing), false)
		if err != nil {
			t.Fatal(err)
		}
		r.answers = []int{500}
		say := alerts.Say{Op: c.op, ID: c.id, Ref: ref}
		if _, err := s.Speak(t.Context(), say, c.m, false); ops.CodeOf(err) != ops.Unseen {
			t.Errorf("%s: %v", name, err)
		}
		ref, err = s.Speak(t.Context(), say, c.m, true)
		if all := events(t, r); err != nil || ref != "[]" || fmt.Sprint(all[1:]) != "[resolve vmqbot/release/ip/cn/cn-1#2 resolve vmqbot/release/ip/cn/cn-1#2]" {
			t.Errorf("%s: %v, %q open, heard %q", name, err, ref, all)
		}
	}
}

// TestAnEventIsWhatPagerDutyDocuments: the fields of the Events API v2 and their
// limits (developer.pagerduty.com, Send an Alert Event).
func TestAnEventIsWhatPagerDutyDocuments(t *testing.T) {
	r := newReceiver(t)
	s := to(t, regions.PagerDuty, r.URL)
	m := message(lost, alerts.Firing)
	say := alerts.Say{Op: alerts.Page, ID: lost, Text: strings.Repeat("äö", 2000), Whom: alerts.First, Step: 2}
	if _, err := s.Speak(t.Context(), say, m, false); err != nil {
		t.Fatal(err)
	}
	var e map[string]any
	body := r.all()[0].body
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		t.Fatal(err)
	}
	p := e["payload"].(map[string]any)
	at, err := time.Parse(time.RFC3339, p["timestamp"].(string))
	if err != nil || !at.Equal(since) || p["severity"] != "critical" || p["source"] != "cn-1" || len([]rune(p["summary"].(string))) != 1024 || len(e["dedup_key"].(string)) > 255 {
		t.Errorf("%v %s", err, body)
	}
	if d := p["custom_details"].(map[string]any); d["repair"] != "reattach cn-1" || d["step"] != "2, to first" || strings.Contains(body, "value-of-VERNEMQ") {
		t.Errorf("%s", body)
	}
	if l := e["links"].([]any); len(l) != 1 || !strings.HasSuffix(l[0].(map[string]any)["href"].(string), "/runbooks/checks.md#ip") {
		t.Errorf("links %v", l)
	}
	if ct := r.all()[0].header.Get("Content-Type"); ct != "application/json" {
		t.Errorf("content type %s", ct)
	}
}
