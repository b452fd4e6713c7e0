package endpoints_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/endpoints"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
)

// clock stands until a test moves it.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time                       { return c.now }
func (c *clock) After(time.Duration) <-chan time.Time { return nil }

type world struct {
	t     *testing.T
	fleet *regions.Fleet
	clock *clock
	board *endpoints.Board
	book  alerts.Book
}

func newWorld(t *testing.T) *world {
	t.Helper()
	f, err := regions.Load("example.yaml", []byte(regions.Example), func(_, ref string) (string, error) { return "value-of-" + ref, nil })
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	return &world{t: t, fleet: f, clock: c, board: endpoints.NewBoard(f, c)}
}

// look tells the board of one look.
func (w *world) look(why string, seen facts.Fleet) {
	found := checks.Judge(w.fleet, seen, w.fleet.Nodes())
	around := alerts.Look{Fleet: w.fleet, Found: found, Around: alerts.Around{Busy: map[string]string{}}, Busy: map[string]bool{}, Asked: map[string]bool{}, Now: w.clock.now}
	after, _, _ := alerts.Turn(w.book, around)
	w.board.Looked(ops.Looked{Why: why, Begun: w.clock.now, Fleet: w.fleet, Seen: seen, Found: found, Before: w.book, After: after, Gates: after.Gates(around)})
	w.book = after
}

func (w *world) get(path string) (int, string, http.Header) {
	r := httptest.NewRecorder()
	w.board.Handler(http.NotFoundHandler()).ServeHTTP(r, httptest.NewRequest("GET", path, nil))
	return r.Code, r.Body.String(), r.Header()
}

func (w *world) wants(path string, code int, part string) {
	w.t.Helper()
	if got, body, _ := w.get(path); got != code || !strings.Contains(body, part) {
		w.t.Errorf("%s says %d, want %d and %q:\n%s", path, got, code, part, body)
	}
}

// TestAliveAndReady from the start to a watch that hangs: an outage of the
// fleet changes neither.
func TestAliveAndReady(t *testing.T) {
	w := newWorld(t)
	w.wants("/healthz", 200, "the last sign of the watch was 0s ago")
	w.wants("/readyz", 503, "the watch has not begun")
	w.board.Noticed(ops.Noticed{Notice: ops.StandingBy})
	w.wants("/healthz", 200, "another process watches")
	w.wants("/readyz", 503, "another process watches release")
	w.board.Noticed(ops.Noticed{Notice: ops.Watching})
	w.wants("/readyz", 503, "no whole look was kept yet")
	w.look("start of vernemq-release-cn-1", factstest.Healthy(w.fleet))
	w.wants("/readyz", 503, "no whole look was kept yet")
	dead := factstest.Healthy(w.fleet)
	for _, n := range w.fleet.Nodes() {
		factstest.Dead(&dead, n.Name)
	}
	w.look(ops.WhySweep, dead)
	w.wants("/readyz", 200, `"ready": true`)
	w.wants("/healthz", 200, "")
	w.clock.now = w.clock.now.Add(3*time.Minute + 20*time.Second)
	w.wants("/readyz", 200, `"ready": true`)
	w.wants("/healthz", 200, "")
	w.clock.now = w.clock.now.Add(20 * time.Second)
	w.wants("/readyz", 503, "the last whole look was kept 3m40s ago")
	w.wants("/healthz", 503, "3m40s ago")
	w.board.Looked(ops.Looked{Why: ops.WhySweep, Err: errors.New("disk full at /secret/place")})
	w.wants("/healthz", 200, "") // it turns, and must not be restarted
	w.wants("/readyz", 503, "could not be kept; the log says why")
	if _, body, _ := w.get("/readyz"); strings.Contains(body, "/secret/place") {
		t.Error("the error of the store is on a page that anybody may read")
	}
	w.board.Noticed(ops.Noticed{Notice: ops.StandingBy})
	w.clock.now = w.clock.now.Add(2 * time.Minute)
	w.wants("/healthz", 503, "another process watches; this one asked for its place 2m0s ago")
}

// TestNobodyIsTold: a watch that people do not hear is not ready, so that it gives no
// sign of life; a message that waits for a moment changes nothing.
func TestNobodyIsTold(t *testing.T) {
	w := newWorld(t)
	w.board.Noticed(ops.Noticed{Notice: ops.Watching})
	from := w.clock.now
	looks := func(after time.Duration, unsaid time.Time) {
		w.clock.now = from.Add(after)
		w.board.Looked(ops.Looked{Why: ops.WhySweep, Fleet: w.fleet, Seen: factstest.Healthy(w.fleet), Unsaid: unsaid})
	}
	looks(4*time.Minute, from)
	w.wants("/readyz", 200, "people are told what they must be told")
	looks(6*time.Minute, from)
	w.wants("/readyz", 503, "people have been told nothing for 6m0s")
	w.wants("/healthz", 200, "") // to begin anew would not help
	looks(7*time.Minute, time.Time{})
	w.wants("/readyz", 200, `"ready": true`)
}

// TestOthersHaveConditionsToo, as whether Slack is heard.
func TestOthersHaveConditionsToo(t *testing.T) {
	w := newWorld(t)
	w.board.Noticed(ops.Noticed{Notice: ops.Watching})
	w.look(ops.WhySweep, factstest.Healthy(w.fleet))
	h := w.board.Handler(nil, func() endpoints.Condition { return endpoints.Condition{Name: "slack", Says: "deaf"} })
	r := httptest.NewRecorder()
	h.ServeHTTP(r, httptest.NewRequest("GET", "/readyz", nil))
	if r.Code != 503 || !strings.Contains(r.Body.String(), `"says": "deaf"`) || !strings.Contains(r.Body.String(), `"ready": false`) {
		t.Errorf("%d %s", r.Code, r.Body)
	}
}

// TestTheMesh: what was seen last, also of what the last look did not ask.
func TestTheMesh(t *testing.T) {
	w := newWorld(t)
	read := func() (m endpoints.Mesh) {
		_, body, _ := w.get("/mesh.json")
		if err := json.Unmarshal([]byte(body), &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	if m := read(); len(m.Nodes) != 4 || len(m.Links) != 12 || m.Links[0].Verdict() != checks.Unknown || !m.At.IsZero() {
		t.Errorf("before any look: %+v", m)
	}
	w.wants("/mesh", 200, "Last look: never.")
	good := factstest.Healthy(w.fleet)
	for i := range good.Crossings {
		good.Crossings[i].Delivered = facts.Saw(31 * time.Millisecond)
	}
	good.Pings = []facts.Ping{{From: "cn-1", To: "sg-1", Echo: facts.Saw(facts.Echo{Sent: 3, Received: 3, Avg: 40 * time.Millisecond})}}
	w.look(ops.WhySweep, good)
	if l := read().Links[0]; l.Verdict() != checks.OK || l.Took != 31*time.Millisecond || l.RTT != 40*time.Millisecond {
		t.Errorf("a link that is well: %+v", l)
	}
	w.wants("/mesh", 200, "31.0 ms")
	w.wants("/mesh", 200, "Nothing fires.")
	bad := factstest.Healthy(w.fleet)
	factstest.Restarted(&bad, w.fleet, "cn-1")
	bad.Pings, bad.Crossings = nil, nil
	for range 3 {
		w.clock.now = w.clock.now.Add(time.Second)
		w.look("doubt", bad)
	}
	m := read()
	if m.Nodes[0].Verdict != checks.Bad || !strings.HasPrefix(m.Nodes[0].Evidence, "ip: ") || m.Nodes[1].Verdict != checks.OK || m.Links[0].RTT != 40*time.Millisecond {
		t.Errorf("a lost address: %+v %+v", m.Nodes, m.Links[0])
	}
	if len(m.Firing) != 2 || m.Firing[0].Alert != "ip/cn/cn-1" || m.Firing[0].Muted != "" || m.Firing[1].Muted != "inhibited" {
		t.Errorf("it fires: %+v", m.Firing)
	}
	w.wants("/mesh", 200, `<td class="bad">BAD</td><td>ip: `)
}

// TestThePageIsSafe: what tools printed is text, secrets are none, nothing is
// loaded from anywhere, and nothing can be changed.
func TestThePageIsSafe(t *testing.T) {
	w := newWorld(t)
	w.board.Looked(ops.Looked{Why: ops.WhySweep, Found: []checks.Observation{
		{Check: "ip", Region: "cn", Node: "cn-1", Verdict: checks.Bad, Evidence: `<script>alert(1)</script> password=hunter2 value-of-VERNEMQ_COOKIE`},
		{Check: "peer", Region: "cn", Node: "cn-1", Peer: "sg-1", Verdict: checks.Bad, Evidence: `"><img> value-of-TICKETS_SECRET`},
	}})
	for _, path := range []string{"/mesh", "/mesh.json"} {
		_, body, h := w.get(path)
		for _, never := range []string{"<script>", "<img", "hunter2", "value-of-", "src=", "href="} {
			if strings.Contains(body, never) {
				t.Errorf("%s holds %s:\n%s", path, never, body)
			}
		}
		if h.Get("Cache-Control") != "no-store" || path == "/mesh" && !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: %v", path, h)
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE"} {
		for _, path := range []string{"/mesh", "/mesh.json", "/healthz", "/readyz", "/metrics"} {
			r := httptest.NewRecorder()
			w.board.Handler(http.NotFoundHandler()).ServeHTTP(r, httptest.NewRequest(method, path, nil))
			if r.Code != http.StatusMethodNotAllowed {
				t.Errorf("%s %s says %d", method, path, r.Code)
			}
		}
	}
}
