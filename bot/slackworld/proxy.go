package slackworld

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// Fault is what goes wrong with one call; the zero Fault is nothing.
type Fault struct {
	Status  int    // instead of an answer
	Retry   int    // seconds, with 429
	Body    string // instead of Slack's answer, with status 200
	Hang    bool   // no answer ever
	Late    bool   // done, and the answer is lost
	Refused string // {"ok":false,"error":...}
}

// Call is one call of the Web API as it came in.
type Call struct {
	Method  string
	Args    url.Values
	At      time.Time
	Refused bool // for its pace
}

// Proxy stands between the bot and local-slack.
type Proxy struct {
	t    testing.TB
	port string
	self string
	back *httputil.ReverseProxy

	mu         sync.Mutex
	fault      func(method string, nth int) Fault
	counts     map[string]int
	calls      []Call
	groups     map[string][]string
	users      map[string]map[string]any
	channels   map[string]map[string]any
	violations []string
	conns      []*conn
	opened     int
	delivered  map[string]bool
	sent       map[string]time.Time // envelopes that were not acknowledged yet
	acked      []time.Duration
	twice      bool
	acks       int
	retries    bool
	replies    []string // what acknowledgements carry
	scopes     []string
	limits     map[string]pace
	everything sync.WaitGroup
	ended      chan struct{}
}

func newProxy(t testing.TB, port string) *Proxy {
	target, _ := url.Parse("http://localhost:" + port) // a constant with a number
	p := &Proxy{
		t: t, port: port, back: httputil.NewSingleHostReverseProxy(target), counts: map[string]int{}, delivered: map[string]bool{}, sent: map[string]time.Time{}, limits: map[string]pace{}, ended: make(chan struct{}),
		groups: map[string][]string{"S0ONCALL": {OnCall, Second}, "S0EVERYONE": {Admin, OnCall, Second, Viewer, Guest}},
		users: map[string]map[string]any{
			Guest: {"is_restricted": true}, SingleGuest: {"is_restricted": true, "is_ultra_restricted": true}, Stranger: {"is_stranger": true},
			Machine: {"is_bot": true}, Deleted: {"deleted": true}, OtherTeam: {"team_id": "T99"},
		},
		channels: map[string]map[string]any{Shared: {"is_ext_shared": true}, Pending: {"is_pending_ext_shared": true}},
	}
	p.back.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
	return p
}

// Fail decides what goes wrong with each call; nth counts the calls of one
// method from 1. nil is nothing.
func (p *Proxy) Fail(f func(method string, nth int) Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault, p.counts = f, map[string]int{}
}

// Group changes who is in a user group.
func (p *Proxy) Group(id string, members ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.groups[id] = members
}

// User changes what Slack knows about a user.
func (p *Proxy) User(id string, facts map[string]any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.users[id] = facts
}

// Place changes what Slack knows about a channel.
func (p *Proxy) Place(id string, facts map[string]any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.channels[id] = facts
}

// Calls are the calls of one method so far.
func (p *Proxy) Calls(method string) (all []Call) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.calls {
		if c.Method == method {
			all = append(all, c)
		}
	}
	return all
}

// Said reports whether one call of a method, about the message ts, held all the
// words.
func (p *Proxy) Said(method, ts string, words ...string) bool {
	for _, c := range p.Calls(method) {
		if c.Args.Get("ts") == ts && says(unescape(c.Args.Get("blocks")), words) {
			return true
		}
	}
	return false
}

// Everything is every byte that the bot said to Slack.
func (p *Proxy) Everything() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var b strings.Builder
	for _, c := range p.calls {
		for _, vs := range c.Args {
			b.WriteString(strings.Join(vs, "\n") + "\n")
		}
	}
	return unescape(b.String())
}

// Violations are the sizes that Slack would have refused.
func (p *Proxy) Violations() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.violations
}

func (p *Proxy) close() {
	close(p.ended)
	p.DropAll()
	p.everything.Wait()
}

// ServeHTTP answers the bot.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.everything.Add(1)
	defer p.everything.Done()
	if websocket.IsWebSocketUpgrade(r) {
		p.socket(w, r)
		return
	}
	method, isAPI := strings.CutPrefix(r.URL.Path, "/api/")
	if !isAPI {
		method = strings.SplitN(strings.TrimPrefix(r.URL.Path, "/"), "/", 3)[0] // _hooks, upload
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	f := p.note(method, r, body)
	switch {
	case f.Hang:
		select {
		case <-r.Context().Done():
		case <-p.ended:
		}
		return
	case f.Status != 0:
		if f.Retry > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(f.Retry))
		}
		w.WriteHeader(f.Status)
		return
	case f.Refused != "":
		_ = json.NewEncoder(w).Encode(map[string]any{"ok": false, "error": f.Refused})
		return
	case f.Body != "":
		_, _ = io.WriteString(w, f.Body)
		return
	}
	answer := p.answer(method, r)
	if f.Late {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	for k, v := range answer.Header() {
		if k != "Content-Length" {
			w.Header()[k] = v
		}
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(p.ours(answer.Body.Bytes()))
}

// note keeps a call, holds it against Slack's limits, and finds what is to go
// wrong with it.
func (p *Proxy) note(method string, r *http.Request, body []byte) Fault {
	args, _ := url.ParseQuery(string(body)) // a body that is no form is kept whole
	if strings.Contains(r.Header.Get("Content-Type"), "json") || len(args) == 0 || method == "upload" {
		args = url.Values{"body": {string(body)}}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.violations = append(p.violations, limits(method, args)...)
	if p.scopes != nil {
		p.violations = append(p.violations, unscoped(method, p.scopes)...)
	}
	c := Call{Method: method, Args: args, At: time.Now()}
	fault := p.paced(c)
	c.Refused = fault.Status != 0
	p.calls = append(p.calls, c)
	p.counts[method]++
	if c.Refused || p.fault == nil {
		return fault
	}
	return p.fault(method, p.counts[method])
}

// answer asks local-slack, or answers what it does not know.
func (p *Proxy) answer(method string, r *http.Request) *recorder {
	rec := newRecorder()
	if method == "usergroups.users.list" {
		_ = r.ParseForm() // no form, no group
		p.mu.Lock()
		members, ok := p.groups[r.Form.Get("usergroup")]
		p.mu.Unlock()
		out := map[string]any{"ok": ok, "users": members}
		if !ok {
			out["error"] = "no_such_subteam"
		}
		_ = json.NewEncoder(&rec.Body).Encode(out)
		return rec
	}
	if strings.HasPrefix(r.URL.Path, "/upload/") || strings.HasPrefix(r.URL.Path, "/_hooks/") {
		r.Header.Del("Accept-Encoding")
	}
	p.back.ServeHTTP(rec, r.WithContext(context.WithoutCancel(r.Context())))
	switch method {
	case "auth.test":
		p.mu.Lock()
		rec.Header().Set("X-OAuth-Scopes", strings.Join(p.scopes, ","))
		p.mu.Unlock()
	case "users.info":
		p.mu.Lock()
		rec.merge("user", p.users)
		p.mu.Unlock()
	case "conversations.info":
		p.mu.Lock()
		rec.merge("channel", p.channels)
		p.mu.Unlock()
	}
	return rec
}

// ours turns addresses of local-slack into ours, so that the bot never goes
// past us.
func (p *Proxy) ours(b []byte) []byte {
	host := strings.TrimPrefix(p.self, "http://")
	return bytes.ReplaceAll(b, []byte("localhost:"+p.port), []byte(host))
}
