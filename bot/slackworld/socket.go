package slackworld

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// conn is one Socket Mode connection of the bot, and ours behind it.
type conn struct {
	bot, slack *websocket.Conn
	wrote      sync.Mutex
	mute       atomic.Bool // it stands, and carries nothing any more
}

func (c *conn) toBot(b []byte) error {
	c.wrote.Lock()
	defer c.wrote.Unlock()
	if c.mute.Load() {
		return nil
	}
	return c.bot.WriteMessage(websocket.TextMessage, b)
}

// socket carries one connection until either side ends it.
func (p *Proxy) socket(w http.ResponseWriter, r *http.Request) {
	behind, _, err := websocket.DefaultDialer.Dial("ws://localhost:"+p.port+r.URL.Path, nil) //nolint:bodyclose // closed with the connection
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	front, err := up.Upgrade(w, r, nil)
	if err != nil {
		_ = behind.Close()
		return
	}
	c := &conn{bot: front, slack: behind}
	p.mu.Lock()
	p.conns = append(p.conns, c)
	p.opened++
	p.mu.Unlock()
	var wg sync.WaitGroup
	closed := make(chan struct{})
	wg.Go(func() { c.ping(closed) })
	wg.Go(func() {
		defer c.close()
		for {
			_, b, err := front.ReadMessage()
			if err == nil && c.mute.Load() {
				continue
			}
			p.hear(b)
			if err != nil || behind.WriteMessage(websocket.TextMessage, b) != nil {
				return
			}
		}
	})
	for {
		_, b, err := behind.ReadMessage()
		if err != nil {
			break
		}
		if p.deliver(c, b) != nil {
			break
		}
	}
	c.close()
	close(closed)
	wg.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, other := range p.conns {
		if other == c {
			p.conns = append(p.conns[:i], p.conns[i+1:]...)
			break
		}
	}
}

// ping keeps the connection alive, as Slack does and local-slack hardly.
func (c *conn) ping(closed <-chan struct{}) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-closed:
			return
		case now := <-tick.C:
			if !c.mute.Load() {
				_ = c.bot.WriteControl(websocket.PingMessage, nil, now.Add(time.Second)) // reading ends when it has ended
			}
		}
	}
}

// Mute makes the oldest connection half-open: both ends stand, and nothing
// comes through any more. It returns how many are mute.
func (p *Proxy) Mute() (mute int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		if !c.mute.Swap(true) {
			return mute + 1
		}
		mute++
	}
	return mute
}

func (c *conn) close() {
	_ = c.bot.Close()
	_ = c.slack.Close()
}

// deliver hands one envelope on as Slack does: to one connection, once, unless
// the test wants it twice. local-slack sends it to all of them.
func (p *Proxy) deliver(c *conn, b []byte) error {
	var e struct {
		ID   string `json:"envelope_id"`
		Type string `json:"type"`
	}
	if json.Unmarshal(b, &e) != nil || e.ID == "" {
		return c.toBot(b)
	}
	b = p.ours(b)
	if e.Type == "events_api" && !subscribed(b) {
		return nil
	}
	p.mu.Lock()
	again := p.delivered[e.ID]
	p.delivered[e.ID] = true
	if _, known := p.sent[e.ID]; !known && !again {
		p.sent[e.ID] = time.Now()
	}
	twice, retries := p.twice, p.retries && e.Type == "events_api"
	p.mu.Unlock()
	if again && !twice {
		return nil
	}
	if retries {
		for attempt := range 3 {
			if err := c.toBot(retried(b, e.ID, attempt)); err != nil {
				return err
			}
		}
		return nil
	}
	if err := c.toBot(b); err != nil || !twice {
		return err
	}
	return c.toBot(b)
}

// hear takes the time when the bot acknowledges.
func (p *Proxy) hear(frame []byte) {
	var e struct {
		ID      string          `json:"envelope_id"`
		Payload json.RawMessage `json:"payload"`
	}
	_ = json.Unmarshal(frame, &e) // what is no answer has no envelope
	p.mu.Lock()
	defer p.mu.Unlock()
	if e.ID != "" {
		p.acks++
	}
	if len(e.Payload) > 0 {
		p.replies = append(p.replies, string(e.Payload))
	}
	if at, ok := p.sent[e.ID]; ok {
		delete(p.sent, e.ID)
		p.acked = append(p.acked, time.Since(at))
	}
}

// Acknowledged is how long the bot took for each envelope, from the byte that
// went to it to the byte that came back: shortest first.
func (p *Proxy) Acknowledged() []time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Sorted(slices.Values(p.acked))
}

// subscribed reports whether the app of the manifest gets an event: messages
// to the bot alone, mentions and visits; not what is said in channels.
func subscribed(b []byte) bool {
	var e struct {
		Payload struct {
			Event struct {
				Type    string `json:"type"`
				Channel string `json:"channel_type"`
			} `json:"event"`
		} `json:"payload"`
	}
	_ = json.Unmarshal(b, &e) // what has another shape is delivered as it is
	return e.Payload.Event.Type != "message" || e.Payload.Event.Channel == "im"
}

// retried is an event as Slack sends it again: in another envelope, and the
// first time as it was.
func retried(b []byte, id string, attempt int) []byte {
	var e map[string]any
	if attempt == 0 || json.Unmarshal(b, &e) != nil {
		return b
	}
	e["envelope_id"], e["retry_attempt"], e["retry_reason"] = fmt.Sprintf("%s-%d", id, attempt), attempt, "timeout"
	out, _ := json.Marshal(e) // it was JSON
	return out
}

// Retry makes every event come again, as if its acknowledgement had been lost:
// Slack sends the same event in another envelope at once, after one minute and
// after five. Here they come together.
func (p *Proxy) Retry(yes bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.retries = yes
}

// Acks is how many envelopes the bot has acknowledged, each time that it did.
func (p *Proxy) Acks() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.acks
}

// Replies are what the bot's acknowledgements carried, as JSON: what is wrong
// with a form.
func (p *Proxy) Replies() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.replies)
}

// Twice makes every envelope come twice on each connection from now on.
func (p *Proxy) Twice(yes bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.twice = yes
}

// Connections is how many Socket Mode connections stand.
func (p *Proxy) Connections() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.conns)
}

// Opened is how many connections were ever made.
func (p *Proxy) Opened() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.opened
}

// Drop cuts the oldest connection; false when there is none.
func (p *Proxy) Drop() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.conns) == 0 {
		return false
	}
	p.conns[0].close()
	return true
}

// DropAll cuts every connection.
func (p *Proxy) DropAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		c.close()
	}
}

// Inject sends the bot a frame of the test's own on every connection.
func (p *Proxy) Inject(frame string) {
	p.mu.Lock()
	conns := append([]*conn(nil), p.conns...)
	p.mu.Unlock()
	for _, c := range conns {
		_ = c.toBot([]byte(frame)) // a connection that ends just now hears nothing
	}
}
