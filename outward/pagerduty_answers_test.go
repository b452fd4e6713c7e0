package outward_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"vmqbot/alerts"
	"vmqbot/ops"
	"vmqbot/regions"
)

// TestWhatPagerDutyAnswers: its documented answers, to the letter. What it took
// is open there; what it calls invalid is refused with its own reason, without
// the key; where it is asked too often, or broken, the same is tried again soon.
func TestWhatPagerDutyAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		code   ops.Code
		soon   bool
		says   string
	}{
		"taken":       {202, `{"status":"success","message":"Event processed","dedup_key":"vmqbot/release/ip/cn/cn-1#2"}`, "", false, ""},
		"invalid":     {400, `{"status":"invalid event","message":"Event object is invalid","errors":["Length of 'routing_key' is incorrect (should be 32 characters)"]}`, ops.Refused, false, "Length of 'routing_key' is incorrect"},
		"names a key": {400, `{"status":"invalid event","message":"Event object is invalid","errors":["no such key value-of-PAGERDUTY_ROUTING_KEY"]}`, ops.Refused, false, "no such key [redacted]"},
		"too often":   {429, `{"status":"throttle exceeded","message":"Requests for this service are arriving too quickly.  Please retry later."}`, ops.Unseen, true, "arriving too quickly"},
		"broken":      {503, `<html>upstream</html>`, ops.Unseen, true, "Service Unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			}))
			defer s.Close()
			ref, err := to(t, regions.PagerDuty, s.URL).Speak(t.Context(), alerts.Say{Op: alerts.Page, ID: lost}, message(lost, alerts.Firing), false)
			if c.code == "" {
				if err != nil || ref != `["ip/cn/cn-1#2"]` {
					t.Errorf("%q is open, %v", ref, err)
				}
				return
			}
			if ops.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "value-of-") || ref != "" {
				t.Errorf("%q is open, %v; want %s and %q", ref, err, c.code, c.says)
			}
			var e *ops.Error
			if !errors.As(err, &e) || e.Soon != c.soon {
				t.Errorf("again soon: want %v of %+v", c.soon, e)
			}
		})
	}
}
