package erldist

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net"
	"sync"
	"time"
)

// kinds of frames.
const (
	kCall = "call"
	kCast = "cast"
	kOK   = "ok"
	kErr  = "err"
	kTick = "tick"
)

// frame is one message on an established link.
type frame struct {
	Kind string          `json:"k"`
	ID   uint64          `json:"i,omitempty"`
	Op   string          `json:"o,omitempty"`
	Body json.RawMessage `json:"b,omitempty"`
	Err  string          `json:"e,omitempty"`
}

// hello opens a link. The cookie itself never crosses the wire.
type hello struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Nonce string `json:"nonce"`
	Proof string `json:"proof"`
	Admin bool   `json:"admin,omitempty"` // a hidden node: nodetool, not a peer
}

// welcome is the answer to hello; a refusal is a closed connection.
type welcome struct {
	Proof string `json:"proof"`
}

func proof(cookie string, parts ...string) string {
	h := hmac.New(sha256.New, []byte(cookie))
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))
}

func nonce() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return hex.EncodeToString(b[:])
}

// wire is one connection with whole frames and a lock for writing.
type wire struct {
	conn net.Conn
	dec  *json.Decoder
	tick time.Duration // a peer silent for this long is down

	mu sync.Mutex
}

func newWire(c net.Conn, tick time.Duration) *wire {
	return &wire{conn: c, dec: json.NewDecoder(c), tick: tick}
}

func (w *wire) send(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	_ = w.conn.SetWriteDeadline(time.Now().Add(w.tick))
	_, err = w.conn.Write(append(b, '\n'))
	return err
}

// read waits for the next frame: a peer that has not even sent a tick for one
// and a quarter of the tick time is down.
func (w *wire) read(v any) error {
	_ = w.conn.SetReadDeadline(time.Now().Add(w.tick * 5 / 4))
	return w.dec.Decode(v)
}

// heartbeat writes ticks until stop is closed or the connection fails.
func (w *wire) heartbeat(stop <-chan struct{}) {
	t := time.NewTicker(max(w.tick/4, time.Millisecond))
	defer t.Stop()
	for {
		select {
		case <-stop:
			return
		case <-t.C:
			if w.send(frame{Kind: kTick}) != nil {
				return
			}
		}
	}
}

// errRefused is what a dialer learns about a refused handshake: nothing.
var errRefused = errors.New("the node closed the connection during the handshake (other name or other cookie)")
