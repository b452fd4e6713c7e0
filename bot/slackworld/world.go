package slackworld

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// patience is how long something that is sure to come is awaited on a machine
// that is busy with other things.
const patience = 4 * time.Minute

// Message is one message as people see it.
type Message struct {
	TS        string          `json:"ts"`
	Channel   string          `json:"channel"`
	User      string          `json:"user"`
	Text      string          `json:"text"`
	Thread    string          `json:"thread_ts"`
	Subtype   string          `json:"subtype"`
	Ephemeral string          `json:"ephemeral_to"`
	Blocks    json.RawMessage `json:"blocks"`
	Files     json.RawMessage `json:"files"`
}

// All is everything that a message says, blocks and all.
func (m Message) All() string { return m.Text + "\n" + unescape(string(m.Blocks)) }

func unescape(s string) string {
	return strings.NewReplacer(`\n`, "\n", `\u003c`, "<", `\u003e`, ">", `\u0026`, "&", `\"`, `"`).Replace(s)
}

// Button returns the id that a button of the message carries; "" when there is
// no such button.
func (m Message) Button(action string) string {
	var blocks []struct {
		Elements []struct {
			Action string `json:"action_id"`
			Value  string `json:"value"`
		} `json:"elements"`
	}
	_ = json.Unmarshal(m.Blocks, &blocks) // no blocks, no button
	for _, b := range blocks {
		for _, e := range b.Elements {
			if e.Action == action {
				return e.Value
			}
		}
	}
	return ""
}

// World is one test's Slack.
type World struct {
	T     testing.TB
	URL   string // of the Web API, for the bot
	Page  string // of the web page, for a browser
	Proxy *Proxy
	slack *slack
	ui    *websocket.Conn

	mu       sync.Mutex
	wrote    sync.Mutex // one writer on ui
	messages map[string]Message
	order    []string
	views    []json.RawMessage
	homes    map[string]json.RawMessage
	acks     int
	changed  chan struct{} // closed at each change
	gone     chan struct{}
}

// New gives a test the workspace as it was on the first day, with Socket Mode.
func New(t testing.TB) *World {
	t.Helper()
	s, err := borrow(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { giveBack(s) }) // after all that open will clean up
	return open(t, s)
}

// NewHTTP gives a test a workspace whose app gets signed requests at address.
func NewHTTP(t testing.TB, address string) *World {
	t.Helper()
	s, err := start(context.Background(), "events", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	return open(t, s)
}

// NewOwn gives a test a Slack that nobody shares, so that several can run at
// once; with Socket Mode.
func NewOwn(t testing.TB) *World {
	t.Helper()
	s, err := start(context.Background(), "socket", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	return open(t, s)
}

func open(t testing.TB, s *slack) *World {
	t.Helper()
	w := &World{T: t, slack: s, Page: "http://localhost:" + s.port, messages: map[string]Message{}, homes: map[string]json.RawMessage{}, changed: make(chan struct{}), gone: make(chan struct{})}
	w.control("/reset", map[string]any{})
	w.Proxy = newProxy(t, s.port)
	server := httptest.NewServer(w.Proxy)
	w.Proxy.self = server.URL
	w.URL = server.URL + "/api/"
	ui, _, err := websocket.DefaultDialer.Dial("ws://localhost:"+s.port+"/ui", nil) //nolint:bodyclose // closed with the connection
	if err != nil {
		t.Fatal(err)
	}
	w.ui = ui
	go w.watch() // ends when the connection is closed
	t.Cleanup(func() {
		_ = ui.Close()
		<-w.gone
		w.Proxy.close()
		server.CloseClientConnections()
		server.Close()
		for _, v := range w.Proxy.Violations() {
			t.Errorf("Slack would have refused it: %s", v)
		}
	})
	return w
}

// watch takes what the page of a person would show.
func (w *World) watch() {
	defer close(w.gone)
	for {
		var e struct {
			T       string          `json:"t"`
			Message Message         `json:"message"`
			Channel json.RawMessage `json:"channel"`
			TS      string          `json:"ts"`
			Stack   json.RawMessage `json:"modalStack"`
			View    json.RawMessage `json:"view"`
			User    string          `json:"user"`
			UserID  string          `json:"userId"`
			Entry   struct {
				Kind string `json:"kind"`
			} `json:"entry"`
		}
		_, raw, err := w.ui.ReadMessage()
		if err != nil {
			return
		}
		_ = json.Unmarshal(raw, &e) // what has another shape is none of ours
		w.mu.Lock()
		switch e.T {
		case "message", "message_update":
			if _, known := w.messages[e.Message.TS]; !known {
				w.order = append(w.order, e.Message.TS)
			}
			w.messages[e.Message.TS] = e.Message
		case "view":
			w.views = append(w.views, json.RawMessage(raw))
		case "home":
			w.homes["last"] = json.RawMessage(raw)
		case "log":
			if e.Entry.Kind == "ack" {
				w.acks++
			}
		}
		close(w.changed)
		w.changed = make(chan struct{})
		w.mu.Unlock()
	}
}

// Until waits for something to be so.
func (w *World) Until(what string, ok func() bool) {
	w.T.Helper()
	late := time.After(patience)
	for {
		w.mu.Lock()
		changed := w.changed
		w.mu.Unlock()
		if ok() {
			return
		}
		select {
		case <-changed:
			<-time.After(20 * time.Millisecond) // a thousand messages at once are looked at once
		case <-time.After(100 * time.Millisecond): // what does not show on the page
		case <-late:
			var all strings.Builder
			for _, m := range w.Messages() {
				fmt.Fprintf(&all, "--- %s to %q in %s thread %q\n%s\n", m.User, m.Ephemeral, m.Channel, m.Thread, m.All())
			}
			w.T.Fatalf("%s: never so\n%s", what, all.String())
		}
	}
}

// Messages are all of them, in the order in which they were first seen.
func (w *World) Messages() []Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []Message
	for _, ts := range w.order {
		all = append(all, w.messages[ts])
	}
	return all
}

// Acks is how many envelopes were acknowledged.
func (w *World) Acks() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.acks
}

// Await waits for a message of the bot that says all the words.
func (w *World) Await(words ...string) Message {
	w.T.Helper()
	var found Message
	w.Until(fmt.Sprintf("a message with %q", words), func() bool {
		for _, m := range w.Messages() {
			if m.User == Bot && says(m.All(), words) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// Count is how many messages of the bot say all the words now.
func (w *World) Count(words ...string) (n int) {
	for _, m := range w.Messages() {
		if m.User == Bot && says(m.All(), words) {
			n++
		}
	}
	return n
}

func says(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// Home is the home tab that was published last.
func (w *World) Home() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return unescape(string(w.homes["last"]))
}

// Views is how many modals were shown so far, or changed.
func (w *World) Views() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.views)
}

// AwaitView waits for a modal that says the words.
func (w *World) AwaitView(words ...string) {
	w.T.Helper()
	w.Until(fmt.Sprintf("a modal with %q", words), func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return len(w.views) > 0 && says(unescape(string(w.views[len(w.views)-1])), words)
	})
}
