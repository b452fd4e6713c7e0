package metrics

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"path"
	"regexp"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// mostAnswer is how much of an answer of Slack's is read to see what it says;
// a longer one is counted by its status.
const mostAnswer = 256 << 10

// methodRE is what a method of the Web API is named: chat.postMessage.
var methodRE = regexp.MustCompile(`^[a-z]+(\.[A-Za-z]+)+$`)

// Slack counts what is asked of Slack through next, nil for the machine's usual
// way, and shows whether Slack is heard, which hears tells at each page. It is
// called once, before anything is asked.
func (m *Metrics) Slack(next http.RoundTripper, hears func() bool) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Namespace: namespace, Name: "slack_connected", Help: "1 while commands in Slack are heard.",
	}, func() float64 { return one(hears()) }), m.slackAsked, m.slackThrottled)
	return asking{next, m}
}

type asking struct {
	next http.RoundTripper
	m    *Metrics
}

// RoundTrip asks, and counts what came of it.
func (a asking) RoundTrip(r *http.Request) (*http.Response, error) {
	method := path.Base(r.URL.Path)
	if !methodRE.MatchString(method) {
		method = "other" // files go to addresses that Slack makes up
	}
	resp, err := a.next.RoundTrip(r)
	if err != nil {
		a.m.slackAsked.WithLabelValues(method, "unreachable").Inc()
		return resp, err
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		a.m.slackThrottled.WithLabelValues(method).Inc()
	}
	a.m.slackAsked.WithLabelValues(method, cameOf(resp)).Inc()
	return resp, nil
}

// cameOf is ok, throttled, refused (Slack says why in its answer) or failed. The
// answer is still whole for whoever asked.
func cameOf(resp *http.Response) string {
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		return "throttled"
	case resp.StatusCode != http.StatusOK:
		return "failed"
	case !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json"):
		return "ok"
	}
	head, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer))
	rest := io.MultiReader(bytes.NewReader(head), resp.Body)
	if err != nil {
		rest = io.MultiReader(bytes.NewReader(head), failing{err})
	}
	resp.Body = body{rest, resp.Body}
	var says struct{ OK *bool }
	switch {
	case err != nil || json.Unmarshal(head, &says) != nil && len(head) < mostAnswer:
		return "failed"
	case says.OK != nil && !*says.OK:
		return "refused"
	default:
		return "ok"
	}
}

// body is an answer of which the beginning was read.
type body struct {
	io.Reader
	io.Closer
}

// failing is how the reading of an answer ended.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
