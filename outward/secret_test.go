package outward_test

import (
	"strings"
	"testing"

	"vmqbot/alerts"
	"vmqbot/regions"
)

// TestNoReceiverIsToldASecret: what a tool printed, and what is said of it, reaches
// every kind of receiver without the cluster's cookie; each at least hears of cn-1.
func TestNoReceiverIsToldASecret(t *testing.T) {
	for _, kind := range []string{regions.Alertmanager, regions.PagerDuty, regions.SignedHook} {
		r := newReceiver(t)
		s := to(t, kind, r.URL)
		m := message(lost, alerts.Firing)
		for _, op := range []alerts.Op{alerts.Post, alerts.Thread, alerts.Page, alerts.Update, alerts.StopPage} {
			if _, err := s.Speak(t.Context(), alerts.Say{Op: op, ID: lost, Text: "it said value-of-VERNEMQ_COOKIE"}, m, false); err != nil {
				t.Errorf("%s: %s: %v", kind, op, err)
			}
		}
		named := false
		for _, h := range r.all() {
			named = named || strings.Contains(h.body, "cn-1")
			if strings.Contains(h.body, "value-of-VERNEMQ_COOKIE") || strings.Contains(h.path, "COOKIE") {
				t.Errorf("%s is told the cookie: %s", kind, h.body)
			}
		}
		if !named {
			t.Errorf("%s is told nothing", kind)
		}
	}
}
