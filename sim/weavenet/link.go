package weavenet

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"slices"
	"sync"
	"time"
)

// Delays of a connection: mesh's router.go and weave's sleeve.go.
const (
	fastHeartbeat    = 500 * time.Millisecond
	slowHeartbeat    = 10 * time.Second
	heartbeatTimeout = 60 * time.Second
)

// Errors of connections, in weave's words.
var (
	errSelf          = errors.New("cannot connect to ourself")
	errNeedsPassword = errors.New("no password specificed, but peer requested an encrypted connection")
	errNeedsPlain    = errors.New("password specified, but peer requested an unencrypted connection")
	errWrongPassword = errors.New("Unable to decrypt TCP msg")                  //nolint:staticcheck // weave's words
	errHeartbeat     = errors.New("sleeve timed out waiting for UDP heartbeat") // as weave#1905 quotes it
	errNameCollision = errors.New("peer names collision")
)

// link is one connection to a peer.
type link struct {
	r        *router
	conn     net.Conn
	in       *bufio.Reader
	address  string // as dialed, or where it came from
	outbound bool
	id       uint64
	proof    string
	trusts   bool

	// Known after the handshake.
	remote, nick string
	fastdp       bool
	encrypted    bool

	// Guarded by the router's lock.
	established bool
	dirty       []string // peers whose news the other side has not got
	ring        bool     // nor the ring
	ack         bool     // nor the answer to its heartbeat
	wake        chan struct{}

	once sync.Once
	why  error
}

// serve runs a connection from the handshake to its end.
func (r *router) serve(c net.Conn, address string, outbound, acceptNew bool) {
	l := &link{r: r, conn: c, in: bufio.NewReaderSize(c, 512), address: address, outbound: outbound, id: rand.Uint64(), wake: make(chan struct{}, 1)}
	closed := make(chan struct{})
	uncancel := context.AfterFunc(r.ctx, func() {
		l.shutdown(net.ErrClosed)
		close(closed)
	})
	l.shutdown(l.live(acceptNew))
	if !uncancel() {
		<-closed
	}
	r.ended(l, l.why)
}

// shutdown ends the connection; the first reason counts.
func (l *link) shutdown(why error) {
	l.once.Do(func() {
		l.why = why
		_ = l.conn.Close()
	})
}

func (l *link) live(acceptNew bool) error {
	_ = l.conn.SetDeadline(time.Now().Add(l.r.n.after(heartbeatTimeout)))
	them, err := l.greet()
	if err != nil {
		return err
	}
	if err := l.r.register(l, them, acceptNew); err != nil {
		return err
	}
	_ = l.conn.SetDeadline(time.Time{})
	l.hears()
	over := make(chan struct{})
	var sending sync.WaitGroup
	sending.Go(func() { l.send(over) })
	defer sending.Wait()
	defer close(over)
	defer l.conn.Close() //nolint:errcheck // a sender that waits must not outlive the reader
	for {
		m, err := read(l.in)
		if err != nil {
			if errors.Is(err, os.ErrDeadlineExceeded) {
				return errHeartbeat
			}
			return err
		}
		if err := l.take(m); err != nil {
			return err
		}
	}
}

// greet exchanges names and passwords.
func (l *link) greet() (hello, error) {
	r := l.r
	if a, err := netip.ParseAddrPort(l.conn.RemoteAddr().String()); err == nil {
		l.trusts = slices.ContainsFunc(r.s.trusted, func(p netip.Prefix) bool { return p.Contains(a.Addr()) })
	}
	if r.s.password != "" {
		sum := sha256.Sum256([]byte(r.s.password))
		l.proof = hex.EncodeToString(sum[:])
	}
	ours := hello{r.name, r.nick, r.uid, r.short, l.id, l.trusts, r.b.kind != plainBridge, l.proof}
	if err := inJSON(sayHello, ours).write(l.conn); err != nil {
		return hello{}, err
	}
	m, err := read(l.in)
	if err != nil {
		return hello{}, err
	}
	var them hello
	if m.kind != sayHello || json.Unmarshal(m.content, &them) != nil {
		return hello{}, errForeign
	}
	switch {
	case l.proof == "" && them.Proof != "":
		return them, errNeedsPassword
	case l.proof != "" && them.Proof == "":
		return them, errNeedsPlain
	case l.proof != them.Proof:
		return them, errWrongPassword
	}
	l.id ^= them.ConnID
	l.remote, l.nick, l.fastdp = them.Name, them.NickName, them.FastDP && ours.FastDP
	l.encrypted = l.proof != "" && (!l.trusts || !them.Trusted)
	return them, nil
}

// hears puts off the moment at which the peer counts as gone.
func (l *link) hears() {
	_ = l.conn.SetReadDeadline(time.Now().Add(l.r.n.after(heartbeatTimeout)))
}

// take acts on what the peer said.
func (l *link) take(m message) error {
	switch m.kind {
	case sayBeat:
		l.hears()
		l.r.mu.Lock()
		l.ack = true
		l.r.mu.Unlock()
		l.nudge()
	case sayAck: // says nothing of the time: only heartbeats do
		l.r.establish(l)
	case sayRing:
		var theirs ring
		if err := json.Unmarshal(m.content, &theirs); err != nil {
			return errForeign
		}
		return l.r.alloc.gossip(l, theirs)
	case sayPeers:
		news, err := l.r.n.records.read(m.content)
		if err != nil {
			return err
		}
		l.r.learn(l, news)
	}
	return nil
}

// String names the connection's peer.
func (l *link) String() string { return fmt.Sprintf("%s(%s)", l.remote, l.nick) }
