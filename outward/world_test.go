package outward_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/ops"
	"vmqbot/outward"
	"vmqbot/regions"
	"vmqbot/secret"
)

// clock is the wall's.
type clock struct{}

func (clock) Now() time.Time                         { return time.Now() }
func (clock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// heard is one request that a receiver got.
type heard struct {
	method, path, body string
	header             http.Header
}

// receiver is a web service of the tests, with the answers that it was told.
type receiver struct {
	*httptest.Server
	mu      sync.Mutex
	heard   []heard
	answers []int // the next ones; 202 when there are none
	says    string
	hang    chan struct{} // no answer before it is closed
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	r.heard = append(r.heard, heard{q.Method, q.URL.Path, string(body), q.Header.Clone()})
	status, says, hang := http.StatusAccepted, r.says, r.hang
	if len(r.answers) > 0 {
		status, r.answers = r.answers[0], r.answers[1:]
	}
	r.mu.Unlock()
	if hang != nil {
		select {
		case <-hang:
		case <-q.Context().Done():
		}
	}
	if status >= 300 && status < 400 {
		w.Header().Set("Location", "/elsewhere")
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, says)
}

func (r *receiver) all() []heard {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.heard
}

func fleet(t *testing.T) *regions.Fleet {
	t.Helper()
	f, err := regions.Load("example.yaml", []byte(regions.Example), func(_, ref string) (string, error) { return "value-of-" + ref, nil })
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// to is the speaker of a receiver of the example, whose address is url.
func to(t *testing.T, kind, url string) ops.Speaker {
	t.Helper()
	f := fleet(t)
	for _, r := range f.Receivers {
		if r.Kind == kind {
			r.URL = secret.Hidden(url)
			return outward.New(f, r, clock{})
		}
	}
	t.Fatalf("the example has no %s", kind)
	return nil
}

var (
	lost  = alerts.ID{Key: alerts.Key{Check: "ip", Region: "cn", Node: "cn-1"}, Seq: 2}
	cut   = alerts.ID{Key: alerts.Key{Check: "mqtt", Region: "cn", Node: "cn-1", Peer: "sg-1"}, Seq: 1}
	since = time.Now().Add(-3 * time.Minute).UTC().Truncate(time.Second)
)

// message is a group with one row.
func message(id alerts.ID, p alerts.Phase) alerts.Message {
	m := alerts.Message{
		Group: id.Key.Group(), Episode: 3, Check: id.Key.Check, Region: id.Key.Region, Summary: "does it hold its address?", Severity: checks.Critical,
		Rows: []alerts.Row{{ID: id, Phase: p, Since: since, Found: alerts.Found{Evidence: "want 10.0.0.1/24, have value-of-VERNEMQ_COOKIE", Effect: "messages are lost", Repair: "reattach cn-1"}}},
	}
	if p == alerts.Resolved {
		m.Rows[0].Resolved, m.Over = time.Now().UTC().Add(-time.Second), true
	}
	return m
}

// TestFailuresSayWhetherToTryAgain: what is refused, and what is away or busy.
func TestFailuresSayWhetherToTryAgain(t *testing.T) {
	for _, kind := range []string{regions.Alertmanager, regions.PagerDuty, regions.SignedHook} {
		r := newReceiver(t)
		s := to(t, kind, r.URL+"/token-in-the-path")
		for status, want := range map[int]ops.Code{
			200: "", 202: "", 204: "", 301: ops.Refused, 307: ops.Refused, 400: ops.Refused, 401: ops.Refused, 404: ops.Refused, 413: ops.Refused,
			408: ops.Unseen, 429: ops.Unseen, 500: ops.Unseen, 502: ops.Unseen, 503: ops.Unseen,
		} {
			r.answers, r.says = []int{status}, "the key value-of-PAGERDUTY_ROUTING_KEY is\x00 bad"
			before := len(r.all())
			op := alerts.Say{Op: alerts.Post, Group: "ip/cn", Episode: 3}
			if kind == regions.PagerDuty {
				op = alerts.Say{Op: alerts.Page, Group: "ip/cn", Episode: 3, ID: lost}
			}
			_, err := s.Speak(t.Context(), op, message(lost, alerts.Firing), false)
			if got := ops.Code(""); err != nil && ops.CodeOf(err) != want || err == nil && got != want {
				t.Errorf("%s answers %d: %v, want %q", kind, status, err, want)
			}
			if err != nil && (strings.Contains(err.Error(), "token-in-the-path") || strings.Contains(err.Error(), "value-of-")) {
				t.Errorf("%s: the error holds a secret: %v", kind, err)
			}
			if len(r.all()) != before+1 {
				t.Errorf("%s followed a redirect of %d", kind, status)
			}
		}
		r.Close()
		_, err := s.Speak(t.Context(), alerts.Say{Op: alerts.Post}, message(lost, alerts.Firing), false)
		if kind == regions.PagerDuty {
			_, err = s.Speak(t.Context(), alerts.Say{Op: alerts.Page, ID: lost}, message(lost, alerts.Firing), false)
		}
		if ops.CodeOf(err) != ops.Unseen || strings.Contains(err.Error(), "token-in-the-path") || !strings.Contains(err.Error(), "refused") {
			t.Errorf("%s that is away: %v", kind, err)
		}
	}
}
